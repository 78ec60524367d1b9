"""Wires taken by an end, cut by a stroke, and made by keys alone, on a shown canvas."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.conftest import Bench, add, wire
from tests.ui.person import Person, chain

from netloom.graph import Document, Slot
from netloom.layers.authoring import Graph
from netloom.ui.canvas.choice_popup import ASIDE, ChoicePopup

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RIGHT, LEFT = Qt.MouseButton.RightButton, Qt.MouseButton.LeftButton


def slot(bench: Bench, name: str, port: str = "input", index: int = 0) -> Slot:
    return (bench.id(name), port, index)


def on_wire(bench: Bench, key: Slot, share: float) -> QPoint:
    """A place on a wire in the viewport."""
    return bench.canvas.mapFromScene(bench.canvas.graph_scene.wires[key].way.path.pointAtPercent(share))


def stroke(bench: Bench, *through: QPoint, button: Qt.MouseButton = RIGHT) -> None:
    """Press, with Ctrl for the right button, and draw through these places; the button stays down."""
    modifiers = CONTROL if button == RIGHT else Qt.KeyboardModifier.NoModifier
    QTest.mousePress(bench.canvas.viewport(), button, modifiers, through[0])
    for start, end in pairwise(through):
        for step in range(1, 9):
            bench.move(start + (end - start) * step / 8)


def popup(bench: Bench) -> ChoicePopup:
    [found] = (each for each in bench.canvas.findChildren(ChoicePopup, "connect-list") if each.isVisible())
    return found


def rows(bench: Bench) -> list[str]:
    listed = popup(bench).list
    return [listed.item(row).text() for row in range(listed.count())]


def press_in_list(bench: Bench, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(popup(bench).field, key)


@pytest.fixture
def merging(make_bench: Callable[[Document], Bench]) -> Bench:
    """Three branches into one tall port."""
    document = Document()
    for name, kind, x, y in (
        ("image", "Input", 0, 240),
        ("first", "ReLU", 240, 0),
        ("second", "Tanh", 240, 240),
        ("third", "Sigmoid", 240, 480),
        ("total", "Add", 640, 240),
    ):
        add(document, kind, name, (x, y))
    for name in ("first", "second", "third"):
        wire(document, "image", "out", name, "input")
        wire(document, name, "output", "total", "inputs")
    return make_bench(document)


# An end of a wire


def test_a_wire_is_taken_off_its_target_by_its_end(bench: Bench) -> None:
    wire(bench.document, "image", "out", "head", "input")
    key = slot(bench, "head")
    bench.drag(on_wire(bench, key, 1.0) - QPoint(16, 0), bench.port("flatten", "input"))
    assert ("image", "out", "flatten", "input") in bench.wires()
    assert ("image", "out", "head", "input") not in bench.wires()
    assert bench.history.labels == ["Move wire to flatten"]


def test_a_wire_is_taken_off_its_source_by_its_end(bench: Bench) -> None:
    wire(bench.document, "image", "out", "head", "input")
    key = slot(bench, "head")
    bench.press(on_wire(bench, key, 0.0) + QPoint(16, 0))
    bench.move(bench.body("conv"))
    assert bench.canvas.graph_scene.nodes[bench.id("conv")].rings
    bench.release(bench.port("conv", "output"))
    assert ("conv", "output", "head", "input") in bench.wires()
    assert ("image", "out", "head", "input") not in bench.wires()
    assert bench.history.labels == ["Move wire to conv"]
    bench.history.undo()
    assert ("image", "out", "head", "input") in bench.wires()


def test_a_source_end_dropped_where_it_was_or_taken_back_changes_nothing(bench: Bench) -> None:
    wire(bench.document, "image", "out", "head", "input")
    start = on_wire(bench, slot(bench, "head"), 0.0) + QPoint(16, 0)
    bench.drag(start, bench.port("image", "out"))
    bench.press(start)
    bench.move(start + QPoint(100, 100))
    assert not bench.canvas.graph_scene.wires[slot(bench, "head")].isVisible()
    bench.key(Qt.Key.Key_Escape)
    bench.release(start)
    assert bench.canvas.graph_scene.wires[slot(bench, "head")].isVisible()
    assert not bench.asked


def test_a_source_end_dropped_on_nothing_removes_the_wire(bench: Bench) -> None:
    wire(bench.document, "image", "out", "head", "input")
    start = on_wire(bench, slot(bench, "head"), 0.0) + QPoint(16, 0)
    bench.drag(start, start + QPoint(-60, 300))
    assert ("image", "out", "head", "input") not in bench.wires()


def test_a_wire_of_a_port_for_many_keeps_its_slot_when_its_source_moves(merging: Bench) -> None:
    add(merging.document, "ReLU", "fourth", (440, 560))
    merging.canvas.fit()
    start = on_wire(merging, slot(merging, "total", "inputs", 1), 0.0) + QPoint(14, 0)
    merging.drag(start, merging.port("fourth", "output"))
    graph = merging.document.graph
    assert graph.wires[slot(merging, "total", "inputs", 1)].source == merging.id("fourth")
    assert len(graph.into(merging.id("total"))) == 3


# A stroke


@pytest.mark.parametrize("by_key", [False, True])
def test_a_stroke_cuts_what_it_crosses_in_one_step(merging: Bench, by_key: bool) -> None:
    scene, middle = merging.canvas.graph_scene, [merging.port(n, "output") for n in ("first", "second", "third")]
    if by_key:
        merging.key(Qt.Key.Key_Y)
    button = LEFT if by_key else RIGHT
    stroke(merging, middle[0] + QPoint(12, -20), middle[1] + QPoint(12, 20), button=button)
    doomed = {key for key, item in scene.wires.items() if item.doomed}
    assert doomed == {slot(merging, "total", "inputs", 0), slot(merging, "total", "inputs", 1)}
    QTest.mouseRelease(merging.canvas.viewport(), button, pos=middle[1] + QPoint(12, 20))
    assert {key for key in merging.document.graph.wires if key[0] == merging.id("total")} == {
        slot(merging, "total", "inputs", 2)
    }
    assert merging.history.labels == ["Cut 2 wires"]
    merging.history.undo()
    assert len(scene.wires) == 6
    assert not any(item.doomed for item in scene.wires.values())


def test_a_stroke_leaves_wires_whose_box_it_passes(merging: Bench) -> None:
    first = merging.canvas.graph_scene.wires[slot(merging, "total", "inputs", 0)].way.path.boundingRect()
    inside = merging.canvas.mapFromScene(QPointF(first.right() - 30, first.top() + 10))
    stroke(merging, inside, inside + QPoint(20, 10))
    QTest.mouseRelease(merging.canvas.viewport(), RIGHT, pos=inside + QPoint(20, 10))
    assert not merging.asked


def _is_red(bench: Bench, place: QPoint) -> bool:
    """Whether the colour of errors is seen at a place, or half of it."""
    seen = bench.canvas.viewport().grab().toImage().pixelColor(place)
    return seen.red() > 120 and seen.red() > 1.6 * seen.blue()


def test_escape_takes_a_stroke_back(merging: Bench) -> None:
    start = merging.port("first", "output") + QPoint(12, -20)
    stroke(merging, start, start + QPoint(0, 60))
    assert _is_red(merging, start + QPoint(0, 4))
    merging.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(merging.canvas.viewport(), RIGHT, pos=start + QPoint(0, 60))
    assert not merging.asked
    assert not any(item.doomed for item in merging.canvas.graph_scene.wires.values())


def test_a_stroke_cuts_from_far_away_and_shows_it(merging: Bench) -> None:
    merging.canvas.set_zoom(0.3)
    merging.canvas.settle()
    key = slot(merging, "total", "inputs", 1)
    place = on_wire(merging, key, 0.5)
    stroke(merging, place - QPoint(0, 12), place + QPoint(0, 12))
    assert any(_is_red(merging, on_wire(merging, key, share / 40)) for share in range(2, 17))
    QTest.mouseRelease(merging.canvas.viewport(), RIGHT, pos=place + QPoint(0, 12))
    assert key not in merging.document.graph.wires


def test_a_stroke_through_a_large_network_looks_only_at_what_is_near(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(_rows(rows=40, columns=50))
    bench.canvas.set_zoom(1.0)
    start = bench.canvas.viewport().rect().center()
    took = time.process_time()
    stroke(bench, start, start + QPoint(300, 200), start + QPoint(-300, 250))
    took = (time.process_time() - took) / 16
    bench.key(Qt.Key.Key_Escape)
    assert took < 0.02


def _rows(rows: int, columns: int) -> Document:
    graph, places = Graph(), {}
    for row in range(rows):
        made = [graph.add("Input", name=f"x{row}", shape=(4,))]
        made += [graph.add("ReLU", name=f"r{row}_{column}") for column in range(columns)]
        for column, key in enumerate(made):
            places[key] = (240.0 * column, 200.0 * row)
            if column:
                graph.connect(made[column - 1], key)
    return Document(graph, positions=places)


# Keys


def test_w_wires_the_selected_nodes_from_left_to_right(bench: Bench) -> None:
    bench.canvas.set_selection([bench.id(name) for name in ("head", "conv", "relu")])
    bench.key(Qt.Key.Key_W)
    assert {("conv", "output", "relu", "input"), ("relu", "output", "head", "input")} <= bench.wires()
    assert bench.history.labels == ["Wire 3 nodes"]
    bench.history.undo()
    assert ("conv", "output", "relu", "input") not in bench.wires()


def test_w_takes_no_wire_away(bench: Bench) -> None:
    said: list[str] = []
    bench.canvas.message_requested.connect(said.append)
    bench.canvas.set_selection([bench.id("image"), bench.id("conv")])
    bench.key(Qt.Key.Key_W)
    wire(bench.document, "image", "out", "relu", "input")
    bench.canvas.set_selection([bench.id("conv"), bench.id("relu")])
    bench.key(Qt.Key.Key_W)
    assert said == ["image is wired to conv already.", "All inputs of relu that fit have a wire."]
    assert not bench.asked


def test_w_lists_what_one_node_can_be_wired_to_and_enter_wires_it(bench: Bench) -> None:
    bench.canvas.set_selection([bench.id("conv")])
    bench.key(Qt.Key.Key_W)
    assert rows(bench)[:3] == ["to relu", "to flatten", "to head"]
    assert "to digits" not in rows(bench)
    assert "to image" not in rows(bench)
    press_in_list(bench, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert ("conv", "output", "flatten", "input") in bench.wires()
    assert bench.history.labels == ["Connect conv to flatten"]
    assert QApplication.focusWidget() is bench.canvas


def test_the_list_is_narrowed_by_typing_and_closed_by_escape(bench: Bench) -> None:
    bench.canvas.set_selection([bench.id("conv")])
    bench.key(Qt.Key.Key_W)
    QTest.keyClicks(popup(bench).field, "linear")
    assert rows(bench) == ["to head"]
    QTest.keyClicks(popup(bench).field, "nowhere")
    assert rows(bench) == []
    press_in_list(bench, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is bench.canvas
    assert not bench.asked


def test_the_list_offers_sources_for_open_inputs_and_never_a_loop(bench: Bench) -> None:
    wire(bench.document, "conv", "output", "relu", "input")
    bench.canvas.set_selection([bench.id("head")])
    bench.key(Qt.Key.Key_W)
    assert "from relu" in rows(bench)
    QTest.keyClicks(popup(bench).field, "relu")
    press_in_list(bench, Qt.Key.Key_Return)
    assert ("relu", "output", "head", "input") in bench.wires()
    bench.canvas.set_selection([bench.id("relu")])
    bench.key(Qt.Key.Key_W)
    assert "to conv" not in rows(bench)


def test_the_list_puts_behind_what_the_shapes_speak_against(make_bench: Callable[[Document], Bench]) -> None:
    document = Document()
    add(document, "Input", "image", (0, 0), shape=[1, 8, 8])
    add(document, "Conv2d", "flat", (240, 0), in_channels=7)
    add(document, "Conv2d", "deep", (600, 0))
    bench = make_bench(document)
    bench.canvas.set_selection([bench.id("image")])
    bench.key(Qt.Key.Key_W)
    assert (rows(bench)[0], rows(bench)[-1]) == ("to deep", "to flat")
    last = popup(bench).list.item(len(rows(bench)) - 1)
    assert "shape does not fit" in last.data(ASIDE)


def test_w_says_so_where_nothing_fits(make_bench: Callable[[Document], Bench]) -> None:
    document = Document()
    add(document, "ReLU", "relu", (0, 0))
    bench, said = make_bench(document), []
    bench.canvas.message_requested.connect(said.append)
    bench.canvas.set_selection([bench.id("relu")])
    bench.key(Qt.Key.Key_W)
    assert said == ["Nothing here fits a free port of relu."]


def test_shift_w_takes_all_wires_of_the_selection_off(bench: Bench) -> None:
    bench.canvas.set_selection([bench.id("image")])
    bench.key(Qt.Key.Key_W, SHIFT)
    assert not bench.wires()
    assert bench.history.labels == ["Disconnect image"]


def test_the_wires_of_a_node_are_gone_through_bent_and_deleted_by_keys(bench: Bench) -> None:
    bench.canvas.set_selection([bench.id("image")])
    said = []
    for _ in range(3):
        bench.key(Qt.Key.Key_Period)
        said.append(bench.canvas.accessibleDescription())
    assert said == ["wire from digits to image", "wire from image to conv", "wire from digits to image"]
    assert bench.canvas.current == bench.id("image")
    bench.key(Qt.Key.Key_R)
    assert len(bench.document.bends) == 1
    bench.key(Qt.Key.Key_Period)
    assert bench.canvas.accessibleDescription() == "wire from image to conv"
    bench.key(Qt.Key.Key_Delete)
    assert bench.wires() == {("digits", "image", "image", "data")}


def test_the_first_wire_is_selected_where_nothing_is(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Period)
    assert bench.canvas.accessibleDescription() == "wire from digits to image"


# Where wires end and pass


def ends(bench: Bench, keys: Sequence[Slot]) -> list[float]:
    return [bench.canvas.graph_scene.wires[key].way.points[-1].y() for key in keys]


def test_wires_into_a_tall_port_are_spread_in_order_of_their_slots(merging: Bench) -> None:
    keys = [slot(merging, "total", "inputs", index) for index in range(3)]
    middle = merging.canvas.graph_scene.nodes[merging.id("total")].port_place("input", "inputs").y()
    before = ends(merging, keys)
    assert before[0] < before[1] == middle < before[2]
    assert before[2] - before[0] <= 28 - 4
    merging.click(on_wire(merging, keys[2], 0.5))
    merging.key(Qt.Key.Key_Delete)
    first, second = ends(merging, keys[:2])
    assert first < middle < second
    merging.history.undo()
    assert ends(merging, keys) == before


def test_a_short_wire_passes_beside_a_card_in_its_way(bench: Bench) -> None:
    add(bench.document, "ReLU", "above", (880, 0))
    add(bench.document, "ReLU", "below", (1160, 440))
    wire(bench.document, "above", "output", "below", "input")
    item = bench.canvas.graph_scene.wires[slot(bench, "below")]
    add(bench.document, "ReLU", "between", (1072, 200))
    card = bench.canvas.graph_scene.nodes[bench.id("between")].scene_card()
    assert item.crosses(card)
    bench.canvas.graph_scene.reroute([bench.id("below")])
    assert not item.crosses(card)
    assert not item.way.along_lane


def test_a_network_is_wired_bent_and_cut_by_the_keys_of_the_window(person: Person) -> None:
    person.editor.new(chain(), "chain")
    graph = person.editor.document.graph
    person.press("Ctrl+A", person.canvas)
    person.press("Shift+W", person.canvas)
    assert not graph.wires
    person.press("Ctrl+Z")
    person.pick("conv1")
    for keys in (".", ".", "R", "Ctrl+Down"):
        person.press(keys, person.canvas)
    assert [label for label in person.editor.session.history.labels if "dot" in label] == ["Move dot"]
    assert person.canvas.accessibleDescription() == "dot on the wire from conv1"
    person.press("Delete", person.canvas)
    person.press("Delete", person.canvas)
    assert not graph.out_of(person.node("conv1").id)
    person.pick("conv1")
    person.press("W", person.canvas)
    person.type("relu")
    person.press("Return")
    assert [wire.target for wire in graph.out_of(person.node("conv1").id)] == [person.node("relu").id]


def test_of_many_wires_at_a_port_the_nearest_is_taken(merging: Bench) -> None:
    add(merging.document, "ReLU", "other", (640, 0))
    merging.canvas.fit()
    merging.drag(merging.port("total", "inputs") - QPoint(0, 8), merging.port("other", "input"))
    assert ("first", "output", "other", "input") in merging.wires()
    assert ("third", "output", "total", "inputs") in merging.wires()


def test_the_cursor_says_what_a_drag_of_a_wire_does(bench: Bench) -> None:
    wire(bench.document, "image", "out", "head", "input")
    key = slot(bench, "head")
    seen = []
    for place in (on_wire(bench, key, 0.0) + QPoint(16, 0), on_wire(bench, key, 0.5)):
        bench.move(place)
        seen.append(bench.canvas.viewport().cursor().shape())
    bench.click(on_wire(bench, key, 0.5))
    bench.key(Qt.Key.Key_R)
    dot = bench.document.bends[key][1]
    bench.move(bench.canvas.mapFromScene(QPointF(*dot)))
    seen.append(bench.canvas.viewport().cursor().shape())
    assert seen == [Qt.CursorShape.CrossCursor, Qt.CursorShape.ArrowCursor, Qt.CursorShape.SizeAllCursor]
