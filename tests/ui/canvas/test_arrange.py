"""Arranging, and showing everything clear of what lies over the canvas."""

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.canvas.conftest import Bench

from netloom.graph import Document, edit
from netloom.layers.authoring import Graph as Chain
from netloom.templates import document
from netloom.ui import theme
from netloom.ui.canvas import fitting
from netloom.ui.canvas.menu import context_menu


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


def test_everything_is_arranged_in_one_step(make_bench: Callable[[Document], Bench], qtbot: QtBot) -> None:
    bench = make_bench(document("digits-cnn"))
    before = _scatter(bench)
    assert _overlaps(bench)
    bench.canvas.arrange()
    assert [patch.label for patch in bench.asked] == ["Arrange"]
    qtbot.waitUntil(lambda: _drawn(bench) == bench.document.positions)
    assert not _overlaps(bench)
    seen = bench.canvas.seen()
    assert all(seen.contains(item.scene_card()) for item in bench.canvas.graph_scene.nodes.values())
    bench.history.undo()
    assert bench.document.positions == before
    assert _drawn(bench) == before


def test_cards_glide_to_their_places(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 220)
    before = _scatter(bench)
    bench.canvas.arrange()
    after = dict(bench.document.positions)
    assert after != before
    assert _drawn(bench) == before
    qtbot.waitUntil(lambda: _drawn(bench) not in (before, after))
    qtbot.waitUntil(lambda: _drawn(bench) == after)


def test_there_is_no_way_where_less_motion_is_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    _scatter(bench)
    bench.canvas.arrange()
    assert _drawn(bench) == bench.document.positions


def test_a_change_in_the_middle_of_the_way_ends_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 220)
    before = _scatter(bench)
    bench.canvas.arrange()
    bench.history.undo()
    assert _drawn(bench) == before
    bench.canvas.arrange()
    bench.history.do(edit.remove(bench.document, [bench.id("relu")]))
    assert _drawn(bench) == bench.document.positions


def test_a_selection_is_arranged_where_it_stands(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    before = _scatter(bench)
    chosen = {bench.id("image"), bench.id("conv")}
    bench.canvas.set_selection(chosen)
    corner = bench.canvas.graph_scene.content(chosen).topLeft()
    bench.canvas.arrange()
    moved = {key for key, place in bench.document.positions.items() if place != before[key]}
    assert moved <= chosen
    assert bench.canvas.graph_scene.content(chosen).topLeft() == corner
    assert not any({a, b} <= {"image", "conv"} for a, b in _overlaps(bench))


def test_what_is_in_order_is_left_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    bench.canvas.arrange()
    bench.asked.clear()
    bench.canvas.arrange()
    assert not bench.asked


def test_an_empty_canvas_has_nothing_to_arrange(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(Document())
    bench.canvas.arrange()
    assert not bench.asked


def test_the_menu_arranges(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    _scatter(bench)
    menu = context_menu(bench.canvas, QPoint(5, 500))
    next(each for each in menu.actions() if each.text().startswith("Arrange nodes")).trigger()
    assert not _overlaps(bench)
    bench.canvas.set_selection((bench.id("image"), bench.id("conv")))
    texts = [each.text() for each in context_menu(bench.canvas, bench.body("conv")).actions()]
    assert any(text.startswith("Arrange 2 nodes") for text in texts)


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
