from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from netloom.training.events import Logged
from netloom.ui.panels import LogPanel


class Clock:
    """Goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2024, 5, 1, 9, 59, 58, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def panel(shown: Callable[..., QWidget]) -> LogPanel:
    return shown(LogPanel(clock=Clock()), 500, 200)  # type: ignore[return-value]


def shown_lines(panel: LogPanel) -> list[str]:
    model = panel.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def many(count: int) -> list[Logged]:
    return [Logged(f"Epoch {number}") for number in range(count)]


def test_lines_carry_their_time_and_severity(panel: LogPanel) -> None:
    panel.set_log(
        [Logged("Training on cpu."), Logged("Loss became NaN.", "error"), Logged("6 dead channels.", "warning")]
    )
    assert shown_lines(panel) == [
        "09:59:59  Training on cpu.",
        "10:00:00  error: Loss became NaN.",
        "10:00:01  warning: 6 dead channels.",
    ]


def test_a_log_that_grows_keeps_its_times(panel: LogPanel) -> None:
    log = many(2)
    panel.set_log(log)
    before = shown_lines(panel)
    log.append(Logged("Epoch 2"))
    panel.set_log(log)
    assert shown_lines(panel)[:2] == before
    assert len(shown_lines(panel)) == 3


def test_a_log_that_drops_its_oldest_lines_keeps_the_others(panel: LogPanel) -> None:
    log = many(5)
    panel.set_log(log)
    before = shown_lines(panel)
    panel.set_log([*log[2:], Logged("Epoch 5")])
    assert shown_lines(panel)[:3] == before[2:]
    assert len(shown_lines(panel)) == 4


def test_another_log_begins_anew(panel: LogPanel) -> None:
    panel.set_log(many(3))
    panel.set_log([Logged("Another run")])
    assert len(shown_lines(panel)) == 1
    panel.set_log([])
    assert shown_lines(panel) == []


def test_an_empty_log_teaches(panel: LogPanel) -> None:
    assert not panel.view.isVisible()
    assert not panel.copy_button.isVisible()
    panel.set_log(many(1))
    assert panel.view.isVisible()
    assert panel.copy_button.isVisible()


def test_the_end_stays_in_sight_until_somebody_scrolls_up(panel: LogPanel) -> None:
    bar = panel.view.verticalScrollBar()
    log = many(50)
    panel.set_log(log)
    QTest.qWait(20)
    assert bar.value() == bar.maximum() > 0
    bar.setValue(40)
    panel.set_log([*log, Logged("Epoch 50")])
    QTest.qWait(20)
    assert bar.value() == 40
    bar.setValue(bar.maximum())
    panel.set_log([*log, *many(2)])
    QTest.qWait(20)
    assert bar.value() == bar.maximum()


def test_selected_lines_are_copied_by_key(panel: LogPanel) -> None:
    panel.set_log(many(3))
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.view.model().index(1, 0))
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().endswith("Epoch 1")
    QTest.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(QApplication.clipboard().text().splitlines()) == 2


def test_the_button_copies_everything(panel: LogPanel) -> None:
    panel.set_log(many(3))
    QTest.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().splitlines() == shown_lines(panel)


def test_a_long_line_wraps(panel: LogPanel) -> None:
    panel.set_log([Logged("short"), Logged("word " * 60)])
    model = panel.view.model()
    QTest.qWait(20)
    heights = [panel.view.visualRect(model.index(row, 0)).height() for row in range(2)]
    assert heights[0] == 24
    assert heights[1] > 48
    panel.resize(1600, 200)
    QTest.qWait(20)
    assert panel.view.visualRect(model.index(1, 0)).height() < heights[1]
