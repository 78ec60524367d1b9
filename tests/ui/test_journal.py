import logging
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from netloom.training.events import Logged
from netloom.ui.journal import LONGEST, Journal, collected


def test_lines_keep_their_order_and_number(qtbot: QtBot) -> None:
    journal = Journal()
    for number in range(LONGEST + 5):
        journal.write(Logged(str(number)))
    assert len(journal.lines) == LONGEST
    assert journal.lines[-1].text == str(LONGEST + 4)


def test_a_line_from_another_thread_arrives_in_the_windows_thread(qtbot: QtBot) -> None:
    journal = Journal()
    places = []
    journal.written.connect(lambda _line: places.append(threading.current_thread()))
    with qtbot.waitSignal(journal.written):
        worker = threading.Thread(target=journal.write, args=(Logged("hello"),))
        worker.start()
        worker.join()
        assert not places
    assert places == [threading.main_thread()]


@pytest.mark.parametrize(("level", "severity"), [("info", "info"), ("warning", "warning"), ("error", "error")])
def test_what_the_package_logs_is_a_line(qtbot: QtBot, level: str, severity: str) -> None:
    journal = Journal()
    logger = logging.getLogger("netloom.somewhere")
    logger.setLevel(logging.INFO)
    with collected(journal):
        getattr(logger, level)("it is %s", level)
    assert journal.lines == [Logged(f"it is {level}", severity)]  # type: ignore[arg-type]


def test_an_uncaught_exception_is_told_and_not_fatal(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal()
    before = sys.excepthook
    with collected(journal):
        try:
            raise ValueError("the lamp is out")
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert sys.excepthook is before
    assert [line.severity for line in journal.lines] == ["error", "info"]
    assert "the lamp is out" in journal.lines[0].text
    assert "Traceback" in journal.lines[1].text
    assert "the lamp is out" in capsys.readouterr().err


def test_an_exception_in_a_thread_is_told(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal()

    def fail() -> None:
        raise RuntimeError("far away")

    with collected(journal), qtbot.waitSignal(journal.written):
        worker = threading.Thread(target=fail)
        worker.start()
        worker.join()
    assert "far away" in journal.lines[0].text
    capsys.readouterr()
