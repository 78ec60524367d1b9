"""Copy, cut, paste and duplicate by keys at the window: on one level, between documents, and from other programs."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.person import Person, chain, nested

from netloom.compiler import trust
from netloom.graph import Change, Document, Patch, Remark
from netloom.layers.authoring import Graph
from netloom.ui.canvas import Canvas, clipboard
from netloom.ui.editor import Editor


@pytest.fixture
def hand(person: Person) -> Person:
    """The chain on the canvas, and an empty clipboard."""
    QGuiApplication.clipboard().clear()
    person.editor.new(chain(), "chain")
    return person


def wires(person: Person) -> set[tuple[str, str]]:
    graph, level = person.editor.document.graph, person.editor.level
    return {
        (graph.node(wire.source).name, graph.node(wire.target).name)
        for wire in graph.wires.values()
        if graph.node(wire.target).parent == level
    }


def point(person: Person, at: QPoint) -> None:
    """Let the cursor stand at a place of the viewport."""
    QCursor.setPos(person.canvas.viewport().mapToGlobal(at))
    QTest.mouseMove(person.canvas.viewport(), at)


def away(person: Person) -> None:
    """Let the cursor stand beside the canvas."""
    QCursor.setPos(person.window.mapToGlobal(QPoint(5, 5)))


def place(person: Person, name: str) -> tuple[float, float]:
    return person.editor.document.positions[person.node(name).id]


def selected(person: Person) -> set[str]:
    return {person.editor.document.graph.node(key).name for key in person.canvas.selection}


def said(person: Person) -> list[str]:
    """What the canvas tells from now on."""
    heard: list[str] = []
    person.canvas.message_requested.connect(heard.append)
    return heard


def test_paste_adds_a_copy_at_the_cursor_with_the_wires_inside_and_selects_it(hand: Person) -> None:
    hand.pick("conv1", "relu")
    hand.press("Ctrl+C", hand.canvas)
    at = QPoint(600, 560)
    point(hand, at)
    hand.press("Ctrl+V", hand.canvas)
    assert hand.shown() == {"image", "conv1", "relu", "conv2", "answer", "conv3", "relu2"}
    assert ("conv3", "relu2") in wires(hand)
    assert len(wires(hand)) == 5
    assert selected(hand) == {"conv3", "relu2"}
    assert hand.canvas.graph_scene.content(hand.canvas.selection).contains(hand.canvas.mapToScene(at))
    assert hand.editor.history.undo_label == "Paste 2 nodes"
    hand.press("Ctrl+Z", hand.window)
    assert hand.shown() == {"image", "conv1", "relu", "conv2", "answer"}


def test_pasting_again_lays_no_card_exactly_on_another(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    point(hand, QPoint(600, 560))
    for _ in range(3):
        hand.press("Ctrl+V", hand.canvas)
    first, second, third = (place(hand, name) for name in ("relu2", "relu3", "relu4"))
    assert (second[0] - first[0], second[1] - first[1]) == (24.0, 24.0)
    assert (third[0] - second[0], third[1] - second[1]) == (24.0, 24.0)


def test_without_the_cursor_over_the_canvas_a_copy_stands_a_step_aside(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    away(hand)
    hand.press("Ctrl+V", hand.canvas)
    x, y = place(hand, "relu")
    assert place(hand, "relu2") == (x + 24, y + 24)


def test_out_of_sight_a_copy_comes_to_the_middle_of_what_is_seen(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    away(hand)
    hand.canvas.set_zoom(1.0)
    hand.canvas.look_at(QPointF(5000, 5000))
    hand.press("Ctrl+V", hand.canvas)
    assert hand.canvas.seen().contains(QPointF(*place(hand, "relu2")))


def test_paste_with_incoming_wires_is_fed_by_what_fed_it(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    hand.press("Ctrl+Shift+V", hand.canvas)
    assert ("conv1", "relu2") in wires(hand)
    assert ("relu2", "conv2") not in wires(hand)
    hand.press("Ctrl+Z", hand.window)
    assert "relu2" not in hand.shown()


def test_incoming_wires_are_found_by_name_in_another_document(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    other = chain()
    conv = other.graph.named("conv1")
    assert conv is not None
    hand.editor.new(other, "other")
    hand.press("Ctrl+Shift+V", hand.canvas)
    assert ("conv1", "relu2") in wires(hand)


def test_incoming_wires_are_found_in_the_same_document_after_a_rename(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    hand.pick("conv1")
    hand.press("F2", hand.canvas)
    field = QApplication.focusWidget()
    assert field is not None
    hand.qtbot.keyClicks(field, "first")
    hand.press("Return", field)
    hand.press("Ctrl+Shift+V", hand.canvas)
    assert ("first", "relu2") in wires(hand)


def test_what_fed_it_and_is_not_here_is_left_out(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    hand.editor.new(Document(), "empty")
    hand.press("Ctrl+Shift+V", hand.canvas)
    assert hand.shown() == {"relu"}
    assert wires(hand) == set()


def test_cut_takes_away_and_paste_brings_back(hand: Person) -> None:
    hand.pick("conv1", "relu")
    hand.press("Shift+Del", hand.canvas)
    assert hand.shown() == {"image", "conv2", "answer"}
    assert hand.editor.history.undo_label == "Cut 2 nodes"
    hand.press("Ctrl+V", hand.canvas)
    assert hand.shown() == {"image", "conv1", "relu", "conv2", "answer"}
    assert wires(hand) == {("conv1", "relu"), ("conv2", "answer")}


def test_cut_and_reconnect_joins_what_is_left(hand: Person) -> None:
    hand.pick("conv1", "relu")
    hand.press("Ctrl+X", hand.canvas)
    assert hand.shown() == {"image", "conv2", "answer"}
    assert wires(hand) == {("image", "conv2"), ("conv2", "answer")}
    assert hand.editor.history.undo_label == "Cut and reconnect 2 nodes"
    hand.press("Ctrl+Z", hand.window)
    assert wires(hand) == {("image", "conv1"), ("conv1", "relu"), ("relu", "conv2"), ("conv2", "answer")}
    hand.pick("relu")
    hand.press("Ctrl+X", hand.canvas)
    assert ("conv1", "conv2") in wires(hand)
    assert hand.editor.history.undo_label == "Cut and reconnect relu"


def test_cut_and_reconnect_drops_the_dots_of_a_wire_that_begins_elsewhere_now(hand: Person) -> None:
    slot = (hand.node("conv2").id, "input", 0)
    hand.editor.do(Patch("Bend", (Change("bend", slot, None, ((500.0, 200.0),)),)))
    hand.pick("relu")
    hand.press("Ctrl+X", hand.canvas)
    assert not hand.editor.document.bends
    hand.press("Ctrl+Z", hand.window)
    assert set(hand.editor.document.bends) == {slot}


def test_duplicate_puts_a_copy_on_free_ground_and_leaves_the_clipboard(hand: Person) -> None:
    hand.pick("image")
    hand.press("Ctrl+C", hand.canvas)
    hand.pick("conv1", "relu")
    hand.press("Ctrl+D", hand.canvas)
    assert wires(hand) >= {("conv3", "relu2")}
    assert selected(hand) == {"conv3", "relu2"}
    assert hand.editor.history.undo_label == "Duplicate 2 nodes"
    cards = [item.scene_card() for item in hand.canvas.graph_scene.nodes.values()]
    assert not any(one.intersects(other) for one in cards for other in cards if one is not other)
    hand.press("Ctrl+V", hand.canvas)
    assert "image2" in hand.shown()


def test_frames_and_notes_are_copied_with_nodes(hand: Person) -> None:
    frame = Remark("r1", "frame", "Stem", (180.0, -40.0), (440.0, 200.0))
    hand.editor.do(Patch("Frame", (Change("remark", "r1", None, frame),)))
    hand.canvas.set_selection([hand.node("relu").id], remarks=["r1"])
    hand.press("Ctrl+C", hand.canvas)
    away(hand)
    hand.press("Ctrl+V", hand.canvas)
    [copy] = set(hand.editor.document.remarks) - {"r1"}
    assert hand.editor.document.remarks[copy].text == "Stem"
    assert hand.editor.document.remarks[copy].place == (204.0, -16.0)
    assert hand.canvas.marked.remarks == {copy}


def test_what_the_view_says_of_a_node_is_copied(hand: Person) -> None:
    relu = hand.node("relu").id
    changes = (Change("comment", relu, None, "why"), Change("collapsed", relu, None, True))
    hand.editor.do(Patch("Say", changes))
    hand.select(relu)
    hand.press("Ctrl+D", hand.canvas)
    copy = hand.node("relu2").id
    assert hand.editor.document.comments[copy] == "why"
    assert hand.editor.document.collapsed[copy]


def test_a_block_brings_its_definition_once(hand: Person) -> None:
    hand.editor.new(nested(), "nested")
    hand.pick("stage")
    hand.press("Ctrl+C", hand.canvas)
    hand.press("Ctrl+V", hand.canvas)
    assert {each.name for each in hand.editor.document.graph.blocks.values()} == {"Unit", "Stage"}
    hand.editor.new(Document(), "empty")
    hand.press("Ctrl+V", hand.canvas)
    hand.press("Ctrl+V", hand.canvas)
    assert sorted(each.name for each in hand.editor.document.graph.blocks.values()) == ["Stage", "Unit"]
    assert hand.shown() == {"stage", "stage2"}


def test_another_definition_of_the_same_name_gets_a_name_of_its_own(hand: Person) -> None:
    hand.editor.new(nested(), "nested")
    hand.pick("last")
    hand.press("Ctrl+C", hand.canvas)
    graph = Graph()
    unit = graph.define("Unit")
    graph.add("Tanh", name="other", parent=unit)
    graph.add("Block", name="mine", block=unit)
    hand.editor.new(Document(graph), "other")
    hand.press("Ctrl+V", hand.canvas)
    assert sorted(each.name for each in hand.editor.document.graph.blocks.values()) == ["Unit", "Unit2"]


def test_a_block_is_pasted_into_itself_as_a_copy(hand: Person) -> None:
    hand.editor.new(nested(), "nested")
    hand.pick("last")
    hand.press("Ctrl+C", hand.canvas)
    hand.double("last")
    assert hand.editor.level
    hand.press("Ctrl+V", hand.canvas)
    assert "last" in hand.shown()
    assert len(hand.editor.document.graph.blocks) == 3


def test_an_input_becomes_a_port_of_the_block_it_is_pasted_into(hand: Person) -> None:
    hand.editor.new(nested(), "nested")
    hand.double("last")
    hand.pick("x")
    hand.press("Ctrl+C", hand.canvas)
    hand.press("Ctrl+V", hand.canvas)
    assert "x2" in hand.shown()
    hand.canvas.leave_block()
    last = hand.canvas.graph_scene.nodes[hand.node("last").id]
    assert [port.name for port in last.facts.inputs] == ["x", "x2"]


def test_training_stays_out_of_blocks(hand: Person) -> None:
    graph = Graph()
    unit = graph.define("Unit")
    graph.add("ReLU", name="act", parent=unit)
    graph.add("Block", name="unit", block=unit)
    graph.add("CrossEntropyLoss", name="loss")
    hand.editor.new(Document(graph), "loss")
    hand.pick("loss")
    hand.press("Ctrl+C", hand.canvas)
    hand.double("unit")
    heard = said(hand)
    hand.press("Ctrl+V", hand.canvas)
    assert heard == ["loss is a loss, which cannot stand in a block. Copy the others without it."]
    assert hand.shown() == {"act"}


def test_code_that_nobody_trusts_stays_so(hand: Person) -> None:
    graph = Graph()
    graph.add("Python", name="mine", code="def forward(x):\n    return x + 7\n")
    hand.editor.new(Document(graph), "code")
    hand.pick("mine")
    hand.press("Ctrl+C", hand.canvas)
    hand.press("Ctrl+V", hand.canvas)
    assert len(trust.untrusted(hand.editor.document.graph)) >= 1
    assert "mine2" in hand.shown()


def test_an_optimizer_goes_on_updating_what_was_copied_with_it(hand: Person) -> None:
    graph = Graph()
    first, second = graph.add("Linear", name="first"), graph.add("Linear", name="second")
    graph.add("Adam", name="adam", updates=[first, second])
    hand.editor.new(Document(graph), "adam")
    hand.pick("first", "adam")
    hand.press("Ctrl+C", hand.canvas)
    hand.press("Ctrl+V", hand.canvas)
    assert hand.node("adam2").params["updates"] == [hand.node("first2").id, second]
    hand.editor.new(Document(), "empty")
    hand.press("Ctrl+V", hand.canvas)
    assert hand.node("adam").params["updates"] == [hand.node("first").id]


@pytest.mark.parametrize("text", ["", "conv1", "{}", '{"format": 1, "graph": {"nodes": [{"id": "n1"}]}}', "[" * 9999])
def test_other_text_is_nothing_to_paste(hand: Person, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    heard, before = said(hand), hand.shown()
    hand.press("Ctrl+V", hand.canvas)
    assert heard == [clipboard.NOTHING]
    assert hand.shown() == before


def test_a_kind_that_is_unknown_is_nothing_to_paste(hand: Person) -> None:
    hand.pick("relu")
    hand.press("Ctrl+C", hand.canvas)
    text = QGuiApplication.clipboard().text()
    data = QMimeData()
    data.setData(clipboard.MIME, text.replace("ReLU", "Evil").encode())
    QGuiApplication.clipboard().setMimeData(data)
    heard = said(hand)
    hand.press("Ctrl+V", hand.canvas)
    assert heard == [clipboard.NOTHING]


def test_copied_nodes_are_text_that_another_program_can_hand_on(hand: Person) -> None:
    hand.pick("conv1", "relu")
    hand.press("Ctrl+C", hand.canvas)
    text = QGuiApplication.clipboard().text()
    program = "import sys; sys.stdout.write(sys.stdin.read())"
    done = subprocess.run([sys.executable, "-c", program], input=text, capture_output=True, text=True, check=True)
    hand.editor.new(Document(), "empty")
    QGuiApplication.clipboard().setText(done.stdout)
    hand.press("Ctrl+V", hand.canvas)
    assert hand.shown() == {"conv1", "relu"}


def test_nothing_selected_leaves_the_clipboard_as_it_is(hand: Person, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("kept")
    hand.canvas.set_selection(())
    hand.press("Ctrl+C", hand.canvas)
    assert QGuiApplication.clipboard().text() == "kept"


def test_a_note_alone_is_copied_cut_and_duplicated(hand: Person) -> None:
    note = Remark("r1", "note", "why", (200.0, 200.0), (200.0, 40.0))
    hand.editor.do(Patch("Note", (Change("remark", "r1", None, note),)))
    hand.canvas.set_selection((), remarks=["r1"])
    hand.press("Ctrl+D", hand.canvas)
    assert hand.editor.history.undo_label == "Duplicate note"
    assert len(hand.editor.document.remarks) == 2
    hand.canvas.set_selection((), remarks=["r1"])
    hand.press("Shift+Del", hand.canvas)
    assert hand.editor.history.undo_label == "Cut note"
    assert "r1" not in hand.editor.document.remarks
    hand.press("Ctrl+V", hand.canvas)
    assert sorted(each.text for each in hand.editor.document.remarks.values()) == ["why", "why"]


def test_another_window_pastes_what_this_one_copied(hand: Person, qtbot: QtBot) -> None:
    hand.pick("conv1", "relu")
    hand.press("Ctrl+C", hand.canvas)
    other = Editor()
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.patch_requested.connect(other.do)
    other.patched.connect(canvas.apply)
    canvas.set_document(other.document, "other")
    canvas.show()
    clipboard.paste(canvas)
    assert {node.name for node in other.document.graph.level()} == {"conv1", "relu"}
