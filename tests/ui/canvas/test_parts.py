"""The parts without a widget: facts, measures, ways of wires, lanes, free places, the cache of pictures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.conftest import small_document

from netloom.compiler.plan import Fix, Problem
from netloom.compiler.planner import Planner
from netloom.graph import Change, Graph, Node, Patch, Wire
from netloom.graph.walk import ordered
from netloom.ui import theme
from netloom.ui.canvas import wire_path
from netloom.ui.canvas.card import GRID, WIDTHS, card, screen_font
from netloom.ui.canvas.facts import Facts, facts, shortened
from netloom.ui.canvas.lanes import Lanes
from netloom.ui.canvas.pixmap_cache import PixmapCache
from netloom.ui.canvas.placement import places
from netloom.ui.canvas.walk import next_node


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")


def _facts(kind: str, name: str = "x", **params: object) -> Facts:
    node = Node("a", kind, name, params)  # type: ignore[arg-type]
    graph = Graph()
    graph.apply((Change("node", "a", None, node),))
    return facts(graph, node)


@pytest.mark.parametrize(("kind", "params", "line"), [
    ("Conv2d", {"out_channels": 16, "kernel_size": 3}, "Conv2d 16 · 3×3"),
    ("Conv2d", {"out_channels": 16, "kernel_size": [3, 5]}, "Conv2d 16 · 3×5"),
    ("Conv2d", {"out_channels": 16, "kernel_size": 3, "bias": False}, "Conv2d 16 · 3×3 · no bias"),
    ("ReLU", {}, "ReLU"),
    ("AdamW", {"lr": 0.01}, "AdamW lr 0.01"),
    ("Conv2d", {}, "Conv2d 16 · 3×3"),
    ("Permute", {"dims": [0, 3, 1, 2]}, "Permute 0, 3, 1, 2"),
    ("Input", {"shape": [1, 28, 28]}, "Input 1×28×28"),
    ("AdamW", {}, "AdamW lr 0.001"),
    ("SGD", {"lr": 2e-5, "momentum": 0.9, "weight_decay": 0.1}, "SGD lr 2e-5 · momentum 0.9"),
    ("Dataset", {"source": "moons", "noise": 0.15}, "Dataset moons"),
    ("CrossEntropyLoss", {"label_smoothing": 0.05}, "CrossEntropyLoss"),
    ("Accuracy", {}, "Accuracy"),
    ("GRU", {"hidden_size": 32, "batch_first": True}, "GRU 32"),
])  # fmt: skip
def test_the_kind_line_holds_what_differs(kind: str, params: dict[str, object], line: str) -> None:
    assert _facts(kind, **params).kind == line


def test_ports_say_what_flows() -> None:
    loss = _facts("CrossEntropyLoss")
    assert [port.carries for port in loss.outputs] == ["scalar"]
    assert loss.has_rows
    assert not _facts("ReLU").has_rows
    hidden = next(port for port in _facts("LSTM").inputs if port.name == "hidden")
    assert hidden.hollow
    assert next(port for port in _facts("Add").inputs).many


def test_the_plan_adds_shapes_counts_and_rows() -> None:
    document = small_document()
    graph = document.graph
    plan = Planner().plan(graph)
    found = {node.name: facts(graph, node, plan.nodes.get(node.id)) for node in graph.nodes.values()}
    assert found["conv"].footer == "160"
    assert found["conv"].well == (16, 6, 6)
    assert found["image"].footer == "float32"
    assert found["digits"].footer.replace("\u00a0", " ") == "1,438 train 359 val"
    assert found["flatten"].well is None
    assert [port.carries for port in found["digits"].outputs] == ["float", "integer"]


def test_the_gravest_problem_stands_on_the_card() -> None:
    node = Node("a", "Linear", "head")
    graph = Graph()
    graph.apply((Change("node", "a", None, node),))
    fix = Fix("Use 256", Patch("", ()))
    problems = (
        Problem("a", None, "warning", "head is odd."),
        Problem("a", "input", "error", "head expects 512 features, gets 256. Linear reads it.", (fix,)),
    )
    trouble = facts(graph, node, None, problems).trouble
    assert trouble is not None
    assert trouble.severity == "error"
    assert trouble.text == "Expects 512 features, gets 256 (and 1 more)"
    assert trouble.fix == "Use 256"


def test_the_name_is_left_out_of_its_own_card() -> None:
    assert shortened("head expects 5.", "head") == "Expects 5"
    assert shortened("This wire closes a loop.", "head") == "This wire closes a loop"


@pytest.mark.parametrize(
    "kind", ["Conv2d", "Flatten", "CrossEntropyLoss", "LSTM", "Add", "Dataset", "MultiheadAttention"]
)
def test_the_parts_of_a_card_are_inside_it_and_do_not_overlap(kind: str) -> None:
    found = card(_facts(kind, "a_name_that_is_really_much_too_long_for_it"))
    assert found.width in WIDTHS
    parts = [part for part in (found.kind, found.well, found.footer) if part is not None]
    assert all(found.rect().contains(part) for part in parts)
    assert all(not first.intersects(second) for first in parts for second in parts if first is not second)
    assert all(place.x() == 0 for place in found.inputs)
    assert all(place.x() == found.width for place in found.outputs)
    assert all(0 < place.y() < found.height for place in (*found.inputs, *found.outputs))


def test_a_card_is_as_wide_as_its_kind_line_and_footer_need() -> None:
    graph = small_document().graph
    digits = graph.named("digits")
    assert digits is not None
    found = facts(graph, digits, Planner().plan(graph).nodes[digits.id])
    footer = card(found).footer
    assert footer is not None
    for pixels in (11, 13):
        metrics = QFontMetricsF(screen_font("shape", pixels))
        assert metrics.horizontalAdvance(found.footer) <= footer.width()
    assert card(_facts("ReLU")).width < card(_facts("Conv2d", stride=2, padding=[1, 2])).width


numbers = st.floats(-3000, 3000)


@given(numbers, numbers, numbers, numbers, st.none() | numbers)
def test_every_way_leads_from_port_to_port(x: float, y: float, to_x: float, to_y: float, lane: float | None) -> None:
    source, target = QPointF(x, y), QPointF(to_x, to_y)
    way = wire_path.route(source, target, lane)
    assert way.path.elementAt(0).x == pytest.approx(x)
    assert (way.path.currentPosition() - target).manhattanLength() < 1e-6
    assert way.points[0] == source
    assert way.points[-1] == target
    bounds = way.path.boundingRect()
    assert all(math.isfinite(value) for value in (bounds.left(), bounds.top(), bounds.width(), bounds.height()))


def test_a_wire_that_goes_back_takes_a_lane_between_the_rows() -> None:
    cards = [(0, 200), (0, 180), (280, 380)]
    lane, low, high = wire_path.lane_gap(QPointF(760, 16), QPointF(0, 296), cards)
    assert (low, high) == (200, 280)
    assert lane == 240


def test_a_lane_that_has_no_rows_around_goes_beside_the_cards() -> None:
    source, target = QPointF(160, 16), QPointF(600, 16)
    lane, _, high = wire_path.lane_gap(source, target, [(0, 200)])
    assert high == 0
    assert lane == -wire_path.LANE_MARGIN


def test_lanes_are_apart_and_given_back() -> None:
    lanes, gap = Lanes(), (0.0, 100.0)
    first = lanes.take("a", "a", 50, 0, 100, gap)
    second = lanes.take("b", "b", 50, 50, 150, gap)
    third = lanes.take("c", "c", 50, 60, 150, gap)
    assert len({first, second, third}) == 3
    assert all(abs(one - other) >= 16 for one, other in ((first, second), (second, third), (first, third)))
    assert lanes.take("d", "d", 50, 200, 300, gap) == 50
    assert lanes.take("e", "a", 50, 0, 100, gap) == 50
    lanes.release("a")
    lanes.release("e")
    assert lanes.take("f", "f", 50, 0, 40, gap) == 50


def test_lanes_come_closer_where_there_is_little_room() -> None:
    lanes, gap = Lanes(), (0.0, 30.0)
    taken = [lanes.take(key, key, 15, 0, 100, gap) for key in "ab"]
    assert abs(taken[0] - taken[1]) == 8


def _chain(count: int) -> Graph:
    graph = Graph()
    nodes = [Node(f"n{i}", "ReLU", f"relu{i}") for i in range(count)]
    wires = [Wire(f"n{i}", "output", f"n{i + 1}", "input") for i in range(count - 1)]
    graph.apply([Change("node", node.id, None, node) for node in nodes])
    graph.apply([Change("wire", wire.key, None, wire) for wire in wires])
    return graph


@given(st.integers(1, 12), st.sets(st.integers(0, 11)))
def test_nodes_without_a_place_get_a_free_one_on_the_grid(count: int, placed: set[int]) -> None:
    graph = _chain(count)
    sizes = {f"n{i}": (152.0, 40.0 + 30 * i) for i in range(count)}
    known = {f"n{i}": (i * 200.0, 0.0) for i in placed if i < count}
    found = known | places(graph, ordered(graph), known, sizes)
    assert found.keys() == graph.nodes.keys()
    rects = {key: QRectF(*found[key], *sizes[key]) for key in found}
    free = [key for key in found if key not in known]
    assert all(found[key][0] % GRID == 0 and found[key][1] % GRID == 0 for key in free)
    assert not any(rects[key].intersects(rects[other]) for key in free for other in rects if other != key)


def test_a_new_node_stands_right_of_what_feeds_it() -> None:
    graph = _chain(2)
    sizes = {"n0": (160.0, 100.0), "n1": (160.0, 100.0)}
    found = places(graph, ["n0", "n1"], {"n0": (0.0, 0.0)}, sizes)
    assert found["n1"][0] > 160
    assert found["n1"][1] == 0


def test_walking_stops_at_the_ends() -> None:
    graph = _chain(2)
    cards = {"n0": QRectF(0, 0, 100, 100), "n1": QRectF(200, 0, 100, 100)}
    assert next_node(graph, cards, "n1", "right") is None
    assert next_node(graph, cards, None, "right") == "n0"
    assert next_node(graph, {}, None, "right") is None
    assert next_node(graph, cards, "n0", "down") is None


def test_the_cache_paints_once_and_forgets_the_oldest() -> None:
    painted = []

    def paint(painter: QPainter) -> None:
        painted.append(painter)
        painter.fillRect(0, 0, 10, 10, QColor("red"))

    cache = PixmapCache(budget=900)
    area = QRectF(0, 0, 10, 10)
    for key in ("a", "b", "a", "c", "a"):
        cache.get(key, area, 1.0, paint)
    assert len(painted) == 3
    cache.get("b", area, 1.0, paint)
    assert len(painted) == 4
    cache.clear()
    cache.get("a", area, 2.0, paint)
    assert len(painted) == 5
