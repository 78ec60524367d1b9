"""A monkey at the real window breaks nothing: no exception, no word of Qt, nothing shown that is not so."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QClipboard, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.runs.filled import fill
from tests.ui.monkey import Monkey
from tests.ui.person import Person, chain, nested

from netloom import templates
from netloom.runs import home
from netloom.ui import dialogs

if TYPE_CHECKING:
    from netloom.graph import Document
    from netloom.ui.main_window import MainWindow

DOCUMENTS: list[Callable[[], Document]] = [
    *(chain, nested, lambda: templates.document("moons-mlp"), lambda: templates.document("digits-cnn")),
]


@pytest.fixture
def quiet(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """The window with some runs in its store, in which questions are answered at once."""
    fill(home.runs_folder(), 8, steps=8, epochs=2)
    for name, answer in {
        "ask_open": None,
        "ask_save": None,
        "ask_export": None,
        "ask_folder": None,
        "ask_unsaved": "discard",
        "ask_overwrite": "cancel",
        "ask_delete": False,
    }.items():
        monkeypatch.setattr(dialogs, name, lambda *_args, answer=answer: answer)
    return window


def played(qtbot: QtBot, window: MainWindow, seed: int, steps: int) -> None:
    window.editor.new(DOCUMENTS[seed % len(DOCUMENTS)](), f"play{seed}")
    with qtbot.capture_exceptions() as broken:
        monkey = Monkey(window, seed, broken)
        try:
            monkey.play(steps)
        finally:  # shown where it fails
            print(f"seed {seed}", *monkey.told, sep="\n")
            for error in broken:
                print("".join(traceback.format_exception(*error)))
    assert not broken


@pytest.mark.parametrize("seed", range(2, 4))
def test_a_monkey_for_a_while(qtbot: QtBot, quiet: MainWindow, seed: int) -> None:
    played(qtbot, quiet, seed, 250)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 140))
def test_a_monkey_for_long(qtbot: QtBot, quiet: MainWindow, seed: int) -> None:
    played(qtbot, quiet, seed, 1500)


def test_another_button_in_the_middle_of_a_drag_changes_nothing(person: Person) -> None:
    person.editor.new(chain(), "chain")
    port, start = person.canvas.viewport(), person.at("relu")
    before = person.editor.document.positions[person.node("relu").id]
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(port, start + QPoint(0, 60))
    QTest.mousePress(port, Qt.MouseButton.RightButton, pos=start + QPoint(0, 60))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, start, port.mapToGlobal(start))
    QApplication.sendEvent(port, event)
    assert QApplication.activePopupWidget() is None
    QTest.mouseRelease(port, Qt.MouseButton.RightButton, pos=start + QPoint(0, 60))
    assert person.editor.document.positions[person.node("relu").id] == before
    QTest.mouseMove(port, start + QPoint(0, 200))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 200))
    assert person.editor.document.positions[person.node("relu").id][1] > before[1] + 100
    assert len(person.editor.history.labels) == 1


def test_paste_where_nothing_was_ever_copied(person: Person) -> None:
    QGuiApplication.clipboard().clear()
    with patch.object(QClipboard, "mimeData", lambda _board, *_: None):
        person.press("Ctrl+V", person.canvas)
    assert person.editor.history.labels == []
