"""Arranging, and showing everything clear of what lies over the canvas."""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.canvas.conftest import Bench

from netloom.graph import Change, Document, Graph, Node, Patch, Wire, edit
from netloom.layers.authoring import Graph as Chain
from netloom.templates import document
from netloom.ui import theme
from netloom.ui.canvas import fitting
from netloom.ui.canvas.free_ground import nearest_shift
from netloom.ui.canvas.menu import context_menu
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.wire_item import WireItem


def _scatter(bench: Bench) -> dict[str, tuple[float, float]]:
    places = {key: (i * 40.0, (i * 7 % 5) * 24.0) for i, key in enumerate(bench.document.graph.nodes)}
    bench.history.do(edit.move(bench.document, places))
    bench.asked.clear()
    return dict(bench.document.positions)


def _drawn(bench: Bench) -> dict[str, tuple[float, float]]:
    return {key: (item.x(), item.y()) for key, item in bench.canvas.graph_scene.nodes.items()}


def _overlaps(bench: Bench) -> list[tuple[str, str]]:
    cards = {item.facts.name: item.scene_card() for item in bench.canvas.graph_scene.nodes.values()}
    return [(a, b) for a, b in itertools.combinations(cards, 2) if cards[a].intersects(cards[b])]


def _arrange(bench: Bench) -> None:
    bench.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def _turn(bench: Bench) -> None:
    bench.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)


def _row(count: int, leaps: Iterable[tuple[int, int]] = ()) -> Document:
    """Additions in a row, with more wires between some of them."""
    pairs = [*itertools.pairwise(range(count)), *leaps]
    slots: Counter[int] = Counter()
    wires = []
    for source, target in pairs:
        wires.append(Wire(f"n{source}", "output", f"n{target}", "inputs", slots[target]))
        slots[target] += 1
    graph = Graph()
    graph.apply(Change("node", f"n{i}", None, Node(f"n{i}", "Add", f"add{i}")) for i in range(count))
    graph.apply(Change("wire", wire.key, None, wire) for wire in wires)
    return Document(graph)


def _dense(count: int) -> Document:
    pick = random.Random(3)
    pairs = {tuple(sorted(pick.sample(range(count), 2))) for _ in range(3 * count)}
    return _row(count, sorted((a, b) for a, b in pairs if b > a + 1))


def test_everything_is_arranged_in_one_step(make_bench: Callable[[Document], Bench], qtbot: QtBot) -> None:
    bench = make_bench(document("digits-cnn"))
    before = _scatter(bench)
    assert _overlaps(bench)
    _arrange(bench)
    assert [patch.label for patch in bench.asked] == ["Arrange"]
    qtbot.waitUntil(lambda: _drawn(bench) == bench.document.positions)
    assert not _overlaps(bench)
    seen = bench.canvas.seen()
    assert all(seen.contains(item.scene_card()) for item in bench.canvas.graph_scene.nodes.values())
    bench.history.undo()
    assert bench.document.positions == before
    assert _drawn(bench) == before


def test_a_wire_between_cards_that_move_alike_is_led_anew(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(_row(3))
    _arrange(bench)
    places, slot = bench.document.positions, ("n1", "inputs", 0)
    bench.history.do(edit.move(bench.document, {key: (places[key][0], places[key][1] + 240) for key in ("n0", "n1")}))
    middle = (places["n1"][0] - 40.0, places["n1"][1] + 400.0)
    bench.history.do(Patch("Bend", (Change("bend", slot, None, (middle,)),)))
    before = dict(bench.document.positions)
    _arrange(bench)
    assert bench.document.positions != before
    assert slot not in bench.document.bends
    bench.history.undo()
    assert bench.document.positions == before
    assert bench.document.bends[slot] == (middle,)


def test_cards_glide_to_their_places(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 220)
    before = _scatter(bench)
    _arrange(bench)
    after = dict(bench.document.positions)
    assert after != before
    assert _drawn(bench) == before
    qtbot.waitUntil(lambda: _drawn(bench) not in (before, after))
    qtbot.waitUntil(lambda: _drawn(bench) == after)


def test_there_is_no_way_where_less_motion_is_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    _scatter(bench)
    _arrange(bench)
    assert _drawn(bench) == bench.document.positions


def test_a_change_in_the_middle_of_the_way_ends_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 220)
    before = _scatter(bench)
    _arrange(bench)
    bench.history.undo()
    assert _drawn(bench) == before
    _arrange(bench)
    bench.history.do(edit.remove(bench.document, [bench.id("relu")]))
    assert _drawn(bench) == bench.document.positions


