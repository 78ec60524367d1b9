import logging
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from netloom.training.events import Logged
from netloom.ui.program_log import LONGEST, ProgramLog, collected


def test_lines_keep_their_order_and_number(qtbot: QtBot) -> None:
    log = ProgramLog()
    for number in range(LONGEST + 5):
        log.write(Logged(str(number)))
    assert len(log.lines) == LONGEST
    assert log.lines[-1].text == str(LONGEST + 4)


def test_a_line_from_another_thread_arrives_in_the_windows_thread(qtbot: QtBot) -> None:
    log = ProgramLog()
    places = []
    log.written.connect(lambda _line: places.append(threading.current_thread()))
    with qtbot.waitSignal(log.written):
        worker = threading.Thread(target=log.write, args=(Logged("hello"),))
        worker.start()
        worker.join()
        assert not places
    assert places == [threading.main_thread()]


@pytest.mark.parametrize(("level", "severity"), [("info", "info"), ("warning", "warning"), ("error", "error")])
def test_what_the_package_logs_is_a_line(qtbot: QtBot, level: str, severity: str) -> None:
    log = ProgramLog()
    logger = logging.getLogger("netloom.somewhere")
    logger.setLevel(logging.INFO)
    with collected(log):
        getattr(logger, level)("it is %s", level)
    assert log.lines == [Logged(f"it is {level}", severity)]  # type: ignore[arg-type]


def test_an_uncaught_exception_is_told_and_not_fatal(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    log = ProgramLog()
    before = sys.excepthook
    with collected(log):
        try:
            raise ValueError("the lamp is out")
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert sys.excepthook is before
    assert [line.severity for line in log.lines] == ["error", "info"]
    assert "the lamp is out" in log.lines[0].text
    assert "Traceback" in log.lines[1].text
    assert "the lamp is out" in capsys.readouterr().err


def test_an_exception_in_a_thread_is_told(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    log = ProgramLog()

    def fail() -> None:
        raise RuntimeError("far away")

    with collected(log), qtbot.waitSignal(log.written):
        worker = threading.Thread(target=fail)
        worker.start()
        worker.join()
    assert "far away" in log.lines[0].text
    capsys.readouterr()
