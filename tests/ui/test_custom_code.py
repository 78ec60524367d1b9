"""Code of the user's own at the window: it is tried out beside the window, and runs only when it is trusted."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom.compiler import trust
from netloom.graph import Document, edit
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import spec
from netloom.ui.canvas.facts import kind_line
from netloom.ui.code_trials import CodeTrials
from netloom.ui.editor import Editor
from netloom.ui.main_window import MainWindow

DOUBLE = "def double(x):\n    return torch.cat([x, x], dim=1)\n"
ENDLESS = "while True:\n    pass\n\n\ndef f(x):\n    return x\n"
CRASHING = "import os\n\nos._exit(3)\n\n\ndef f(x):\n    return x\n"
PRINTING = "print('hello')\n\n\ndef f(x):\n    print('again')\n    return x\n"


@pytest.fixture(autouse=True)
def _own_trust(tmp_path: Path) -> None:
    trust.use(trust.Trust(tmp_path / "trusted.json"))


def drawn(code: str) -> Document:
    graph = Graph()
    own = graph.add("Python", "own", code=code)
    graph.connect(graph.add("Input", shape=[4]), own)
    graph.connect(own, graph.add("Output"))
    return Document(graph)


def answered(qtbot: QtBot, editor: Editor) -> None:
    qtbot.waitUntil(lambda: not any("tried out" in each.message for each in editor.plan.problems), timeout=60_000)


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.findChild(QObject, name)
    assert isinstance(found, QPushButton)
    return found


def test_a_document_with_code_asks_for_trust_and_is_planned_after_it(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.new(drawn(DOUBLE))
    assert window.trust_offer.isVisible()
    assert "It runs only after you trust it." in window.trust_offer.label.text()
    assert not window.editor.plan.is_valid
    qtbot.mouseClick(button(window, "trust-accept"), Qt.MouseButton.LeftButton)
    assert not window.trust_offer.isVisible()
    answered(qtbot, window.editor)
    assert window.editor.plan.is_valid
    assert [flow.dims() for flow in window.editor.plan.outputs.values()] == [["N", 8]]


def test_the_code_can_be_read_before_it_is_trusted(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.new(drawn(DOUBLE))
    qtbot.mouseClick(button(window, "trust-show"), Qt.MouseButton.LeftButton)
    text = window.findChild(QObject, "trust-text")
    assert isinstance(text, QPlainTextEdit)
    assert "def double(x)" in text.toPlainText()
    assert text.document().firstBlock().layout().formats()
    qtbot.mouseClick(button(window, "trust-sheet-accept"), Qt.MouseButton.LeftButton)
    assert not window.editor.untrusted
    answered(qtbot, window.editor)


def test_the_question_comes_back_with_the_node_that_it_is_about(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.new(drawn(DOUBLE))
    hands = Hands(qtbot, window)
    hands.click(window.trust_offer.close_button)
    assert not window.trust_offer.isVisible()
    own = next(node.id for node in window.editor.document.graph.level() if node.kind == "Python")
    hands.select(own)
    assert window.trust_offer.isVisible()
    hands.click(hands.find("trust-accept"))
    assert not window.trust_offer.isVisible()
    answered(qtbot, window.editor)
    hands.select(own)
    assert not window.trust_offer.isVisible()


def test_a_fresh_code_node_works_and_what_is_written_into_it_is_trusted(window: MainWindow, qtbot: QtBot) -> None:
    graph = Graph()
    own = graph.add("Python", "own")
    graph.connect(graph.add("Input", shape=[4]), own)
    graph.connect(own, graph.add("Output"))
    window.editor.new(Document(graph))
    assert not window.trust_offer.isVisible()
    answered(qtbot, window.editor)
    assert window.editor.plan.parameters == 1
    window.editor.do(edit.set_params(window.editor.document.graph, own, {"code": DOUBLE}))
    assert not window.trust_offer.isVisible()
    answered(qtbot, window.editor)
    assert window.editor.plan.is_valid


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (ENDLESS, "did not come to an end"),
        (CRASHING, "ended the process"),
        ("def f(x):\n    return x.no\n", "AttributeError"),
    ],
    ids=["endless", "crashing", "raising"],
)
def test_whatever_the_code_does_the_window_lives(code: str, says: str, qtbot: QtBot) -> None:
    editor = Editor()
    editor.trials = CodeTrials(editor, longest_ms=6_000)
    editor.trials.answered.connect(editor._plan_code)
    trust.extend([code])
    editor.new(drawn(code))
    answered(qtbot, editor)
    assert any(says in problem.message for problem in editor.plan.problems), editor.plan.problems


def test_wires_of_ports_that_an_edit_takes_away_come_back_with_undo(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.new(drawn(DOUBLE))
    hands = Hands(qtbot, window)
    qtbot.mouseClick(button(window, "trust-accept"), Qt.MouseButton.LeftButton)
    graph = window.editor.document.graph
    own = next(node.id for node in graph.level() if node.kind == "Python")
    before = dict(graph.wires)
    hands.select(own)
    hands.click(hands.find("param_code"))
    field = hands.dialog("code-sheet").findChild(QPlainTextEdit, "code-text")
    assert field is not None
    hands.press("Ctrl+A", field)
    qtbot.keyClicks(field, "def none():")
    hands.press("Return", field)
    qtbot.keyClicks(field, "return torch.zeros(2)")
    hands.press("Ctrl+Return", field)
    assert not graph.into(own)
    assert len(list(graph.out_of(own))) == 1
    hands.press("Ctrl+Z")
    assert dict(graph.wires) == before
    answered(qtbot, window.editor)


def test_a_package_that_is_not_installed_is_said_at_its_field_and_on_its_card(window: MainWindow, qtbot: QtBot) -> None:
    graph = Graph()
    own = graph.add("Package", "own")
    graph.connect(graph.add("Input", shape=[4]), own)
    graph.connect(own, graph.add("Output"))
    window.editor.new(Document(graph))
    hands = Hands(qtbot, window)
    hands.select(own)
    hands.fill("param_target", "no_such_package.layers.Gate")
    refusal = hands.find("refusal_target")
    assert isinstance(refusal, QLabel)
    assert refusal.text() == "no_such_package is not installed here."
    assert any("own needs the package no_such_package" in each.message for each in window.editor.plan.problems)
    hands.fill("param_target", "torch.nn.functional.gelu")
    assert not refusal.isVisible()
    answered(qtbot, window.editor)
    assert window.editor.plan.is_valid


def test_the_card_tells_the_class_or_function(window: MainWindow, qtbot: QtBot) -> None:
    graph = Graph()
    nodes = [graph.add("Python"), graph.add("Python", code=DOUBLE), graph.add("Package")]
    window.editor.new(Document(graph))
    told = [kind_line(graph, graph.node(key), spec(graph.node(key).kind)) for key in nodes]
    assert told == ["Scale", "double", "relu"]


def test_what_the_code_prints_does_not_disturb_the_answer(qtbot: QtBot) -> None:
    editor = Editor()
    trust.extend([PRINTING])
    editor.new(drawn(PRINTING))
    answered(qtbot, editor)
    assert editor.plan.is_valid


def test_what_is_trusted_in_one_document_is_planned_in_the_others_too(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.new(drawn(DOUBLE), "first")
    window.editor.new(drawn(DOUBLE), "second")
    qtbot.mouseClick(button(window, "trust-accept"), Qt.MouseButton.LeftButton)
    answered(qtbot, window.editor)
    window.editor.show(window.editor.sessions[0])
    assert window.editor.name == "first"
    assert window.editor.plan.is_valid
