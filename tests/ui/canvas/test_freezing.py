"""Frozen nodes on the canvas: the key, what the card shows, what a screen reader says, and other rates."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from tests.ui.canvas.conftest import Bench, add, small_document, wire

from netloom.graph import Document, edit
from netloom.layers.sharing import share
from netloom.ui import theme
from netloom.ui.canvas.facts import Facts
from netloom.ui.canvas.menu import context_menu

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def near(make_bench: Callable[[Document], Bench]) -> Bench:
    """A wired chain at 100 %."""
    document = small_document()
    for source, target in (("conv", "relu"), ("relu", "flatten"), ("flatten", "head")):
        wire(document, source, "output", target, "input")
    bench = make_bench(document)
    bench.canvas.resize(1600, 900)
    bench.canvas.set_zoom(1.0)
    bench.canvas.look_at(QPointF(500, 200))
    bench.canvas.settle()
    return bench


def facts(bench: Bench, name: str) -> Facts:
    return bench.canvas.graph_scene.nodes[bench.id(name)].facts


def select(bench: Bench, *names: str) -> None:
    bench.canvas.set_selection([bench.id(name) for name in names])


def frozen(bench: Bench) -> list[str]:
    return [node.name for node in bench.document.graph.nodes.values() if node.frozen]


def test_shift_f_freezes_and_thaws(near: Bench) -> None:
    near.click(near.body("conv"))
    near.key(Qt.Key.Key_F, SHIFT)
    assert frozen(near) == ["conv"]
    assert near.history.undo_label == "Freeze conv"
    assert facts(near, "conv").frozen
    assert facts(near, "conv").remark == "frozen"
    near.key(Qt.Key.Key_F, SHIFT)
    assert frozen(near) == []
    assert near.history.undo_label == "Unfreeze conv"


def test_of_a_selection_those_with_weights_are_frozen_in_one_step(near: Bench) -> None:
    select(near, "conv", "relu", "flatten", "head")
    near.key(Qt.Key.Key_F, SHIFT)
    assert frozen(near) == ["conv", "head"]
    assert near.history.undo_label == "Freeze 2 nodes"
    near.history.undo()
    assert frozen(near) == []


def test_what_has_no_weights_says_so(near: Bench) -> None:
    told: list[str] = []
    near.canvas.message_requested.connect(told.append)
    select(near, "relu")
    near.key(Qt.Key.Key_F, SHIFT)
    select(near, "relu", "digits")
    near.key(Qt.Key.Key_F, SHIFT)
    assert told == ["relu has no weights to freeze.", "These nodes have no weights to freeze."]
    assert not near.asked


def test_shared_weights_freeze_at_their_owner_and_both_cards_show_it(near: Bench) -> None:
    add(near.document, "Conv2d", "again", (1000, 0))
    wire(near.document, "image", "out", "again", "input")
    near.document.apply(share(near.document.graph, near.id("again"), near.id("conv")))
    select(near, "again")
    near.key(Qt.Key.Key_F, SHIFT)
    assert frozen(near) == ["conv"]
    assert facts(near, "again").frozen
    assert facts(near, "conv").remark == "2 uses, frozen"


def test_a_screen_reader_says_frozen(near: Bench) -> None:
    near.document.apply(edit.freeze(near.document.graph, [near.id("conv")], frozen=True))
    select(near, "conv")
    assert "frozen" in near.canvas.accessibleDescription().split(", ")


def test_the_menu_of_a_node_offers_it(near: Bench) -> None:
    menu = context_menu(near.canvas, near.body("conv"))
    entry = next(action for action in menu.actions() if action.text() == "Freeze")
    entry.trigger()
    menu.deleteLater()
    assert frozen(near) == ["conv"]


def test_ice_is_painted_over_the_edge_of_the_well(near: Bench) -> None:
    near.document.apply(edit.freeze(near.document.graph, [near.id("conv")], frozen=True))
    near.canvas.settle()
    item = near.canvas.graph_scene.nodes[near.id("conv")]
    assert item.card.well is not None
    picture = near.canvas.viewport().grab().toImage()
    scale, accent = picture.devicePixelRatio(), theme.current().color("accent")
    left = near.canvas.mapFromScene(item.pos() + item.card.well.topLeft() + QPointF(4, 1))
    row = [picture.pixelColor(round((left.x() + step) * scale), round(left.y() * scale)) for step in range(60)]
    dashes = [abs(each.blue() - accent.blue()) + abs(each.red() - accent.red()) < 40 for each in row]
    assert 20 < sum(dashes) < 55


def test_another_rate_is_told_in_the_footer(near: Bench) -> None:
    near.document.apply(edit.set_rate(near.document.graph, near.id("conv"), 0.1))
    assert facts(near, "conv").remark == "rate ×0.1"
    assert not facts(near, "conv").frozen


def test_optimizers_tell_their_order_where_there_are_several(near: Bench) -> None:
    add(near.document, "SGD", "first", (0, 600))
    assert facts(near, "first").remark == ""
    add(near.document, "SGD", "second", (300, 600))
    assert (facts(near, "first").remark, facts(near, "second").remark) == ("order 1", "order 1")
    near.document.apply(edit.set_params(near.document.graph, near.id("second"), {"order": 2, "period": 5}))
    assert facts(near, "second").remark == "order 2, every 5"
    near.document.apply(edit.remove(near.document, [near.id("second")]))
    assert facts(near, "first").remark == ""
