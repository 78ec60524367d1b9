"""Where shapes stand above wires, on a shown canvas."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication
from tests.ui.canvas.conftest import Bench, add, wire

from netloom.graph import Document, edit
from netloom.templates import TEMPLATES, document
from netloom.ui.canvas.labels import LINE
from netloom.ui.canvas.wire_item import WireItem


def _item(bench: Bench, source: str, target: str) -> WireItem:
    ends = bench.id(source), bench.id(target)
    return next(item for item in bench.canvas.graph_scene.wires.values() if _ends(item) == ends)


def _ends(item: WireItem) -> tuple[str, str]:
    return item.wire.source, item.wire.target


def _shown(bench: Bench) -> list[QRectF]:
    """The places of all labels, a little narrower than they are drawn."""
    bench.canvas.viewport().grab()
    items = [item for item in bench.canvas.graph_scene.wires.values() if item.spot is not None]
    sizes = [(6.0 * len(item.label) - 2, 11 * LINE - 2) for item in items]
    return [_around(item.spot, *size) for item, size in zip(items, sizes, strict=True) if item.spot]


def _around(middle: QPointF, wide: float, high: float) -> QRectF:
    return QRectF(middle.x() - wide / 2, middle.y() - high / 2, wide, high)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("zoom", [0.75, 1.0])
def test_no_label_lies_on_a_card_a_wire_or_another_label(
    name: str, zoom: float, make_bench: Callable[[Document], Bench]
) -> None:
    bench = make_bench(document(name))
    bench.canvas.resize(1700, 900)
    bench.canvas.fit()
    bench.canvas.set_zoom(zoom)
    scene, labels = bench.canvas.graph_scene, _shown(bench)
    assert len(labels) >= min(5, len(scene.wires) // 2)
    for label in labels:
        assert not scene.nodes_in(label)
        assert not any(item.crosses(label) for item in scene.wires.values())
        assert sum(label.intersects(other) for other in labels) == 1


def test_a_label_makes_room_for_a_card_and_comes_back(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    bench.canvas.viewport().grab()
    item = _item(bench, "image", "conv")
    before = item.spot
    assert before is not None
    bench.history.do(edit.move(bench.document, {bench.id("relu"): (before.x() - 40, before.y() - 60)}))
    bench.canvas.viewport().grab()
    assert item.spot is None or item.spot.y() > before.y()
    bench.history.undo()
    bench.canvas.viewport().grab()
    assert item.spot == before


def test_a_label_follows_its_wire_while_a_card_is_dragged(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    bench.canvas.viewport().grab()
    item = _item(bench, "digits", "image")
    before = item.spot
    bench.press(bench.body("digits"))
    bench.move(bench.body("digits") - QPointF(80, 0).toPoint())
    bench.canvas.viewport().grab()
    assert item.spot is not None
    assert before is None or item.spot.x() < before.x()
    bench.release(bench.body("digits"))


def test_a_gap_that_is_too_narrow_for_the_text_shows_none(bench: Bench, qapp: QApplication) -> None:
    bench.canvas.set_zoom(1.0)
    conv = bench.document.positions[bench.id("image")]
    bench.history.do(edit.move(bench.document, {bench.id("conv"): (conv[0] + 150, conv[1])}))
    bench.canvas.viewport().grab()
    assert _item(bench, "image", "conv").spot is None


def test_a_label_along_a_lane_stands_clear_of_a_wire_that_crosses_it(make_bench: Callable[[Document], Bench]) -> None:
    document = Document()
    for name, kind, place in (
        ("data", "Dataset", (0.0, 0.0)),
        ("far", "Linear", (900.0, 0.0)),
        ("back", "ReLU", (300.0, 400.0)),
        ("input", "Input", (560.0, 0.0)),
        ("below", "ReLU", (700.0, 600.0)),
    ):
        add(document, kind, name, place)
    wire(document, "data", "image", "far", "input")
    wire(document, "far", "output", "back", "input")
    wire(document, "input", "out", "below", "input")
    bench = make_bench(document)
    bench.canvas.fit()
    for label in _shown(bench):
        assert not any(item.crosses(label) for item in bench.canvas.graph_scene.wires.values())
