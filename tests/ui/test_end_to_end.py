"""The whole job on the real window, by mouse and keyboard only: from an empty canvas to a checked ONNX file."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom import data
from netloom.runs import Store
from netloom.ui.main_window import MainWindow

ROW, COLUMN = 170, 115


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def draw(hands: Hands) -> dict[str, str]:
    """Put the nodes of a small classifier on the canvas: two by drag and drop, the others by search and Enter."""
    nodes = {
        "dataset": hands.add_by_drag("Dataset", QPoint(110, 90)),
        "input": hands.add_by_drag("Input", QPoint(330, 90)),
    }
    for kind in ("Flatten", "Linear", "ReLU", "Output", "CrossEntropyLoss", "Accuracy", "Adam"):
        nodes[kind] = hands.add_by_search(kind)
    nodes["head"] = hands.add_by_search("Linear")
    return nodes


def spread(hands: Hands, nodes: dict[str, str]) -> None:
    """Drag every card to a place of its own."""
    hands.press("Home", hands.window.views.canvas)
    rows = (
        ("dataset", "input", "Flatten", "Linear", "ReLU"),
        ("head", "Output", "CrossEntropyLoss", "Adam", "Accuracy"),
    )
    cards = hands.window.views.canvas.graph_scene.nodes
    for row, names in enumerate(rows):
        for column, name in enumerate(names):
            card = cards[nodes[name]].scene_card()
            grip = hands.place(card.topLeft()) + QPoint(24, 10)
            hands.drag_on_canvas(grip, QPoint(60 + column * COLUMN, 70 + row * ROW))
    hands.press("Home", hands.window.views.canvas)
    assert hands.window.views.canvas.zoom > 0.9


def connect(hands: Hands, nodes: dict[str, str]) -> None:
    """Draw the wires that adding one node after another has not made, two of them from their end."""
    graph = hands.window.editor.document.graph
    assert len(graph.wires) == 5
    wires = (
        ("dataset", "image", "input", "data"),
        ("input", "out", "Flatten", "input"),
        ("ReLU", "output", "head", "input"),
        ("head", "output", "Output", "input"),
        ("dataset", "label", "CrossEntropyLoss", "target"),
        ("Output", "out", "Accuracy", "preds"),
    )
    for source, output, target, into in wires:
        hands.wire(nodes[source], output, nodes[target], into)
    backwards = (("Accuracy", "target", "dataset", "label"), ("Adam", "losses", "CrossEntropyLoss", "loss"))
    cards = hands.window.views.canvas.graph_scene.nodes
    for target, into, source, output in backwards:
        start = hands.place(cards[nodes[target]].port_place("input", into))
        hands.drag_on_canvas(start, hands.place(cards[nodes[source]].port_place("output", output)))
    assert len(graph.wires) == 11


def test_from_an_empty_canvas_to_an_onnx_file(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    assert not window.editor.document.graph.nodes
    nodes = draw(hands)
    spread(hands, nodes)
    connect(hands, nodes)

    hands.select(nodes["Linear"])
    hands.fill("param_out_features", "64")
    hands.select(nodes["head"])
    hands.fill("param_out_features", "10")
    assert window.editor.document.graph.node(nodes["Linear"]).params["out_features"] == 64
    assert [problem.message for problem in window.editor.plan.problems] == []

    hands.click(hands.find("run-settings"))
    hands.type("8")
    hands.press("Return")
    hands.press("Escape")
    assert window.editor.document.training.epochs == 8
    hands.click(hands.find("train"))
    hands.wait_for_end()
    assert "8 epochs" in window.top_bar.progress.title

    target = tmp_path / "digits.onnx"
    hands.press("Ctrl+E", window)
    dialog = hands.dialog("export-dialog")
    hands.click(hands.find("format.onnx"))
    hands.fill("export-path", str(target))
    hands.qtbot.waitUntil(lambda: "Same numbers" in dialog.outcome.text(), timeout=60_000)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    [run] = Store().runs()
    assert run.metrics["val"]["accuracy"] > 0.9
    assert accuracy(target, window.editor.plan.nodes[nodes["dataset"]].arguments) == pytest.approx(
        run.metrics["val"]["accuracy"], abs=0.02
    )


def accuracy(path: Path, arguments: dict[str, object]) -> float:
    """How often the exported file is right on the held-out digits."""
    digits = data.load(arguments)
    rows = digits.splits["val"]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    [name] = [port.name for port in session.get_inputs()]
    [answers] = session.run(None, {name: digits.columns["image"][rows].numpy()})
    return float(np.mean(np.argmax(answers, 1) == digits.columns["label"][rows].numpy()))
