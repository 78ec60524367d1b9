"""A person without a mouse: the keyboard goes where the window takes it, and everything can be done from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from netloom.graph import Node
from netloom.ui import dialogs
from netloom.ui.canvas.choice_popup import ChoicePopup
from netloom.ui.main_window import MainWindow

TIMEOUT = 20_000


class Keyboard:
    """Presses keys wherever the keyboard is; it is never put anywhere."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.canvas, self.editor = window.views.canvas, window.editor
        window.activateWindow()
        QApplication.processEvents()

    @property
    def focus(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        found = (popup.focusWidget() or popup) if popup is not None else QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, *keys: str) -> None:
        for key in keys:
            if QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
                self.window.activateWindow()  # offscreen no window manager does so after a dialog
                QApplication.processEvents()
            QTest.keySequence(self.focus, key)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)
        QApplication.processEvents()

    def tab_to(self, name: str, *, back: bool = False, most: int = 60) -> None:
        """Press Tab until a widget of that name has the keyboard."""
        for _ in range(most):
            if self.focus.objectName() == name:
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {name}")

    def panel(self, panel: QWidget) -> None:
        """Press F6 until a panel has the keyboard."""
        for _ in range(8):
            if panel is self.focus or panel.isAncestorOf(self.focus):
                return
            self.press("F6")
        raise AssertionError(f"F6 does not lead to {panel.objectName()}")

    def node(self, name: str) -> Node:
        found = self.editor.document.graph.named(name, self.editor.level)
        assert found is not None, name
        return found

    def add(self, text: str) -> str:
        """Search at the canvas and press Enter; the name of the node that came."""
        before = set(self.editor.document.graph.nodes)
        self.press("Tab")
        self.type(text)
        self.press("Return")
        [key] = {node.id for node in self.editor.document.graph.level(self.editor.level)} - before
        assert self.canvas.hasFocus()
        return self.editor.document.graph.node(key).name

    def go(self, name: str) -> None:
        """Select a node by walking, from wherever it begins; where no wire leads, by its name."""
        wanted = self.node(name).id
        for key in ("Left",) * 12 + ("Right",) * 12:
            if self.canvas.selection == {wanted}:
                return
            self.press(key)
        self.press("Ctrl+F")
        self.type(name)
        self.press("Return")
        assert self.canvas.selection == {wanted}

    def wire(self, node: str, words: str) -> None:
        """Open the list of what a node can be wired to, and choose the row that these words find."""
        self.go(node)
        before = len(self.editor.document.graph.wires)
        self.press("W")
        assert isinstance(self.focus.parent(), ChoicePopup)
        self.type(words)
        self.press("Return")
        assert self.canvas.hasFocus()
        assert len(self.editor.document.graph.wires) == before + 1

    def set(self, text: str) -> None:
        """Type a value into the field that has the keyboard."""
        assert isinstance(self.focus, QLineEdit), self.focus
        self.press("Ctrl+A")
        self.type(text)
        self.press("Return")


@pytest.fixture
def keys(qtbot: QtBot, window: MainWindow) -> Keyboard:
    return Keyboard(qtbot, window)


def build(keys: Keyboard) -> None:
    """A dataset, an input, layers, a loss and an optimizer, each added after the one before and wired to it."""
    for text in ("dataset", "input", "flatten", "linear", "relu", "linear", "output", "crossentropy", "adam"):
        keys.add(text)
    keys.wire("loss", "label")


def rewire(keys: Keyboard) -> None:
    """Select a wire of a node, remove it, and draw it again."""
    keys.go("relu")
    keys.press(".")
    assert len(keys.canvas.marked.wires) == 1
    assert keys.canvas.accessibleDescription().startswith("wire from ")
    wires = len(keys.editor.document.graph.wires)
    keys.press("Del")
    assert len(keys.editor.document.graph.wires) == wires - 1
    keys.wire("relu", "linear")


def set_values(keys: Keyboard) -> None:
    """One value in the inspector, one under the card; Escape leads back to the canvas from both."""
    keys.go("linear")
    keys.panel(keys.window.views.inspector)
    keys.tab_to("param_out_features")
    keys.set("24")
    keys.press("Esc")
    assert keys.canvas.hasFocus()
    keys.go("linear2")
    keys.press("E")
    keys.set("16")
    keys.press("Esc")
    assert keys.canvas.hasFocus()
    assert keys.node("linear").params["out_features"] == 24
    assert keys.node("linear2").params["out_features"] == 16


def group(keys: Keyboard) -> None:
    """Two nodes become a block, which is entered; one of them is led around; and out again."""
    keys.go("linear")
    keys.press("Shift+Right", "Ctrl+G")
    keys.type("hidden")
    keys.press("Return")
    assert keys.canvas.hasFocus()
    keys.press("Return")
    assert keys.editor.way
    keys.go("relu")
    keys.press("M")
    assert keys.node("relu").bypassed
    keys.tab_to("crumb-0", back=True)
    keys.press("Space")
    assert not keys.editor.way
    keys.press("Esc")
    assert keys.canvas.hasFocus()


def remark(keys: Keyboard) -> None:
    """A frame with a title, made wider, and a note."""
    keys.go("flatten")
    keys.press("C")
    keys.type("Stem")
    keys.press("Return")
    [frame] = keys.editor.document.remarks.values()
    keys.press("Ctrl+Shift+Right", "Ctrl+Shift+Down")
    grown = keys.editor.document.remarks[frame.id].size
    assert grown == (frame.size[0] + 8, frame.size[1] + 8)
    keys.press("N")
    keys.type("Pixels in a row")
    keys.press("Ctrl+Return")
    assert keys.canvas.hasFocus()
    assert {each.text for each in keys.editor.document.remarks.values()} == {"Stem", "Pixels in a row"}


