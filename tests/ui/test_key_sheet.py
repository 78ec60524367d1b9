"""Keys: all are shown, found by a word, changed by pressing others, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom.ui import app
from netloom.ui.action_table import ACTIONS
from netloom.ui.key_sheet import KeySheet
from netloom.ui.program_log import ProgramLog
from netloom.ui.widgets import IconButton, KeyHint

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


@pytest.fixture
def sheet(hands: Hands, window: MainWindow) -> KeySheet:
    hands.press("F1", window)
    found = hands.dialog("key-sheet")
    assert isinstance(found, KeySheet)
    return found


def rows(sheet: KeySheet) -> dict[str, str]:
    items = (sheet.list.item(row) for row in range(sheet.list.count()))
    return {
        item.text(): item.data(Qt.ItemDataRole.UserRole + 1) for item in items if item.data(Qt.ItemDataRole.UserRole)
    }


def press(sheet: KeySheet, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(sheet.list, key, modifier)
    QApplication.processEvents()


def test_every_action_is_there_with_its_keys(sheet: KeySheet) -> None:
    assert set(rows(sheet)) == {spec.text.rstrip("…") for spec in ACTIONS}
    assert rows(sheet)["Redo"] == "Ctrl+Shift+Z   Ctrl+Y"
    press(sheet, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None


def test_a_key_is_changed_works_and_is_kept(hands: Hands, sheet: KeySheet, window: MainWindow) -> None:
    hands.qtbot.keyClicks(sheet.field, "select all")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    press(sheet, Qt.Key.Key_J, CONTROL)
    assert rows(sheet)["Select all"] == "Ctrl+J"
    press(sheet, Qt.Key.Key_Escape)
    hands.add_by_search("ReLU")
    window.views.canvas.set_selection(())
    hands.press("Ctrl+J", window.views.canvas)
    assert len(window.views.canvas.selection) == 1
    again = app.make_window(ProgramLog())
    hands.qtbot.addWidget(again)
    assert again.actions_table.key_text("select_all") == "Ctrl+J"
    again.shut_down()


def test_a_key_of_another_action_is_taken_over_only_when_asked(sheet: KeySheet, hands: Hands) -> None:
    sheet.field.setText("select all")
    sheet.list.listen()
    press(sheet, Qt.Key.Key_D, CONTROL)
    assert rows(sheet)["Select all"] == "Ctrl+A"
    assert sheet.note.text() == "Ctrl+D is the key of Duplicate."
    hands.click(sheet.take)
    assert rows(sheet)["Select all"] == "Ctrl+D"
    sheet.field.setText("duplicate")
    assert rows(sheet)["Duplicate"] == ""
    hands.click(sheet.reset_all)
    assert rows(sheet)["Duplicate"] == "Ctrl+D"
    sheet.reject()


def test_a_key_is_taken_away_and_reset(sheet: KeySheet, hands: Hands) -> None:
    sheet.field.setText("make a block")
    press(sheet, Qt.Key.Key_Backspace)
    assert rows(sheet)["Make a block"] == ""
    hands.click(sheet.reset)
    assert rows(sheet)["Make a block"] == "Ctrl+G"
    sheet.list.listen()
    press(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert rows(sheet)["Make a block"] == "Ctrl+G"
    sheet.reject()


def test_messages_hints_and_tips_tell_the_keys_that_were_chosen(hands: Hands, window: MainWindow) -> None:
    canvas, told = window.views.canvas, []
    canvas.message_requested.connect(told.append)
    hints = {hint.text for hint in window.findChildren(KeyHint)}
    assert {"Tab", "/", "Ctrl Shift P"} <= hints
    window.set_keys({"bookmark_4": ("Ctrl+Alt+4",), "fit": ("Ctrl+J",), "add": ("Q",), "find": (), "commands": ("F3",)})
    hands.press("Alt+4", canvas)
    assert told == ["No bookmark 4 yet. Ctrl+Alt+4 sets it."]
    hints = {hint.text for hint in window.findChildren(KeyHint)}
    assert {"Q", "F3"} <= hints
    assert not hints & {"Tab", "/", "Ctrl Shift P"}
    assert any(button.toolTip() == "Show everything (Ctrl+J)" for button in canvas.findChildren(IconButton))
    assert window.top_bar.search.toolTip().endswith("(F3)")
    window.set_keys({"bookmark_4": ()})
    hands.press("Alt+4", canvas)
    assert told[-1] == "No bookmark 4 yet."
