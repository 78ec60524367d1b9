"""Adding nodes one after another, and where their cards come."""

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from tests.ui.canvas.conftest import Bench, add

from netloom.graph import Document, edit
from netloom.ui.canvas.add_search import AddSearch
from netloom.ui.canvas.empty_state import EmptyState
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.canvas.placement import Rect, nearest_free, next_in_row

SEEN = (-1000.0, -1000.0, 2000.0, 2000.0)
LAYERS = ("Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "Flatten", "Linear", "Output")


@pytest.fixture
def empty(make_bench: Callable[[Document], Bench]) -> Bench:
    return make_bench(Document())


def add_after(bench: Bench, *kinds: str) -> None:
    """Add one node after another, each after the one that is selected."""
    for kind in kinds:
        bench.canvas.add_beside(kind, next(iter(bench.canvas.selection), None))


def overlapping(bench: Bench) -> list[tuple[str, str]]:
    cards = [(item.facts.name, item.scene_card()) for item in bench.canvas.graph_scene.nodes.values()]
    return [(name, other) for (name, one), (other, two) in combinations(cards, 2) if one.intersects(two)]


def test_a_network_is_added_node_by_node(empty: Bench) -> None:
    add_after(empty, "Dataset", "Input", *LAYERS)
    assert len(empty.document.graph.wires) == len(LAYERS) + 1
    assert empty.plan.problems == ()
    assert overlapping(empty) == []


def test_a_row_that_leaves_what_is_seen_goes_on_below(empty: Bench) -> None:
    add_after(empty, "Dataset", "Input", *LAYERS)
    rows = {place[1] for place in empty.document.positions.values()}
    content = empty.canvas.graph_scene.content()
    assert len(rows) == 2
    assert content.width() <= empty.canvas.viewport().width()
    empty.canvas.fit()
    assert empty.canvas.zoom >= 0.9


def test_an_empty_document_begins_at_its_own_size(bench: Bench) -> None:
    bench.canvas.set_zoom(0.4)
    bench.canvas.set_document(Document())
    assert bench.canvas.zoom == 1


def test_a_card_after_one_that_is_not_seen_comes_right_of_it(empty: Bench) -> None:
    add(empty.document, "ReLU", "far", (5000, 0))
    empty.canvas.add_beside("ReLU", empty.id("far"))
    x, y = empty.document.positions[empty.id("relu")]
    assert (x > 5000, y) == (True, 0)
    assert empty.canvas.seen().contains(QPointF(x, y))


def test_adding_and_wiring_are_one_step(bench: Bench) -> None:
    before = bench.wires()
    bench.canvas.set_selection((bench.id("conv"),))
    add_after(bench, "Dropout")
    assert bench.wires() - before == {("conv", "output", "dropout", "input")}
    assert bench.history.undo_label == "Add dropout"
    bench.history.undo()
    assert bench.wires() == before
    assert bench.document.graph.named("dropout") is None


def test_an_output_that_is_used_is_left_alone(bench: Bench) -> None:
    before = bench.wires()
    bench.canvas.set_selection((bench.id("image"),))
    add_after(bench, "Dropout")
    assert bench.wires() == before


@pytest.mark.parametrize("kind", ["Dataset", "Adam"])
def test_what_has_no_port_for_it_is_added_alone(bench: Bench, kind: str) -> None:
    before = bench.wires()
    bench.canvas.set_selection((bench.id("conv"),))
    add_after(bench, kind)
    assert bench.wires() == before
    assert len(bench.document.graph.nodes) == 7


def test_a_shape_that_does_not_suit_is_not_wired(bench: Bench) -> None:
    add_after(bench, "Dataset")
    bench.history.do(edit.set_params(bench.document.graph, next(iter(bench.canvas.selection)), {"source": "iris"}))
    before = bench.wires()
    add_after(bench, "Conv2d")
    assert bench.wires() == before


def test_a_node_dropped_on_a_card_moves_off_it(bench: Bench) -> None:
    card = bench.canvas.graph_scene.nodes[bench.id("conv")].scene_card()
    bench.canvas.add_node_at("Dropout", card.center())
    assert overlapping(bench) == []
    new = bench.canvas.graph_scene.nodes[bench.id("dropout")].scene_card()
    assert (new.center() - card.center()).manhattanLength() < 320


def test_a_card_that_moves_off_others_is_seen(bench: Bench) -> None:
    bench.canvas.set_zoom(3.0)
    card = bench.canvas.graph_scene.nodes[bench.id("conv")].scene_card()
    bench.canvas.look_at(card.center())
    bench.canvas.add_node_at("Dropout", card.center())
    new = bench.canvas.graph_scene.nodes[bench.id("dropout")].scene_card()
    assert bench.canvas.seen().contains(new.center())


def test_a_card_that_is_in_nobodys_way_stays() -> None:
    assert nearest_free([(0, 0, 100, 100)], (200, 0), (100, 100), SEEN) == (200, 0)


def test_of_free_places_the_nearest_is_taken() -> None:
    cards: list[Rect] = [(0, 0, 100, 100), (128, 0, 100, 100)]
    assert nearest_free(cards, (8, 80), (100, 60), SEEN) == (8, 128)
    assert nearest_free(cards, (8, 80), (100, 60), (-200, -200, 1000, 300)) == (8, -80)


def test_a_row_of_six_is_full() -> None:
    cards = {str(index): (index * 200.0, 0.0, 152.0, 80.0) for index in range(6)}
    assert next_in_row(cards, "4", (100, 100), 1e6)[1] > 0  # the sixth stands there
    assert next_in_row(cards, "5", (100, 100), 1e6) == (0, 224)
    del cards["0"]
    assert next_in_row(cards, "5", (100, 100), 1e6) == (1232, 0)
    assert next_in_row(cards, "5", (100, 100), 1250) == (200, 224)


# The search


def search(bench: Bench) -> AddSearch:
    found = bench.canvas.findChild(AddSearch)
    assert isinstance(found, AddSearch)
    return found


def test_words_that_name_nothing_become_a_note(empty: Bench) -> None:
    empty.canvas.open_search(QPoint(300, 200))
    QTest.keyClicks(search(empty).field, "zz and more")
    assert search(empty).empty.text() == "Nothing called that. Enter adds a note with these words."
    QTest.keyClick(search(empty).field, Qt.Key.Key_Return)
    (note,) = empty.document.remarks.values()
    assert (note.kind, note.text) == ("note", "zz and more")
    assert empty.canvas.marked.remarks == {note.id}
    assert not search(empty).isVisible()
    assert empty.history.undo_label == "Add note"


def test_a_wire_is_not_led_to_words(bench: Bench) -> None:
    spot = PortSpot(bench.id("conv"), "output", "output", 0)
    bench.canvas.open_search(QPoint(300, 200), spot)
    QTest.keyClicks(search(bench).field, "zz and more")
    QTest.keyClick(search(bench).field, Qt.Key.Key_Return)
    assert search(bench).empty.text() == "Nothing called that."
    assert (search(bench).isVisible(), bench.document.remarks) == (True, {})


def test_a_dropped_wire_stays_while_a_node_is_searched_for(bench: Bench) -> None:
    sketch = bench.canvas.sketch
    bench.drag(bench.port("conv", "output"), QPoint(600, 520))
    assert search(bench).isVisible()
    assert bench.canvas.mapFromScene(sketch.boundingRect()).boundingRect().contains(QPoint(600, 520))
    QTest.keyClick(search(bench).field, Qt.Key.Key_Escape)
    assert sketch.boundingRect().isEmpty()


def test_the_empty_canvas_stops_teaching_under_a_note(empty: Bench) -> None:
    lesson = empty.canvas.findChild(EmptyState)
    assert lesson is not None
    assert lesson.isVisible()
    empty.canvas.open_search(QPoint(300, 200))
    QTest.keyClicks(search(empty).field, "zz")
    QTest.keyClick(search(empty).field, Qt.Key.Key_Return)
    assert not lesson.isVisible()
    empty.history.undo()
    assert lesson.isVisible()
