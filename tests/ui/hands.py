"""A person at the window: mouse and keyboard only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
TIMEOUT = 20_000


class Hands:
    """What can be done with a mouse and a keyboard at one window."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press and release the left button, in the middle where no place is given."""
        self.qtbot.mouseClick(widget, LEFT, pos=at or widget.rect().center())
        QApplication.processEvents()

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """Press keys, such as "Ctrl+S", where the keyboard is now or after it went to a widget."""
        if QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
            self.window.activateWindow()  # offscreen no window manager does so after a dialog
            QApplication.processEvents()
        if widget is not None:
            widget.setFocus()
        target = widget or QApplication.focusWidget() or self.window
        QTest.keySequence(target, keys)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type a text where the keyboard is now."""
        target = QApplication.focusWidget()
        assert target is not None
        self.qtbot.keyClicks(target, text)

    def fill(self, name: str, text: str) -> None:
        """Click into a field, replace what it holds, press Enter."""
        field = self.find(name)
        self.click(field)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit) or field
        line.setFocus()
        self.press("Ctrl+A", line)
        self.qtbot.keyClicks(line, text)
        self.press("Return", line)

    def find(self, name: str) -> QWidget:
        """The visible widget of that name."""
        for root in (*QApplication.topLevelWidgets(), self.window):
            for widget in root.findChildren(QWidget, name):
                if widget.isVisible():
                    return widget
        raise AssertionError(f"nothing called {name} can be seen")

    def add_by_search(self, text: str) -> str:
        """Search the palette, press Enter; the id of the node that came."""
        before = set(self.window.editor.document.graph.nodes)
        self.press("Ctrl+P")
        self.type(text)
        self.press("Return")
        return self.new_node(before)

    def add_by_drag(self, text: str, at: QPoint) -> str:
        """Search the palette and drag what is found onto a place of the canvas; the id of the node that came."""
        before = set(self.window.editor.document.graph.nodes)
        self.press("Ctrl+P")
        self.type(text)
        tree = self.window.views.palette.tree
        self.drag_row(tree, tree.currentIndex(), at)
        return self.new_node(before)

    def new_node(self, before: set[str]) -> str:
        """The one node on the level that is shown which was not there before."""
        graph, level = self.window.editor.document.graph, self.window.editor.level
        [key] = {node.id for node in graph.level(level)} - before
        return key

    def drag_row(self, view: QAbstractItemView, index: QModelIndex, at: QPoint) -> None:
        """Drag a row of a list onto a place of the canvas."""
        carried: list[QDrag] = []
        start = view.visualRect(index).center()
        # The offscreen platform has no drag and drop of its own, so what it would deliver is delivered here.
        with patch.object(QDrag, "exec", lambda drag, *_: carried.append(drag) or self._carry(drag, at)):
            self.qtbot.mousePress(view.viewport(), LEFT, pos=start)
            self.qtbot.mouseMove(view.viewport(), start + QPoint(20, 2))
            self.qtbot.mouseMove(view.viewport(), start + QPoint(60, 4))
            self.qtbot.mouseRelease(view.viewport(), LEFT, pos=start)
        assert len(carried) == 1

    def _carry(self, drag: QDrag, at: QPoint) -> Qt.DropAction:
        port = self.window.views.canvas.viewport()
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        for near in (at - QPoint(20, 20), at):
            kind = QDragEnterEvent if near != at else QDragMoveEvent
            QApplication.sendEvent(port, kind(near, copy, drag.mimeData(), LEFT, none))
        drop = QDropEvent(QPointF(at), copy, drag.mimeData(), LEFT, none)
        QApplication.sendEvent(port, drop)
        return copy if drop.isAccepted() else Qt.DropAction.IgnoreAction

    def place(self, scene: QPointF) -> QPoint:
        """A place of the scene in the canvas's viewport."""
        return self.window.views.canvas.mapFromScene(scene)

    def drag_on_canvas(self, start: QPoint, end: QPoint) -> None:
        """Press, move in steps, release."""
        port = self.window.views.canvas.viewport()
        self.qtbot.mousePress(port, LEFT, pos=start)
        for step in range(1, 6):
            self.qtbot.mouseMove(port, start + (end - start) * step / 5)
        self.qtbot.mouseRelease(port, LEFT, pos=end)
        QApplication.processEvents()

    def wire(self, source: str, output: str, target: str, into: str) -> None:
        """Drag a wire from port to port."""
        nodes = self.window.views.canvas.graph_scene.nodes
        start = self.place(nodes[source].port_place("output", output))
        self.drag_on_canvas(start, self.place(nodes[target].port_place("input", into)))

    def select(self, node: str) -> None:
        """Click a card at its name."""
        card = self.window.views.canvas.graph_scene.nodes[node].scene_card()
        self.click(self.window.views.canvas.viewport(), self.place(card.topLeft() + QPointF(60, 16)))

    def dialog(self, name: str) -> QDialog:
        """Wait for a dialog that is open."""
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QDialog), timeout=TIMEOUT)
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        assert found.objectName() == name
        self.qtbot.waitUntil(found.isActiveWindow, timeout=TIMEOUT)
        return found

    def wait_for_end(self) -> None:
        """Wait until the run is over."""
        self.qtbot.waitUntil(lambda: self.window.controller.phase == "ended", timeout=90_000)
        self.qtbot.waitUntil(lambda: not self.window.controller.is_active, timeout=TIMEOUT)
