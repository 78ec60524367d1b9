"""Code of the user's own at the window: it is tried out beside the window, and runs only when it is trusted."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from netloom.compiler import trust
from netloom.graph import Document, edit
from netloom.layers.authoring import Graph
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
    assert text is not None
    assert "def double(x)" in text.toPlainText()  # type: ignore[attr-defined]
    qtbot.mouseClick(button(window, "trust-sheet-accept"), Qt.MouseButton.LeftButton)
    assert not window.editor.untrusted
    answered(qtbot, window.editor)


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


def test_what_the_code_prints_does_not_disturb_the_answer(qtbot: QtBot) -> None:
    editor = Editor()
    trust.extend([PRINTING])
    editor.new(drawn(PRINTING))
    answered(qtbot, editor)
    assert editor.plan.is_valid
