"""Dots that wires are led through: put, moved, shared and removed by hand, on a shown canvas."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from tests.ui.canvas.conftest import Bench, add, wire

from netloom.graph import Change, Patch, Point, Slot, edit
from netloom.layers.blocks import make_block, unpack
from netloom.layers.connect import connect
from netloom.ui.canvas.bend_path import bent
from netloom.ui.canvas.bends import Dot
from netloom.ui.canvas.wire_path import lines
from netloom.ui.canvas.wiring import insert_patch

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
places = st.tuples(st.integers(-600, 600), st.integers(-400, 400)).map(lambda each: QPointF(each[0] * 8, each[1] * 8))


def slot(bench: Bench, name: str, port: str = "input") -> Slot:
    return (bench.id(name), port, 0)


def middle(bench: Bench, key: Slot) -> QPoint:
    """The middle of a wire in the viewport."""
    return bench.canvas.mapFromScene(bench.canvas.graph_scene.wires[key].way.path.pointAtPercent(0.5))


def bends(bench: Bench, key: Slot) -> tuple[Point, ...]:
    return bench.document.bends.get(key, ())


def lead(bench: Bench, key: Slot, *through: Point) -> None:
    """Lead a wire through these places, outside of all undo."""
    bench.document.apply(Patch("Lead", (Change("bend", key, bench.document.bends.get(key), through),)))


def at(bench: Bench, place: Point) -> QPoint:
    return bench.canvas.mapFromScene(QPointF(*place))


def double(bench: Bench, place: QPoint) -> None:
    bench.click(place)
    QTest.mouseDClick(bench.canvas.viewport(), LEFT, pos=place)
    QTest.mouseRelease(bench.canvas.viewport(), LEFT, pos=place)


@pytest.fixture
def fan(bench: Bench) -> Bench:
    """One output that feeds three: relu and, through shared dots, flatten and head."""
    wire(bench.document, "conv", "output", "relu", "input")
    wire(bench.document, "conv", "output", "flatten", "input")
    wire(bench.document, "conv", "output", "head", "input")
    lead(bench, slot(bench, "flatten"), (640.0, 240.0), (400.0, 280.0))
    lead(bench, slot(bench, "head"), (640.0, 240.0))
    return bench


def test_a_double_click_puts_a_dot_on_the_grid_and_another_takes_it_away(bench: Bench) -> None:
    key = slot(bench, "conv")
    double(bench, middle(bench, key))
    (dot,) = bends(bench, key)
    assert dot[0] % 8 == dot[1] % 8 == 0
    assert (bench.history.undo_label, len(bench.asked)) == ("Bend wire", 1)
    double(bench, at(bench, dot))
    assert bends(bench, key) == ()
    assert bench.history.undo_label == "Remove dot"
    bench.history.undo()
    assert bends(bench, key) == (dot,)


def test_dragging_the_middle_of_a_wire_bends_it_in_one_step(bench: Bench) -> None:
    key = slot(bench, "conv")
    start = middle(bench, key)
    bench.drag(start, start + QPoint(0, 120))
    (dot,) = bends(bench, key)
    place = bench.canvas.mapToScene(start + QPoint(0, 120))
    assert math.hypot(dot[0] - place.x(), dot[1] - place.y()) <= 8
    assert bench.history.labels == ["Bend wire"]
    bench.history.undo()
    assert bends(bench, key) == ()


def test_a_click_that_trembles_bends_nothing(bench: Bench) -> None:
    start = middle(bench, slot(bench, "conv"))
    bench.drag(start, start + QPoint(2, 1))
    assert not bench.asked
    assert bench.canvas.marked.wires == {slot(bench, "conv")}


def test_escape_leads_the_wire_as_before(bench: Bench) -> None:
    item = bench.canvas.graph_scene.wires[slot(bench, "conv")]
    before, start = item.way.path, middle(bench, slot(bench, "conv"))
    bench.press(start)
    bench.move(start + QPoint(0, 90))
    assert len(item.way.dots) == 1
    bench.key(Qt.Key.Key_Escape)
    bench.release(start + QPoint(0, 90))
    assert item.way.path == before
    assert not bench.asked


def test_a_dot_is_moved_with_all_wires_that_share_it(fan: Bench) -> None:
    fan.drag(at(fan, (640, 240)), at(fan, (600, 264)))
    assert bends(fan, slot(fan, "flatten")) == ((600, 264), (400, 280))
    assert bends(fan, slot(fan, "head")) == ((600, 264),)
    assert fan.history.labels == ["Move dot"]
    assert fan.canvas.marked.dots == {Dot(fan.id("conv"), "output", (600, 264))}


def test_a_dot_of_another_output_at_the_same_place_stays(fan: Bench) -> None:
    lead(fan, slot(fan, "conv"), (640.0, 240.0))
    fan.drag(at(fan, (640, 240)), at(fan, (608, 240)))
    moved = {name for name in ("conv", "flatten", "head") if bends(fan, slot(fan, name))[0] == (608, 240)}
    assert moved in ({"conv"}, {"flatten", "head"})


def test_wires_come_to_a_shared_dot_on_one_way(fan: Bench) -> None:
    ways = [fan.canvas.graph_scene.wires[slot(fan, name)].way.path for name in ("flatten", "head")]
    firsts = [[(path.elementAt(i).x, path.elementAt(i).y) for i in range(4)] for path in ways]
    assert firsts[0] == firsts[1]
    fan.drag(fan.body("head"), fan.body("head") + QPoint(200, 200))
    ways = [fan.canvas.graph_scene.wires[slot(fan, name)].way.path for name in ("flatten", "head")]
    assert ways[0].elementAt(2).y == ways[1].elementAt(2).y


def test_a_dot_before_a_shared_one_is_put_on_all_wires_there(fan: Bench) -> None:
    path = fan.canvas.graph_scene.wires[slot(fan, "head")].way.path
    double(fan, fan.canvas.mapFromScene(path.pointAtPercent(0.15)))
    assert len(bends(fan, slot(fan, "flatten"))) == 3
    assert bends(fan, slot(fan, "flatten"))[:2] == bends(fan, slot(fan, "head"))


def test_delete_removes_the_selected_dot_and_leaves_the_wires(fan: Bench) -> None:
    before = fan.wires()
    fan.click(at(fan, (640, 240)))
    assert fan.canvas.accessibleDescription() == "dot on the wire from conv"
    fan.key(Qt.Key.Key_Delete)
    assert fan.wires() == before
    assert bends(fan, slot(fan, "flatten")) == ((400, 280),)
    assert bends(fan, slot(fan, "head")) == ()
    assert fan.history.labels == ["Remove dot"]


def test_escape_lets_go_of_a_dot(fan: Bench) -> None:
    fan.click(at(fan, (640, 240)))
    fan.key(Qt.Key.Key_Escape)
    assert not fan.canvas.marked
    assert not fan.canvas.graph_scene.wires[slot(fan, "head")].picked


def test_r_bends_the_selected_wires_and_arrows_move_the_dots(bench: Bench) -> None:
    keys = [slot(bench, "conv"), slot(bench, "image", "data")]
    bench.click(middle(bench, keys[0]))
    bench.click(middle(bench, keys[1]), SHIFT)
    bench.key(Qt.Key.Key_R)
    first = [bends(bench, key)[0] for key in keys]
    assert bench.history.labels == ["Bend 2 wires"]
    for _ in range(3):
        bench.key(Qt.Key.Key_Down, CONTROL)
    assert [bends(bench, key)[0] for key in keys] == [(x, y + 24) for x, y in first]
    assert bench.history.labels == ["Bend 2 wires", "Move 2 dots"]
    bench.key(Qt.Key.Key_Delete)
    assert not bench.document.bends
    bench.key(Qt.Key.Key_Delete)
    assert not bench.wires()


def test_a_wire_that_branches_off_at_a_dot_keeps_the_dots_up_to_there(fan: Bench) -> None:
    add(fan.document, "ReLU", "late", (800, 480))
    fan.canvas.fit()
    fan.drag(at(fan, (640, 240)), fan.port("late", "input"), SHIFT)
    assert ("conv", "output", "late", "input") in fan.wires()
    assert bends(fan, slot(fan, "late")) == ((640, 240),)
    assert len(fan.asked) == 1
    fan.history.undo()
    assert ("conv", "output", "late", "input") not in fan.wires()
    assert slot(fan, "late") not in fan.document.bends


def test_a_wire_that_is_bent_in_its_lane_stays_there(bench: Bench) -> None:
    wire(bench.document, "conv", "output", "head", "input")
    wire(bench.document, "image", "out", "relu", "input")
    item = bench.canvas.graph_scene.wires[slot(bench, "relu")]
    assert item.way.along_lane
    lane = item.way.points[2].y()
    bench.click(middle(bench, slot(bench, "relu")))
    bench.key(Qt.Key.Key_R)
    led = bends(bench, slot(bench, "relu"))
    assert len(led) == 3
    assert all(abs(y - lane) <= 4 for _, y in led)


def test_dots_go_along_where_both_ends_move_and_stay_where_one_does(bench: Bench) -> None:
    key = slot(bench, "conv")
    lead(bench, key, (400.0, 160.0))
    bench.canvas.set_selection((bench.id("image"), bench.id("conv")))
    bench.press(bench.body("image"))
    bench.move(bench.body("image") + QPoint(20, 40))
    bench.move(bench.body("image") + QPoint(20, 40))
    shown = bench.canvas.graph_scene.nodes[bench.id("conv")].pos() - QPointF(440, 0)
    assert shown.y() > 0
    assert bench.canvas.graph_scene.wires[key].way.dots == (QPointF(400, 160) + shown,)
    bench.release(bench.body("image"))
    step = bench.canvas.graph_scene.nodes[bench.id("conv")].pos() - QPointF(440, 0)
    assert bends(bench, key) == ((400 + step.x(), 160 + step.y()),)
    assert len(bench.history.labels) == 1
    bench.history.do(edit.move(bench.document, {bench.id("conv"): (480.0, 0.0)}))
    assert bends(bench, key) == ((400 + step.x(), 160 + step.y()),)


def test_a_wire_from_elsewhere_in_the_same_slot_has_no_dots(bench: Bench) -> None:
    key = slot(bench, "relu")
    wire(bench.document, "conv", "output", "relu", "input")
    lead(bench, key, (660.0, 160.0))
    bench.history.do(connect(bench.document.graph, bench.id("image"), "out", bench.id("relu"), "input"))
    assert bends(bench, key) == ()
    bench.history.undo()
    assert bends(bench, key) == ((660, 160),)
    assert bench.canvas.graph_scene.wires[key].way.dots


def test_dots_go_into_a_block_and_come_out_where_its_nodes_do(bench: Bench) -> None:
    wire(bench.document, "conv", "output", "relu", "input")
    key, nodes = slot(bench, "relu"), (bench.id("conv"), bench.id("relu"))
    lead(bench, key, (640.0, 160.0))
    bench.history.do(make_block(bench.document, nodes, "Unit"))
    assert bends(bench, key) == ((640, 160),)
    block = bench.id("unit")
    bench.history.do(edit.move(bench.document, {block: (1000.0, 400.0)}))
    bench.history.do(unpack(bench.document, block))
    x, y = bench.document.positions[nodes[0]]
    assert bends(bench, key) == ((640 + x - 440, 160 + y),)
    assert x > 440


def test_copies_from_a_repeated_block_have_dots_of_their_own(bench: Bench) -> None:
    wire(bench.document, "conv", "output", "relu", "input")
    lead(bench, slot(bench, "relu"), (640.0, 160.0))
    bench.history.do(make_block(bench.document, (bench.id("conv"), bench.id("relu")), "Unit"))
    bench.history.do(edit.set_params(bench.document.graph, bench.id("unit"), {"repeat": 2}))
    bench.history.do(unpack(bench.document, bench.id("unit")))
    led = [bench.document.bends[key] for key in bench.document.bends]
    assert len(led) == 2
    assert led[0][0][0] != led[1][0][0]


@pytest.mark.parametrize(("zoom", "is_seen"), [(1.0, True), (0.45, True), (0.3, False)])
def test_dots_are_seen_from_near(bench: Bench, zoom: float, is_seen: bool) -> None:
    lead(bench, slot(bench, "conv"), (400.0, 200.0))
    bench.canvas.set_zoom(zoom)
    bench.canvas.settle()
    beside = at(bench, (400, 200)) + QPoint(0, 1)
    wire_colour = bench.canvas.look.look.color("wire")
    assert (bench.canvas.viewport().grab().toImage().pixelColor(beside) == wire_colour) == is_seen


def test_a_dot_grows_under_the_cursor_and_is_accented_when_selected(bench: Bench) -> None:
    lead(bench, slot(bench, "conv"), (400.0, 200.0))
    place = at(bench, (400, 200))
    rim, look = place + QPoint(0, 3), bench.canvas.look.look

    def rim_colour() -> object:
        return bench.canvas.viewport().grab().toImage().pixelColor(rim)

    assert rim_colour() != look.color("wire-hover")
    bench.move(place)
    assert rim_colour() == look.color("wire-hover")
    bench.click(place)
    assert rim_colour() == look.color("accent")


def test_the_label_of_a_bent_wire_stands_at_its_widest_piece(bench: Bench) -> None:
    key = slot(bench, "conv")
    lead(bench, key, (380.0, -80.0), (700.0, -80.0))
    bench.canvas.viewport().grab()
    spot = bench.canvas.graph_scene.wires[key].spot
    assert spot is not None
    assert 380 < spot.x() < 700
    assert abs(spot.y() + 80) < 16


@given(source=places, target=places, through=st.lists(places, min_size=1, max_size=4))
def test_a_bent_way_leads_from_end_to_end_through_each_dot(
    source: QPointF, target: QPointF, through: Sequence[QPointF]
) -> None:
    way = bent(source, target, through)
    ends = [way.path.pointAtPercent(0), way.path.currentPosition()]
    assert [(each.x(), each.y()) for each in ends] == [(source.x(), source.y()), (target.x(), target.y())]
    corners = [point for line in lines(way.path) for point in line]
    for dot in through:
        assert min((point - dot).manhattanLength() for point in corners) < 1e-6
    assert (way.points[0], way.points[-1]) == (source, target)


def test_a_bent_way_turned_over_is_the_way_of_what_is_turned_over() -> None:
    """What is drawn from top to bottom is to be led by the same functions."""
    stops = [QPointF(0, 0), QPointF(120, 40), QPointF(300, -80), QPointF(420, 0)]
    up = bent(stops[0], stops[-1], stops[1:-1]).path
    down = bent(
        *(QPointF(each.x(), -each.y()) for each in (stops[0], stops[-1])), [QPointF(e.x(), -e.y()) for e in stops[1:-1]]
    )
    for place in range(up.elementCount()):
        assert up.elementAt(place).x == pytest.approx(down.path.elementAt(place).x)
        assert up.elementAt(place).y == pytest.approx(-down.path.elementAt(place).y)


@pytest.mark.parametrize("by_drag", [False, True])
def test_a_node_put_into_a_bent_wire_stands_between_its_dots(bench: Bench, by_drag: bool) -> None:
    bench.history.do(edit.remove(bench.document, wires=list(bench.document.graph.wires.values())))
    wire(bench.document, "conv", "output", "head", "input")
    lead(bench, slot(bench, "head"), (640.0, 400.0), (640.0, 640.0))
    add(bench.document, "Tanh", "tanh", (1000, 0) if by_drag else (560, 520))
    bench.canvas.fit()
    if by_drag:
        card = bench.canvas.graph_scene.nodes[bench.id("tanh")].card
        start = bench.body("tanh")
        grip = bench.canvas.mapToScene(start) - bench.canvas.graph_scene.nodes[bench.id("tanh")].pos()
        corner = QPointF(640 - card.width / 2, 520 - card.height / 2)
        bench.drag(start, bench.canvas.mapFromScene(corner + grip))
    else:
        found = bench.document.graph.wires[slot(bench, "head")]
        bench.history.do(insert_patch(bench.document, found, bench.id("tanh")))
    assert {("conv", "output", "tanh", "input"), ("tanh", "output", "head", "input")} == bench.wires()
    assert bends(bench, slot(bench, "tanh")) == ((640, 400),)
    assert bends(bench, slot(bench, "head")) == ((640, 640),)
    bench.history.undo()
    assert bends(bench, slot(bench, "head")) == ((640, 400), (640, 640))


def test_a_dot_in_the_hand_bends_the_trunk_as_it_will_be(fan: Bench) -> None:
    keys = [slot(fan, "flatten"), slot(fan, "head")]
    items = [fan.canvas.graph_scene.wires[key] for key in keys]
    fan.press(at(fan, (400, 280)))
    fan.move(at(fan, (560, 560)))
    shown = [item.way.path for item in items]
    fan.release(at(fan, (560, 560)))
    assert [fan.canvas.graph_scene.wires[key].way.path for key in keys] == shown


def test_selected_dots_are_moved_together(bench: Bench) -> None:
    keys = [slot(bench, "conv"), slot(bench, "image", "data")]
    bench.canvas.select_wires(keys)
    bench.key(Qt.Key.Key_R)
    before = [bends(bench, key)[0] for key in keys]
    bench.drag(at(bench, before[0]), at(bench, before[0]) + QPoint(0, 160))
    steps = [bends(bench, key)[0][1] - y for key, (_, y) in zip(keys, before, strict=True)]
    assert steps[0] == steps[1] > 0
    assert bench.history.labels == ["Bend 2 wires", "Move 2 dots"]