def train(keys: Keyboard) -> None:
    """Set the number of epochs in the inspector and train."""
    keys.press("Esc", "Esc")
    keys.panel(keys.window.views.inspector)
    keys.tab_to("training_epochs")
    keys.set("2")
    keys.press("F5")
    keys.qtbot.waitUntil(lambda: keys.window.controller.phase == "ended", timeout=90_000)
    keys.qtbot.waitUntil(lambda: not keys.window.controller.is_active, timeout=TIMEOUT)
    assert keys.window.controller.progress.ended.state == "finished"


def go_back(keys: Keyboard) -> None:
    """Two steps back on the history page, and on again."""
    keys.press("Ctrl+6")
    keys.panel(keys.window.views.dock)
    keys.tab_to("history-steps")
    done = keys.editor.history.done
    keys.press("Up", "Up", "Return")
    assert keys.editor.history.done == done - 2
    keys.press("Down", "Down", "Return")
    assert keys.editor.history.done == done
    keys.press("Esc")
    assert keys.canvas.hasFocus()


def test_a_network_is_built_trained_and_put_away(
    keys: Keyboard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "mine.loom")
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_: "discard")
    assert keys.canvas.hasFocus()
    build(keys)
    rewire(keys)
    set_values(keys)
    group(keys)
    remark(keys)
    keys.press("Esc", "Ctrl+L")
    keys.qtbot.waitUntil(lambda: keys.editor.history.undo_label == "Arrange", timeout=TIMEOUT)
    train(keys)
    go_back(keys)
    keys.press("Ctrl+S")
    assert (tmp_path / "mine.loom").is_file()
    keys.press("Ctrl+W")
    assert not keys.editor.document.graph.nodes


def test_a_network_begins_with_a_card_of_the_empty_canvas(keys: Keyboard) -> None:
    """Shift+Tab leads to the cards over the canvas, Space chooses one, Escape leads back."""
    keys.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    assert keys.focus.accessibleName() == "Add a dataset"
    keys.press("Space")
    assert [node.kind for node in keys.editor.document.graph.nodes.values()] == ["Dataset"]


def test_every_panel_is_reached_and_left(keys: Keyboard) -> None:
    """F6 goes round the window and comes back, Shift+F6 the other way; each panel keeps its place."""
    views, window = keys.window.views, keys.window
    build(keys)
    ring = (views.inspector, views.dock, window.status_bar, window.top_bar, views.palette)
    for step, panels in (("F6", ring), ("Shift+F6", reversed(ring))):
        for panel in panels:
            keys.press(step)
            assert panel.isAncestorOf(keys.focus), panel.objectName()
            before = keys.focus
        keys.press(step)
        assert keys.canvas.hasFocus()
        assert before is not keys.focus
    keys.press("F6", "Tab")
    field = keys.focus
    keys.press("Esc")
    assert keys.canvas.hasFocus()
    keys.press("F6")
    assert keys.focus is field


def test_a_panel_is_reached_after_what_had_the_keyboard_in_it_is_gone(keys: Keyboard) -> None:
    build(keys)
    keys.press("Ctrl+N")
    keys.panel(keys.window.top_bar)
    keys.tab_to("document-tab")
    gone = keys.window.top_bar.tabs.current
    while keys.focus is not gone:
        keys.press("Tab")
    keys.press("Esc", "Ctrl+W")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    keys.panel(keys.window.top_bar)
    assert keys.window.top_bar.isAncestorOf(keys.focus)


def test_all_that_lies_over_the_canvas_is_reached(keys: Keyboard) -> None:
    """Shift+Tab from the canvas: the map, which arrows move, the zoom and the modes, which arrows choose."""
    build(keys)
    keys.press("Home", "Shift+Tab")
    assert keys.focus.objectName() == "minimap"
    before = keys.canvas.seen().center()
    keys.press("Right")
    assert keys.canvas.seen().center().x() > before.x()
    names = set()
    for _ in range(5):
        keys.press("Shift+Tab")
        names.add(keys.focus.accessibleName())
    assert names == {"Show everything", "Zoom in", "Zoom to 100 %", "Zoom out", "Activations"}
    keys.press("Right")
    assert keys.window.views.mode == "gradients"
    keys.press("Esc")
    assert keys.canvas.hasFocus()


def test_keys_of_the_canvas_do_nothing_at_the_menu_button(keys: Keyboard) -> None:
    """The button's menu holds actions of the canvas, and Qt would let their keys work there."""
    build(keys)
    keys.press("Ctrl+A")
    nodes = len(keys.editor.document.graph.nodes)
    keys.panel(keys.window.top_bar)
    assert keys.focus.objectName() == "mark"
    keys.press("Del")
    assert len(keys.editor.document.graph.nodes) == nodes
    keys.press("Tab")
    assert keys.focus.objectName() == "document-tab"


def test_dock_pages_tabs_and_gallery_are_gone_through_by_arrows(keys: Keyboard) -> None:
    keys.panel(keys.window.views.dock)
    keys.press("Right", "Right", "Right")
    assert keys.window.views.dock.page == "Problems"
    keys.press("Ctrl+N", "Esc")
    keys.add("relu")
    keys.panel(keys.window.top_bar)
    keys.tab_to("document-tab")
    name = keys.editor.session
    keys.press("Left" if len(keys.editor.sessions) > 1 else "Tab")
    assert len(keys.editor.sessions) == 1 or keys.editor.session is not name
    keys.press("Ctrl+Shift+N", "Down", "Right", "Return")
    assert keys.editor.document.graph.nodes
