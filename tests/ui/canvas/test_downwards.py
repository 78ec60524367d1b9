"""Levels that are drawn from top to bottom: cards, wires, and what the hand and the keys do there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from tests.ui.canvas.conftest import Bench, add, wire
from tests.ui.canvas.sameness import differences
from tests.ui.person import nested

from netloom import templates
from netloom.graph import Change, Document, Patch, Wire, edit, file
from netloom.graph.document import View
from netloom.layers.authoring import Graph
from netloom.layers.edit import new_node
from netloom.ui.canvas.card import CAPSULE, HEADER, Card, card
from netloom.ui.canvas.card_painter import is_capsule
from netloom.ui.canvas.connect_list import _nearest
from netloom.ui.canvas.facts import Facts, PortFacts, Trouble, headed
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.node_item import NodeItem, Style
from netloom.ui.canvas.turned import led, longest_piece, piece_at
from netloom.ui.canvas.wire_item import WireItem
from netloom.ui.canvas.wire_path import label_spots
from netloom.ui.thumbnails import sketch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.person import Person

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
TURN = "Ctrl+Alt+L"
STEP = 8


def turn(bench: Bench) -> None:
    bench.key(Qt.Key.Key_L, CTRL | ALT)
    bench.canvas._arranger.end()


@pytest.fixture
def down(bench: Bench) -> Bench:
    """The six nodes from top to bottom, three of them wired, at 100 %."""
    turn(bench)
    bench.canvas.set_zoom(1)
    bench.asked.clear()
    return bench


def items(scene: GraphScene) -> dict[str, NodeItem]:
    return {item.facts.name: item for item in scene.nodes.values()}


def line(bench: Bench, source: str, target: str) -> WireItem:
    ends = (bench.id(source), bench.id(target))
    return next(
        each for each in bench.canvas.graph_scene.wires.values() if (each.wire.source, each.wire.target) == ends
    )


def put(bench: Bench, **places: tuple[float, float]) -> None:
    """Put the upper left corners of cards somewhere."""
    bench.history.do(edit.move(bench.document, {bench.id(name): place for name, place in places.items()}))


def on_edges(item: NodeItem) -> bool:
    """Whether all ports are on the upper and the lower edge, between the corners, in their order."""
    rows = ((item.card.inputs, 0.0), (item.card.outputs, item.card.height))
    return all(
        all(place.y() == edge for place in places)
        and all(8 < place.x() < item.card.width - 8 for place in places)
        and all(b.x() - a.x() >= 20 for a, b in pairwise(places))
        for places, edge in rows
    )


def many_ports(count: int = 5) -> Facts:
    """A card with several ports above and below."""
    names = ("query", "key", "value", "key_padding_mask", "attn_mask")[:count]
    inputs = tuple(PortFacts(name, "float") for name in names)
    outputs = tuple(PortFacts(name, "float") for name in ("output", "weights"))
    found = Facts("attention", "MultiheadAttention 8", "attention", "attention", inputs, outputs, footer="1")
    return headed(found, is_down=True)


def test_ports_stand_on_the_upper_and_the_lower_edge(down: Bench) -> None:
    assert down.document.directions == {"": "down"}
    found = items(down.canvas.graph_scene)
    assert all(on_edges(item) for item in found.values())
    assert found["conv"].card.inputs == (QPointF(found["conv"].card.width / 2, 0),)
    assert len(found["digits"].card.outputs) == 2


def test_wires_leave_below_and_arrive_above(down: Bench) -> None:
    for each in down.canvas.graph_scene.wires.values():
        start, end = each.way.path.pointAtPercent(0), each.way.path.pointAtPercent(1)
        assert each.way.path.pointAtPercent(0.02).y() > start.y()
        assert each.way.path.pointAtPercent(0.98).y() < end.y()
        scene = down.canvas.graph_scene
        assert start == scene.nodes[each.wire.source].port_place("output", each.wire.output)
        assert end == scene.nodes[each.wire.target].port_place("input", each.wire.input)


def test_turning_twice_and_undo_bring_everything_back(bench: Bench) -> None:
    scene = bench.canvas.graph_scene
    before = {key: (item.pos(), item.card) for key, item in scene.nodes.items()}
    ways = {slot: each.way.points for slot, each in scene.wires.items()}
    turn(bench)
    assert len(bench.asked) == 1
    assert differences(scene, bench.plan) == []
    bench.key(Qt.Key.Key_Z, CTRL)
    assert {key: (item.pos(), item.card) for key, item in scene.nodes.items()} == before
    assert {slot: each.way.points for slot, each in scene.wires.items()} == ways
    assert differences(scene, bench.plan) == []
    turn(bench)
    turn(bench)
    assert bench.document.directions == {}
    assert not any(on_edges(item) for item in scene.nodes.values())
    assert differences(scene, bench.plan) == []


@pytest.mark.parametrize("name", ["resnet18", "unet", "dcgan", "seq2seq-attention"])
def test_templates_follow_a_turn_card_by_card(make_bench: Callable[[Document], Bench], name: str) -> None:
    bench = make_bench(templates.document(name))
    turn(bench)
    scene = bench.canvas.graph_scene
    assert all(on_edges(item) for item in scene.nodes.values())
    assert differences(scene, bench.plan) == []
    cards = {key: item.scene_card() for key, item in scene.nodes.items()}
    for each in scene.wires.values():
        ends = (each.wire.source, each.wire.target)
        crossed = [key for key, area in cards.items() if key not in ends and each.crosses(area.adjusted(2, 2, -2, -2))]
        assert crossed == [], f"{name}: {each.wire} leads through {crossed}"


def test_a_file_keeps_the_direction(down: Bench) -> None:
    again = file.loads(file.dumps(down.document))
    assert again.directions == {"": "down"}
    scene = GraphScene(Style())
    scene.load(again, "", down.plan)
    shown = {slot: each.way.points[0] for slot, each in down.canvas.graph_scene.wires.items()}
    assert {slot: each.way.points[0] for slot, each in scene.wires.items()} == shown


@pytest.mark.parametrize("is_forward", [True, False])
def test_wires_are_drawn_with_the_mouse(down: Bench, is_forward: bool) -> None:
    ends = (down.port("conv", "output"), down.port("relu", "input"))
    down.drag(*(ends if is_forward else ends[::-1]))
    assert ("conv", "output", "relu", "input") in down.wires()
    way = line(down, "conv", "relu").way
    assert way.is_down
    assert differences(down.canvas.graph_scene, down.plan) == []


def test_a_held_wire_hangs_down(down: Bench) -> None:
    start = down.port("conv", "output")
    down.press(start)
    down.move(start + QPoint(120, 30))
    down.move(start + QPoint(200, 90))
    path = down.canvas.sketch._wire
    assert path is not None
    first = path.pointAtPercent(0.03) - path.pointAtPercent(0)
    assert first.y() > 3 * abs(first.x())
    down.key(Qt.Key.Key_Escape)


def test_a_port_of_many_wires_lies_along_the_edge(down: Bench) -> None:
    add(down.document, "Add", "sum", (900, 600))
    item = items(down.canvas.graph_scene)["sum"]
    assert is_capsule(item.facts.inputs[0])
    reach = CAPSULE / 2
    place = item.port_place("input", "inputs")
    scene = down.canvas.graph_scene
    assert scene.port_at(place + QPointF(reach + 4, 0)) is not None
    assert scene.port_at(place + QPointF(0, -reach - 4)) is None
    wire(down.document, "conv", "output", "sum", "inputs")
    wire(down.document, "image", "out", "sum", "inputs")
    ends = [line(down, name, "sum").way.points[-1] for name in ("conv", "image")]
    assert ends[0].y() == ends[1].y() == item.y()
    assert ends[0].x() != ends[1].x()


def test_what_is_added_after_a_card_comes_below_it(down: Bench) -> None:
    put(down, relu=(1600, 0), flatten=(1600, 400), head=(1600, 800))
    before = items(down.canvas.graph_scene).keys()
    down.canvas.add_beside("ReLU", down.id("conv"))
    found = items(down.canvas.graph_scene)
    [new] = [found[name] for name in found.keys() - before]
    conv = found["conv"]
    assert new.y() >= conv.scene_card().bottom() + 40
    assert abs(new.scene_card().center().x() - conv.scene_card().center().x()) <= STEP
    [led] = [each for each in down.canvas.graph_scene.wires.values() if each.wire.target == new.key]
    assert led.way.path.boundingRect().width() <= STEP


def test_a_card_that_has_no_room_below_comes_beside_what_is_there(down: Bench) -> None:
    conv = items(down.canvas.graph_scene)["conv"].scene_card()
    put(down, relu=(conv.left(), conv.bottom() + 64))
    down.canvas.add_beside("Dropout", down.id("conv"))
    cards = [item.scene_card() for item in items(down.canvas.graph_scene).values()]
    assert not [1 for place, one in enumerate(cards) for two in cards[:place] if one.intersects(two)]


def test_a_card_put_into_a_wire_pushes_the_column_down(down: Bench) -> None:
    put(down, image=(0, 0), conv=(-20, 200), digits=(600, 0), relu=(600, 400), flatten=(600, 700), head=(600, 900))
    way = line(down, "image", "conv").way
    down.canvas.set_selection(())
    middle = way.path.pointAtPercent(0.5)
    down.canvas.add_node_at("ReLU", middle, line(down, "image", "conv").wire)
    found = {name: item.scene_card() for name, item in items(down.canvas.graph_scene).items()}
    new = next(card for name, card in found.items() if name.startswith("relu") and name != "relu")
    assert found["image"].bottom() < new.top()
    assert new.bottom() < found["conv"].top()


def test_arrow_keys_go_down_along_wires(down: Bench) -> None:
    put(down, digits=(0, 0), image=(0, 300), conv=(0, 600), relu=(400, 320), flatten=(800, 600), head=(800, 900))
    down.canvas.set_selection((down.id("digits"),))
    walked = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
        down.key(key)
        walked.append(down.document.graph.node(down.canvas.current or "").name)
    assert walked == ["image", "conv", "image", "relu", "image"]


def test_a_bend_is_passed_downwards(down: Bench) -> None:
    put(down, digits=(800, 0), image=(0, 0), conv=(0, 500))
    led = line(down, "image", "conv")
    place = led.way.path.pointAtPercent(0.5)
    at = down.canvas.mapFromScene(place)
    down.drag(at, at + QPoint(160, 0))
    [dots] = down.document.bends.values()
    assert len(dots) == 1
    way = line(down, "image", "conv").way
    assert way.is_down
    assert way.dots == (QPointF(*dots[0]),)
    share = way.path.percentAtLength(0)
    near = min(range(101), key=lambda step: (way.path.pointAtPercent(step / 100) - way.dots[0]).manhattanLength())
    before, after = (way.path.pointAtPercent(share + (near + side) / 100) for side in (-1, 1))
    assert after.y() - before.y() > abs(after.x() - before.x())


def test_a_dot_in_a_lane_keeps_the_lane(down: Bench) -> None:
    put(down, digits=(800, 0), image=(0, 600), conv=(0, 0))
    way = line(down, "image", "conv").way
    assert way.along_lane
    lane = way.points[2].x()
    assert way.points[3].x() == lane
    down.canvas.select_wires({line(down, "image", "conv").wire.key})
    down.key(Qt.Key.Key_R)
    [dots] = down.document.bends.values()
    assert len(dots) == 3
    assert {abs(place[0] - lane) <= STEP for place in dots} == {True}


def test_lanes_of_wires_that_run_up_stand_apart(down: Bench) -> None:
    wire(down.document, "conv", "output", "relu", "input")
    wire(down.document, "relu", "output", "flatten", "input")
    put(down, digits=(900, 0), image=(0, 900), conv=(0, 0), relu=(20, 300), flatten=(0, -300), head=(900, 500))
    lanes = [line(down, *ends).way for ends in (("image", "conv"), ("relu", "flatten"))]
    assert all(way.along_lane for way in lanes)
    assert abs(lanes[0].points[2].x() - lanes[1].points[2].x()) >= STEP


def test_a_wire_leads_round_a_card_in_its_way(down: Bench) -> None:
    put(down, digits=(900, 0), image=(0, 0), relu=(0, 300), conv=(-20, 700), flatten=(900, 300), head=(900, 600))
    led = line(down, "image", "conv")
    assert not led.crosses(items(down.canvas.graph_scene)["relu"].scene_card())


def test_a_short_wire_leads_round_a_collapsed_card(down: Bench) -> None:
    put(down, digits=(900, 0), image=(0, 0), flatten=(900, 300), head=(900, 600))
    start = line(down, "image", "conv").way.points[0]
    down.history.do(Patch("Collapse", (Change("collapsed", down.id("relu"), None, True),)))
    put(down, relu=(start.x() - 60, start.y() + 36), conv=(-20, start.y() + 104))
    assert not line(down, "image", "conv").crosses(items(down.canvas.graph_scene)["relu"].scene_card())


def test_the_pieces_of_a_way_are_told_apart() -> None:
    dots = [QPointF(200, 120), QPointF(40, 400), QPointF(300, 440)]
    way = led(QPointF(0, 0), QPointF(0, 700), dots, is_down=True)
    found = [piece_at(way, way.path.pointAtPercent(step / 50)) for step in range(51)]
    assert found == sorted(found)
    assert set(found) == {0, 1, 2, 3}
    index, middle = longest_piece(way)
    assert index == 3
    assert min((way.path.pointAtPercent(step / 500) - middle).manhattanLength() for step in range(501)) < 4


def test_wires_go_out_to_a_lane_without_crossing() -> None:
    item = NodeItem("n1", many_ports(), Style())
    names = [port.name for port in item.facts.outputs]
    right, left = (
        [item.outward("output", name, lane) for name in names] for lane in (item.card.outputs[-1].x() + 40, -40)
    )
    assert right[0] > right[1]
    assert left[0] < left[1]
    first = item.card.outputs[0].x()
    between = (first + item.card.height) / 2
    assert item.outward("output", "output", between) == (left if between < first else right)[0]


def test_the_nearest_to_wire_to_are_those_below(down: Bench) -> None:
    put(down, conv=(0, 0), relu=(240, 0), flatten=(0, 300), head=(0, -300), digits=(900, 900), image=(900, -900))
    found = _nearest(down.canvas, down.id("conv"))
    assert [found[side][0] for side in ("input", "output")] == [down.id("flatten"), down.id("head")]


def test_cards_that_grow_wider_by_the_turn_have_room(make_bench: Callable[[Document], Bench]) -> None:
    graph = Graph()
    image = graph.add("Input", name="image", shape=(8, 16))
    for place in range(3):
        key = graph.add("MultiheadAttention", name=f"attention{place}", num_heads=2)
        for port in ("query", "key", "value"):
            graph.connect(image, "out", key, port)
    bench = make_bench(Document(graph))
    wide = [item.card.width for item in bench.canvas.graph_scene.nodes.values()]
    turn(bench)
    cards = [item.scene_card() for item in bench.canvas.graph_scene.nodes.values()]
    assert max(card.width() for card in cards) > max(wide)
    assert not [1 for place, one in enumerate(cards) for two in cards[:place] if one.intersects(two)]


def test_a_level_turns_without_being_arranged(bench: Bench) -> None:
    scene = bench.canvas.graph_scene
    bench.history.do(Patch("Turn", (Change("direction", "", None, "down"),)))
    assert all(on_edges(item) for item in scene.nodes.values())
    assert all(each.way.is_down for each in scene.wires.values())
    assert differences(scene, bench.plan) == []
    bench.history.undo()
    assert not any(each.way.is_down for each in scene.wires.values())
    assert differences(scene, bench.plan) == []


def test_labels_stand_beside_the_wire(down: Bench) -> None:
    put(down, digits=(900, 0), image=(0, 0), conv=(-20, 300), relu=(900, 300), flatten=(900, 500), head=(900, 700))
    down.canvas.viewport().grab()
    led = line(down, "image", "conv")
    assert led.label
    assert led.spot is not None
    wide = len(led.label) * 6
    room = QRectF(led.spot.x() - wide / 2, led.spot.y() - 6, wide, 12)
    assert not led.crosses(room)
    assert led.boundingRect().contains(room)
    assert led.way.points[0].y() < led.spot.y() < led.way.points[-1].y()


def test_every_spot_of_a_label_lies_within_the_wires_bounds(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(templates.document("unet"))
    turn(bench)
    for each in bench.canvas.graph_scene.wires.values():
        for spot in label_spots(each.way, each.way.room):
            room = QRectF(spot.x() - each.way.room / 2, spot.y() - 8, each.way.room, 16)
            assert each.boundingRect().contains(room), each.wire


def test_names_of_several_ports_stand_inside_the_card_and_never_on_each_other() -> None:
    found = card(many_ports())
    assert [len(found.input_names), len(found.output_names)] == [5, 2]
    for rooms in (found.input_names, found.output_names):
        assert all(found.rect().contains(room) for room in rooms)
        assert all(a.right() <= b.left() + 0.01 for a, b in pairwise(rooms))
    assert all(
        abs(room.center().x() - place.x()) <= 1 for room, place in zip(found.input_names, found.inputs, strict=True)
    )
    assert found.input_names[0].bottom() <= found.top + 6
    assert found.kind.top() >= found.top + HEADER - 4


def test_a_card_with_single_ports_is_as_wide_and_high_as_ever() -> None:
    plain = Facts("conv", "Conv2d 16", "convolution", "convolution", (PortFacts("input", "float"),), ())
    upright, turned = card(plain), card(headed(plain, is_down=True))
    assert (upright.width, upright.height) == (turned.width, turned.height)
    assert turned.top == 0


@pytest.mark.parametrize("collapsed", [True, False])
def test_ports_keep_their_places_along_the_edge_when_a_card_collapses(collapsed: bool) -> None:
    found: Card = card(replace(many_ports(), collapsed=collapsed))
    assert [place.x() for place in found.inputs] == [place.x() for place in card(many_ports()).inputs]
    assert {place.y() for place in found.outputs} == {found.height}


def test_a_problem_stands_above_the_names_of_the_outputs() -> None:
    found = card(replace(many_ports(), trouble=Trouble("error", "Something is wrong here", "Mend it")))
    assert found.strip is not None
    assert found.strip.bottom() <= found.output_names[0].top()
    assert found.output_names[0].bottom() <= found.height


def test_a_comment_leaves_the_wires_from_above_free() -> None:
    found = card(replace(many_ports(), comment="Where the words look at each other"))
    assert found.bubble is not None
    assert found.bubble.right() < found.inputs[0].x() - 4
    assert found.bubble.bottom() < 0
    assert found.outer().contains(found.bubble)


def test_collapsing_moves_the_end_of_the_wire_with_the_card(down: Bench) -> None:
    key = down.id("image")
    down.history.do(Patch("Collapse", (Change("collapsed", key, None, True),)))
    item = down.canvas.graph_scene.nodes[key]
    assert line(down, "image", "conv").way.points[0].y() == item.y() + HEADER
    assert differences(down.canvas.graph_scene, down.plan) == []


def test_words_at_the_bottom_of_a_card_take_the_wire_along(down: Bench) -> None:
    scene, key = down.canvas.graph_scene, down.id("relu")
    wire(down.document, "conv", "output", "relu", "input")
    wire(down.document, "relu", "output", "flatten", "input")
    high = scene.nodes[key].card.height
    scene.set_footers({key: "0.25"})
    assert scene.nodes[key].card.height > high
    for each in scene.wires.values():
        assert each.way.points[0] == scene.nodes[each.wire.source].port_place("output", each.wire.output)


def test_a_moved_card_snaps_to_where_its_wire_is_straight(down: Bench) -> None:
    put(down, digits=(900, 0), image=(0, 0), conv=(300, 400), relu=(900, 300), flatten=(900, 500), head=(900, 700))
    down.canvas.fit()
    down.canvas.set_zoom(1)
    wanted = line(down, "image", "conv").way.points[0].x()
    conv = items(down.canvas.graph_scene)["conv"]
    shift = wanted - conv.port_place("input", "input").x() + 4
    start = down.body("conv")
    down.drag(start, start + QPoint(round(shift), 3))
    points = line(down, "image", "conv").way.points
    assert points[0].x() == points[-1].x()


def test_the_name_is_written_where_it_stands_under_the_names_of_ports(down: Bench) -> None:
    key = add(down.document, "CrossEntropyLoss", "loss", (600, 900))
    down.canvas.set_selection((key,))
    item = down.canvas.graph_scene.nodes[key]
    assert item.card.top > 0
    down.canvas.ensure_seen(key)
    at = down.canvas.mapFromScene(item.pos() + QPointF(60, item.card.top + 16))
    QTest.mouseDClick(down.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    field = down.canvas._rename.field
    assert field.isVisible()
    assert field.geometry().contains(at)


def stacked() -> Document:
    """Four cards that nobody has placed, on a level that is drawn from top to bottom."""
    graph = Graph()
    made = [graph.add("Input", name="image", shape=(1, 8, 8))]
    made += [graph.add("ReLU", name=f"relu{place}") for place in range(3)]
    for source, target in pairwise(made):
        graph.connect(source, target)
    return Document(graph, view=View(directions={"": "down"}))


def test_cards_that_nobody_placed_stand_below_each_other(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(stacked())
    tops = [items(bench.canvas.graph_scene)[name].y() for name in ("image", "relu0")]
    assert tops[1] > tops[0]
    assert all(on_edges(item) for item in bench.canvas.graph_scene.nodes.values())


def test_a_node_without_a_place_comes_below_what_feeds_it(down: Bench) -> None:
    node = new_node(down.document.graph, "ReLU", "late")
    patch = Patch("Add", (Change("node", node.id, None, node),))
    put(down, conv=(-2000, 0))
    added = Wire(down.id("conv"), "output", node.id, "input")
    down.history.do(Patch("Add", (*patch.changes, Change("wire", added.key, None, added))))
    found = items(down.canvas.graph_scene)
    assert found["late"].y() > found["conv"].scene_card().bottom()


def test_the_action_is_checked_where_the_level_goes_down(person: Person) -> None:
    window = person.window
    window.editor.new(nested(), "nested")
    action = window.actions_table["downwards"]
    assert not action.isChecked()
    person.press(TURN, person.canvas)
    assert window.editor.document.directions == {"": "down"}
    assert action.isChecked()
    person.double("stage")
    assert person.editor.level != ""
    assert not action.isChecked()
    person.press("Escape", person.canvas)
    assert person.editor.level == ""
    assert action.isChecked()
    window.editor.new(nested(), "other")
    assert not action.isChecked()
    person.press("Ctrl+Shift+Tab")
    assert person.editor.document.directions == {"": "down"}
    assert action.isChecked()
    person.press("Ctrl+Z")
    assert window.editor.document.directions == {}
    assert not action.isChecked()
    person.press("Ctrl+Shift+Z")
    assert action.isChecked()


def test_a_node_searched_with_tab_comes_below_the_last_one(person: Person) -> None:
    person.window.editor.new(stacked(), "stacked")
    before = set(person.editor.document.graph.nodes)
    for kind in ("Tanh", "Sigmoid"):
        person.press("Tab", person.canvas)
        person.type(kind)
        person.press("Return")
    found = items(person.canvas.graph_scene)
    first, second = (found[person.node(name).name] for name in ("tanh", "sigmoid"))
    assert {first.key, second.key} == set(person.editor.document.graph.nodes) - before
    assert second.y() >= first.scene_card().bottom()
    assert [wire.target for wire in person.editor.document.graph.out_of(first.key)] == [second.key]


def test_a_node_of_the_palette_comes_below_the_selected_one(person: Person) -> None:
    person.window.editor.new(stacked(), "stacked")
    person.pick("relu2")
    new = person.add_by_search("Tanh")
    nodes = person.canvas.graph_scene.nodes
    old = nodes[person.node("relu2").id].scene_card()
    assert nodes[new].y() >= old.bottom()
    assert abs(nodes[new].scene_card().center().x() - old.center().x()) <= STEP


def test_small_pictures_show_wires_from_card_to_card() -> None:
    drawn = sketch(stacked())
    boxes = [box for _, box in drawn.cards]
    below, above = {box[1] + box[3] for box in boxes}, {box[1] for box in boxes}
    assert drawn.wires
    assert all(start[1] in below and end[1] in above and start[1] < end[1] for start, end in drawn.wires)
