"""A canvas on the screen with a document behind it that makes what the canvas asks for."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from netloom.compiler.connection import shape_problem
from netloom.compiler.plan import Plan, Problem
from netloom.compiler.planner import Planner
from netloom.graph import Change, Document, Graph, History, Patch, Wire
from netloom.layers import connect
from netloom.layers.edit import new_node
from netloom.ui import theme
from netloom.ui.action_table import ACTIONS
from netloom.ui.actions import Actions
from netloom.ui.canvas import Canvas, commands

PLACES = {
    "digits": (0, 0),
    "image": (240, 0),
    "conv": (440, 0),
    "relu": (680, 0),
    "flatten": (440, 320),
    "head": (680, 320),
}


@dataclass
class Bench:
    """A document, its history and plan, and the canvas that shows it."""

    canvas: Canvas
    document: Document
    history: History
    planner: Planner = field(default_factory=Planner)
    asked: list[Patch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan: Plan = self.planner.plan(self.document.graph)
        self.document.observers.append(self._follow)
        self.canvas.set_check(self._check)
        self.canvas.patch_requested.connect(self._do)
        self.canvas.set_document(self.document, "digits")
        self.canvas.set_plan(self.plan)

    def _do(self, patch: Patch, gesture: object) -> None:
        self.asked.append(patch)
        self.history.do(patch, gesture=gesture)

    def _follow(self, patch: Patch) -> None:
        self.canvas.apply(patch)
        self.plan = self.planner.plan(self.document.graph)
        self.canvas.set_plan(self.plan)

    def _check(self, graph: Graph, wire: Wire) -> Problem | None:
        return shape_problem(self.planner, self.plan, graph, wire)

    def id(self, name: str) -> str:
        node = self.document.graph.named(name)
        assert node is not None
        return node.id

    def wires(self) -> set[tuple[str, str, str, str]]:
        graph = self.document.graph
        return {
            (graph.node(wire.source).name, wire.output, graph.node(wire.target).name, wire.input)
            for wire in graph.wires.values()
        }

    def port(self, name: str, port: str) -> QPoint:
        return self.canvas.port_pos(self.id(name), port)

    def body(self, name: str) -> QPoint:
        rect = self.canvas.node_rect(self.id(name))
        return QPoint(rect.center().x(), rect.top() + 40)

    def press(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifiers, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.canvas.viewport(), at)

    def release(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseRelease(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifiers, at)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifiers, at)

    def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(start, modifiers)
        self.move((start + end) / 2)
        self.move(end)
        self.release(end, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas, key, modifiers)


def add(document: Document, kind: str, name: str, place: tuple[float, float], **params: object) -> str:
    node = new_node(document.graph, kind, name, params)  # type: ignore[arg-type]
    document.apply(Patch("Add", (Change("node", node.id, None, node), Change("position", node.id, None, place))))
    return node.id


def wire(document: Document, source: str, output: str, target: str, port: str) -> None:
    graph = document.graph
    start, end = graph.named(source), graph.named(target)
    assert start is not None
    assert end is not None
    document.apply(connect.connect(graph, start.id, output, end.id, port))


def small_document() -> Document:
    """Digits, image, conv and relu in a row, wired up to the convolution; flatten and head below, unwired."""
    document = Document()
    kinds = {
        "digits": "Dataset",
        "image": "Input",
        "conv": "Conv2d",
        "relu": "ReLU",
        "flatten": "Flatten",
        "head": "Linear",
    }
    for name, kind in kinds.items():
        add(document, kind, name, PLACES[name])
    wire(document, "digits", "image", "image", "data")
    wire(document, "image", "out", "conv", "input")
    return document


def bind_keys(bench: Bench) -> None:
    """Give the canvas the keys that it has in a window, and undo and redo."""
    actions = Actions(QWidget(bench.canvas))
    idle = {spec.id: _nothing for spec in ACTIONS}
    history = {"undo": bench.history.undo, "redo": bench.history.redo}
    actions.bind({**idle, **history, **commands.slots(bench.canvas)})
    actions.limit(bench.canvas, QWidget(bench.canvas))


def _nothing() -> None:
    """What an action does that is the window's."""


@pytest.fixture
def make_bench(qtbot: QtBot, qapp: QApplication) -> Callable[[Document], Bench]:
    theme.apply(qapp, "dark")

    def make(document: Document) -> Bench:
        canvas = Canvas()
        qtbot.addWidget(canvas)
        canvas.resize(1200, 700)
        canvas.show()
        qtbot.waitExposed(canvas)
        bench = Bench(canvas, document, History(document))
        bind_keys(bench)
        canvas.activateWindow()
        canvas.setFocus()
        qtbot.waitUntil(canvas.hasFocus)
        return bench

    return make


@pytest.fixture
def bench(make_bench: Callable[[Document], Bench]) -> Bench:
    return make_bench(small_document())
