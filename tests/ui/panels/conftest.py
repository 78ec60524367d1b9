"""A real document with a real history and planner behind the inspector, as in the window."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from netloom.compiler.plan import Plan
from netloom.compiler.planner import Planner
from netloom.graph import Document, History, Patch
from netloom.layers.authoring import Graph
from netloom.ui import theme
from netloom.ui.app import application
from netloom.ui.panels import InspectorPanel

Made = TypeVar("Made", bound=QWidget)


def digits(**head: Any) -> Document:
    """The digits network without its training part; `head` are parameters of its last layer."""
    graph = Graph()
    data, image = graph.add("Dataset", name="digits"), graph.add("Input", name="image")
    chain = [
        image,
        graph.add("Conv2d", name="conv1", out_channels=16, kernel_size=3, padding="same"),
        graph.add("ReLU", name="relu1"),
        graph.add("MaxPool2d", name="pool1", kernel_size=2),
        graph.add("Flatten", name="flatten"),
        graph.add("Linear", name="head", **({"out_features": 10} | head)),
        graph.add("Output", name="logits"),
    ]
    graph.connect(data, "image", image, "data")
    for source, target in pairwise(chain):
        graph.connect(source, target)
    return Document(graph)


class Desk:
    """An inspector and what stands behind it: a patch is made, then the panel is told."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.history = History(document)
        self.planner = Planner()
        self.gestures: list[object] = []
        with theme.styled_at_once(application()):
            self.inspector = InspectorPanel()
        self.inspector.patch_requested.connect(self._do)
        document.observers.append(self._follow)
        self.inspector.set_document(document)
        self.inspector.set_plan(self.plan)

    @property
    def plan(self) -> Plan:
        return self.planner.plan(self.document.graph)

    def _do(self, patch: Patch, gesture: Any) -> None:
        self.gestures.append(gesture)
        self.history.do(patch, gesture=gesture)

    def _follow(self, patch: Patch) -> None:
        self.inspector.apply(patch)
        self.inspector.set_plan(self.plan)

    def id(self, name: str) -> str:
        node = self.document.graph.named(name)
        assert node is not None
        return node.id

    def params(self, name: str) -> dict[str, Any]:
        return dict(self.document.graph.node(self.id(name)).params)

    def show(self, name: str) -> None:
        self.inspector.show_node(self.id(name))

    def part(self, name: str) -> Any:
        """The widget of that object name that can be seen."""
        return next(widget for widget in self.inspector.findChildren(QWidget, name) if widget.isVisible())

    def focus(self, name: str) -> Any:
        widget = self.part(name)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        return widget


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    """The dark theme before and after each test."""
    theme.apply(qapp, "dark")
    yield
    theme.apply(qapp, "dark")


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[Made], Made]:
    """Show a panel as a window of its own, with the keyboard in it."""

    def show(widget: Made, width: int = 288, height: int = 720) -> Made:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show


@pytest.fixture
def desk(shown: Callable[[QWidget], QWidget]) -> Desk:
    """An inspector over the digits network."""
    made = Desk(digits())
    shown(made.inspector)
    return made
