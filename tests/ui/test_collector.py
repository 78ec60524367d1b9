"""Garbage goes on the thread of the window, whichever thread made the last of it."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from netloom.ui import collector

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from netloom.ui.main_window import MainWindow


MOST_LOOKS = 4
"""What stays is doubled so often at most; other tests of the process may have frozen what they loaded."""


class Ring:
    """Holds itself, so that only a collection ends it."""

    def __init__(self, ended_on: list[str]) -> None:
        self.ring = self
        weakref.finalize(self, lambda: ended_on.append(threading.current_thread().name))


def make_much() -> None:
    held = [[[number]] for number in range(300_000)]
    held.clear()


def test_what_a_thread_makes_ends_nothing_of_the_window(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.isVisible()
    gc.collect()
    ended_on: list[str] = []
    Ring(ended_on)
    thread = threading.Thread(target=make_much, name="journal")
    thread.start()
    thread.join()
    assert ended_on == []
    make_much_that_stays = [[number] for number in range(2000)]
    qtbot.waitUntil(lambda: ended_on == [threading.main_thread().name], timeout=4 * collector.BETWEEN)
    assert len(make_much_that_stays) == 2000


def test_rings_that_lived_long_end_as_more_comes_to_stay(window: MainWindow) -> None:
    ended_on: list[str] = []
    old = Ring(ended_on)
    gc.collect()
    del old
    look, port = window.findChild(collector.Collector).look, window.views.canvas.viewport()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        QTest.mouseRelease(port, button)  # tests that came before may have left some held
    assert QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
    look()
    staying = [[number] for number in range(len(gc.get_objects()))]
    QTest.mousePress(port, Qt.MouseButton.MiddleButton)
    look()
    assert not ended_on, "while something is in the hand"
    QTest.mouseRelease(port, Qt.MouseButton.MiddleButton)
    for _ in range(MOST_LOOKS):
        staying += [[number] for number in range(len(gc.get_objects()))]
        look()
        if ended_on:
            break
    assert ended_on == [threading.main_thread().name]
    assert staying
