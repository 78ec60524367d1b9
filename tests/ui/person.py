"""Networks of blocks, and a person at the window who knows where a card is."""

from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom.graph import Document, Node
from netloom.layers.authoring import Graph
from netloom.ui.canvas.breadcrumb import Crumb
from netloom.ui.main_window import MainWindow


def chain() -> Document:
    """An image, two convolutions with a ReLU between, an output."""
    graph = Graph()
    made = [
        graph.add("Input", name="image", shape=(1, 8, 8)),
        graph.add("Conv2d", name="conv1", out_channels=4, kernel_size=3, padding="same"),
        graph.add("ReLU", name="relu"),
        graph.add("Conv2d", name="conv2", out_channels=4, kernel_size=3, padding="same"),
        graph.add("Output", name="answer"),
    ]
    for source, target in pairwise(made):
        graph.connect(source, target)
    return Document(graph, positions={key: (200.0 * place, 0.0) for place, key in enumerate(made)})


def nested() -> Document:
    """A stage that holds the same unit twice, used once, and the unit once more at the top."""
    graph = Graph()
    unit, stage = graph.define("Unit"), graph.define("Stage")
    inner = [graph.add("Input", name="x", parent=unit), graph.add("ReLU", name="act", parent=unit)]
    inner.append(graph.add("Output", name="y", parent=unit))
    held = [graph.add("Input", name="x", parent=stage)]
    held += [graph.add("Block", name=name, parent=stage, block=unit) for name in ("first", "second")]
    held.append(graph.add("Output", name="y", parent=stage))
    top = [graph.add("Input", name="data", shape=(4,)), graph.add("Block", name="stage", block=stage)]
    top += [graph.add("Block", name="last", block=unit, repeat=3), graph.add("Output", name="answer")]
    for row in (inner, held, top):
        for source, target in pairwise(row):
            graph.connect(source, target)
    return Document(graph)


class Person(Hands):
    """Hands that know where a card is, and which names are in sight."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        self.canvas = window.views.canvas
        self.editor = window.editor

    def node(self, name: str, parent: str | None = None) -> Node:
        found = self.editor.document.graph.named(name, self.editor.level if parent is None else parent)
        assert found is not None
        return found

    def at(self, name: str) -> QPoint:
        """The middle of a card's kind line."""
        card = self.canvas.graph_scene.nodes[self.node(name).id].scene_card()
        return self.place(card.topLeft() + QPointF(60, 42))

    def pick(self, *names: str) -> None:
        """Click the first card, and the others with Shift."""
        self.canvas.setFocus()
        for place, name in enumerate(names):
            modifier = Qt.KeyboardModifier.ShiftModifier if place else Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifier, self.at(name))
        QApplication.processEvents()

    def double(self, name: str) -> None:
        self.qtbot.mouseDClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(name))
        QApplication.processEvents()

    def shown(self) -> set[str]:
        """The names of the cards on the canvas."""
        return {item.facts.name for item in self.canvas.graph_scene.nodes.values()}

    def crumbs(self) -> list[str]:
        return [crumb.text() for crumb in self.canvas.findChildren(Crumb) if crumb.isVisible()]

    def menu(self, name: str) -> dict[str, QAction]:
        """The context menu of a card, by words."""
        self.qtbot.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(name))
        at = self.at(name)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, self.canvas.viewport().mapToGlobal(at))
        QApplication.sendEvent(self.canvas.viewport(), event)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        self.qtbot.addWidget(popup)
        return {action.text().partition("\t")[0]: action for action in popup.actions()}
