"""What the canvas keeps to be quick: a picture below cards in the hand, and all that was deleted, for its undo."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from tests.ui.canvas.conftest import Bench
from tests.ui.canvas.test_same_as_fresh import expect_same

from netloom.graph import Change, Document, Node, Patch, Wire, edit
from netloom.templates import document as template

LONG = 120


@pytest.fixture
def long(make_bench: Callable[[Document], Bench]) -> Bench:
    """A chain that is long enough to be kept when all of it is deleted."""
    document = Document(positions={f"n{index}": (index % 12 * 260.0, index // 12 * 130.0) for index in range(LONG)})
    nodes = [Node("n0", "Input", "tokens", {"shape": [8]}), *(_layer(index) for index in range(1, LONG))]
    wires = [_wire(index) for index in range(1, LONG)]
    document.graph.apply([Change("node", node.id, None, node) for node in nodes])
    document.graph.apply([Change("wire", wire.key, None, wire) for wire in wires])
    return make_bench(document)


def _layer(index: int) -> Node:
    return Node(f"n{index}", "ReLU", f"relu{index}")


def _wire(index: int) -> Wire:
    return Wire(f"n{index - 1}", "out" if index == 1 else "output", f"n{index}", "input")


def _near(bench: Bench, key: str) -> None:
    bench.canvas.set_zoom(1.0)
    bench.canvas.look_at(bench.canvas.graph_scene.nodes[key].scene_card().center())
    bench.canvas.settle()


def _picture(bench: Bench) -> QImage:
    return bench.canvas.viewport().grab().toImage()


def _delete_all(bench: Bench) -> None:
    bench.canvas.select_all()
    bench.canvas.delete_selection()
    assert not bench.canvas.graph_scene.nodes
    assert not bench.canvas.graph_scene.wires


def test_a_card_in_the_hand_is_painted_over_a_kept_picture_as_without_one(long: Bench) -> None:
    _near(long, "n30")
    scene = long.canvas.graph_scene
    at = long.canvas.node_rect("n30").center()
    long.press(at)
    for step in (QPoint(40, 24), QPoint(80, 40), QPoint(48, 56)):
        long.move(at + step)
        shown = _picture(long)
        held, scene.lifted = scene.lifted, set()
        assert _picture(long) == shown
        scene.lifted = held
    long.release(at + QPoint(48, 56))
    assert not scene.lifted


def test_what_changes_beside_a_card_in_the_hand_is_seen(long: Bench) -> None:
    _near(long, "n30")
    at = long.canvas.node_rect("n30").center()
    long.press(at)
    long.move(at + QPoint(40, 24))
    before = _picture(long)
    long.canvas.graph_scene.nodes["n31"].set_state(dimmed=True)
    assert _picture(long) != before


def test_undoing_the_deletion_of_everything_brings_back_what_was_kept(long: Bench) -> None:
    scene = long.canvas.graph_scene
    cards, wires = dict(scene.nodes), dict(scene.wires)
    seen = _picture(long)
    _delete_all(long)
    assert _picture(long) != seen
    long.history.undo()
    assert all(scene.nodes[key] is item for key, item in cards.items())
    assert scene.wires == wires
    assert not long.canvas.selection
    assert not any(item.selected for item in scene.nodes.values())
    assert _picture(long) == seen
    expect_same(scene)


def test_what_was_kept_is_not_shown_after_something_else_came(long: Bench) -> None:
    scene = long.canvas.graph_scene
    cards = dict(scene.nodes)
    _delete_all(long)
    node = Node("n5", "GELU", "another")
    long.history.do(Patch("Add", (Change("node", node.id, None, node),)))
    long.history.undo()
    long.history.undo()
    assert not any(scene.nodes[key] is item for key, item in cards.items())
    expect_same(scene)


def test_a_kept_card_shows_what_is_known_when_it_comes_back(long: Bench) -> None:
    scene = long.canvas.graph_scene
    scene.set_footers({"n7": "before"})
    _delete_all(long)
    scene.set_footers({"n7": "behind"})
    long.history.undo()
    assert scene.nodes["n7"].facts.footer == "behind"


def test_everything_is_deleted_and_brought_back_again_and_again(long: Bench) -> None:
    for _ in range(3):
        _delete_all(long)
        long.history.undo()
    long.history.redo()
    assert not long.canvas.graph_scene.nodes
    long.history.undo()
    assert len(long.canvas.graph_scene.nodes) == LONG
    expect_same(long.canvas.graph_scene)


def _held(bench: Bench, source: str, target: str) -> QPoint:
    """Hold a wire over an input; where that is."""
    start, end = bench.canvas.port_pos(source, "output"), bench.canvas.port_pos(target, "input")
    bench.press(start)
    for place in ((start + end) / 2, end):
        bench.move(place)
    bench.canvas.viewport().grab()
    return end


@pytest.mark.parametrize("target", ["n43", "n31"])
def test_what_is_seen_after_a_wire_was_let_go_is_what_would_be_painted_anew(long: Bench, target: str) -> None:
    _near(long, "n30")
    before = _picture(long)
    end = _held(long, "n18", target)
    assert _picture(long) != before
    wires = dict(long.document.graph.wires)
    long.release(end)
    assert long.document.graph.wires != wires
    shown = _picture(long)
    assert shown != before
    assert shown == _picture(long)


def test_what_changes_while_a_wire_is_held_is_seen_when_it_is_given_up(long: Bench) -> None:
    _near(long, "n30")
    _held(long, "n18", "n43")
    long.canvas.set_footers({"n31": "halfway"})
    long.canvas.escape()
    shown = _picture(long)
    assert shown == _picture(long)
    _held(long, "n18", "n43")
    long.canvas.scroll_by(QPoint(30, 10))
    long.canvas.escape()
    shown = _picture(long)
    assert shown == _picture(long)


def _pan(bench: Bench, step: QPoint) -> None:
    bench.canvas.scroll_by(step)
    _picture(bench)


def _expect_as_painted_anew(bench: Bench) -> None:
    shown = _picture(bench)
    bench.canvas.graph_scene.repaint(None)
    assert _picture(bench) == shown


@pytest.mark.parametrize("zoom", [0.5, 1.0, 1.3])
def test_what_is_panned_is_as_it_would_be_painted_anew(make_bench: Callable[[Document], Bench], zoom: float) -> None:
    bench = make_bench(template("digits-cnn"))
    bench.canvas.set_zoom(zoom)
    bench.canvas.settle()
    _picture(bench)
    for step in (QPoint(10, 0), QPoint(-7, 13), QPoint(-90, 0), QPoint(-60, -41), QPoint(0, 150), QPoint(900, 20)):
        _pan(bench, step)
        _expect_as_painted_anew(bench)
        _pan(bench, step / -2)


def test_what_changes_during_a_pan_is_seen(make_bench: Callable[[Document], Bench]) -> None:
    bench = make_bench(template("digits-cnn"))
    _near(bench, bench.id("conv1"))
    _picture(bench)
    nodes = bench.canvas.graph_scene.nodes
    for place, (name, step) in enumerate((("conv1", QPoint(30, 8)), ("bn1", QPoint(70, 0)), ("relu1", QPoint(0, -40)))):
        _pan(bench, step)
        before = _picture(bench)
        bench.canvas.set_selection((bench.id(name),))
        if place == 1:
            x, y = bench.document.positions[bench.id(name)]
            bench.history.do(edit.move(bench.document, {bench.id(name): (x, y + 40)}))
        assert nodes[bench.id(name)].selected
        assert _picture(bench) != before
        _pan(bench, step)
        _expect_as_painted_anew(bench)