def test_a_selection_is_arranged_where_it_stands(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    chosen = {bench.id("flatten"), bench.id("head")}
    before = dict(bench.document.positions)
    bench.history.do(edit.move(bench.document, {bench.id("head"): (440.0, 360.0)}))
    bench.canvas.set_selection(chosen)
    corner = bench.canvas.graph_scene.content(chosen).topLeft()
    _arrange(bench)
    moved = {key for key, place in bench.document.positions.items() if place != before[key]}
    assert moved <= chosen
    assert bench.canvas.graph_scene.content(chosen).topLeft() == corner
    assert not _overlaps(bench)


def test_a_selection_keeps_clear_of_other_cards(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """All cards lie on each other: those that are arranged move off the others, but not far."""
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    before = _scatter(bench)
    chosen = {"image", "conv"}
    bench.canvas.set_selection({bench.id(name) for name in chosen})
    corner = bench.canvas.graph_scene.content(bench.canvas.selection).topLeft()
    _arrange(bench)
    assert {key for key, place in bench.document.positions.items() if place != before[key]} == bench.canvas.selection
    assert not any(chosen & {one, other} for one, other in _overlaps(bench))
    way = bench.canvas.graph_scene.content(bench.canvas.selection).topLeft() - corner
    assert abs(way.x()) + abs(way.y()) < 600


def test_a_selection_in_a_crowd_goes_below_it() -> None:
    crowd = [QRectF(x * 200.0, y * 200.0, 190, 190) for x in range(-15, 15) for y in range(-15, 15)]
    across, down = nearest_shift([QRectF(0, 0, 160, 100)], crowd)
    moved = QRectF(across, down, 160, 100)
    assert not any(moved.intersects(card) for card in crowd)


def test_a_large_graph_is_laid_out_while_the_window_goes_on(
    make_bench: Callable[[Document], Bench], qtbot: QtBot
) -> None:
    bench = make_bench(_row(300, [(i, i + 5) for i in range(0, 290, 9)]))
    before = _scatter(bench)
    words: list[str] = []
    bench.canvas.told.connect(words.append)
    _arrange(bench)
    assert words == ["Arranging 300 nodes. Escape stops it."]
    assert not bench.asked
    qtbot.waitUntil(lambda: bool(bench.asked))
    assert [patch.label for patch in bench.asked] == ["Arrange"]
    assert _drawn(bench) == bench.document.positions != before
    assert not _overlaps(bench)
    bench.history.undo()
    assert bench.document.positions == before


@pytest.mark.parametrize("by_edit", [True, False])
def test_a_long_layout_can_be_stopped(make_bench: Callable[[Document], Bench], qtbot: QtBot, *, by_edit: bool) -> None:
    bench = make_bench(_row(400, [(i, i + 5) for i in range(0, 390, 3)]))
    _scatter(bench)
    _arrange(bench)
    if by_edit:
        bench.history.do(edit.move(bench.document, {"n0": (-400.0, 0.0)}))
    else:
        bench.key(Qt.Key.Key_Escape)
    places = dict(bench.document.positions)
    qtbot.waitUntil(lambda: all(each.name != "netloom-layout" for each in threading.enumerate()))
    QApplication.processEvents()
    assert not bench.asked
    assert bench.document.positions == places


def test_the_last_of_two_long_layouts_counts(make_bench: Callable[[Document], Bench], qtbot: QtBot) -> None:
    bench = make_bench(_row(300))
    _scatter(bench)
    _arrange(bench)
    _arrange(bench)
    qtbot.waitUntil(lambda: bool(bench.asked))
    qtbot.waitUntil(lambda: all(each.name != "netloom-layout" for each in threading.enumerate()))
    QApplication.processEvents()
    assert len(bench.asked) == 1


def test_a_level_is_turned_and_arranged_in_one_step(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    before = dict(bench.document.positions)
    _turn(bench)
    assert [patch.label for patch in bench.asked] == ["Draw from top to bottom"]
    assert bench.document.directions == {"": "down"}
    places = bench.document.positions
    first, second = bench.id("digits"), bench.id("image")
    assert places[first][1] < places[second][1]
    _turn(bench)
    assert bench.asked[-1].label == "Draw from left to right"
    assert not bench.document.directions
    assert places[first][0] < places[second][0]
    assert places[first][1] == places[second][1]
    bench.history.undo()
    bench.history.undo()
    assert bench.document.positions == before
    assert not bench.document.directions


def test_what_is_turned_stays_so(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    _turn(bench)
    turned = dict(bench.document.positions)
    _scatter(bench)
    _arrange(bench)
    assert bench.document.positions == turned


def test_wires_of_a_dense_graph_are_led_round_cards(
    make_bench: Callable[[Document], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    bench = make_bench(_dense(40))
    slot = ("n1", "inputs", 0)
    old = ((500.0, 500.0),)
    bench.history.do(Patch("Bend", (Change("bend", slot, None, old),)))
    _scatter(bench)
    _arrange(bench)
    assert slot not in bench.document.bends
    assert bench.document.bends
    scene = bench.canvas.graph_scene
    led = [scene.wires[key] for key in bench.document.bends]
    hidden = [item for item in led if any(_is_behind(item, card) for card in scene.nodes.values())]
    assert len(hidden) <= len(led) / 10
    bench.history.undo()
    assert bench.document.bends == {slot: old}


def _is_behind(item: WireItem, node: NodeItem) -> bool:
    ends = (item.wire.source, item.wire.target)
    return node.key not in ends and item.crosses(node.scene_card().adjusted(2, 2, -2, -2))


@pytest.mark.parametrize("name", ["digits-cnn", "unet", "googlenet", "seq2seq-attention", "vae"])
def test_no_wire_of_a_known_network_goes_behind_a_card(
    name: str, make_bench: Callable[[Document], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    bench = make_bench(document(name))
    _arrange(bench)
    scene = bench.canvas.graph_scene
    assert not any(_is_behind(wire, node) for wire in scene.wires.values() for node in scene.nodes.values())
    assert not bench.document.bends


def test_what_is_in_order_is_left_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    _arrange(bench)
    bench.asked.clear()
    _arrange(bench)
    assert not bench.asked


def test_an_empty_canvas_has_nothing_to_arrange(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(Document())
    _arrange(bench)
    assert not bench.asked


def test_the_menu_arranges(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    _scatter(bench)
    menu = context_menu(bench.canvas, QPoint(5, 500))
    next(each for each in menu.actions() if each.text().startswith("Arrange nodes")).trigger()
    assert not _overlaps(bench)


@pytest.mark.parametrize("size", [(1200, 700), (900, 600), (1400, 520), (700, 900)])
def test_everything_is_shown_clear_of_the_map(
    size: tuple[int, int], make_bench: Callable[[Document], Bench], qapp: QApplication
) -> None:
    bench = make_bench(document("digits-cnn"))
    bench.canvas.resize(*size)
    qapp.processEvents()
    bench.key(Qt.Key.Key_Home)
    cards = [bench.canvas.node_rect(key) for key in bench.canvas.graph_scene.nodes]
    assert all(bench.canvas.rect().contains(card) for card in cards)
    plain = fitting.fit(bench.canvas.graph_scene.content(), bench.canvas.viewport().size())
    covered = bench.canvas._frame.corner()
    hidden = any(card.intersects(each) for card in cards for each in covered)
    assert bench.canvas.zoom >= plain.zoom * fitting.MOST_GIVEN_UP
    assert not hidden or bench.canvas.zoom == plain.zoom


def test_a_few_cards_stand_in_the_middle_at_full_size() -> None:
    way = fitting.fit(QRectF(100, 100, 200, 100), QSize(1000, 700))
    assert way.zoom == 1
    assert way.middle.x() == 200
    assert way.middle.y() == 150 - (fitting.TOP - fitting.BOTTOM) / 2


def test_what_would_be_covered_moves_out_of_the_way() -> None:
    area, view, corner = QRectF(0, 0, 900, 560), QSize(1000, 700), QRect(820, 580, 160, 100)
    last = QRectF(800, 460, 100, 100)
    way = fitting.clear_fit(area, view, [corner], lambda seen: not seen.intersects(last))
    assert fitting.MOST_GIVEN_UP <= way.zoom <= 1
    assert way != fitting.fit(area, view)
    lost = fitting.clear_fit(area, view, [corner], lambda _seen: False)
    assert lost == fitting.fit(area, view)


def test_what_nobody_has_placed_comes_in_rows_that_can_be_seen(make_bench: Callable[[Document], Bench]) -> None:
    graph = Chain()
    first, *rest = [graph.add("Input", "image", shape=(8,)), *(graph.add("ReLU", f"relu{each}") for each in range(59))]
    for source, target in itertools.pairwise((first, *rest)):
        graph.connect(source, target)
    bench = make_bench(Document(graph))
    area = bench.canvas.graph_scene.content()
    assert area.width() < 6 * area.height()
    assert not _overlaps(bench)
    assert not bench.document.positions
