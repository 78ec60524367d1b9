"""Aligning and distributing the selected cards."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF

from netloom.graph import Patch, Point, edit

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

Edge = Literal["left", "right", "top", "bottom", "middle", "centre"]
Axis = Literal["across", "down"]
LABELS: Mapping[Edge, str] = {"middle": "Align in a row", "centre": "Align in a column"}


def align(canvas: "Canvas", edge: Edge) -> None:
    """Ask to put the selected cards on one line; "middle" is one row, "centre" one column."""
    cards = _cards(canvas)
    if len(cards) > 1:
        _ask(canvas, _aligned(cards, edge), LABELS.get(edge, f"Align {edge}"))


def _aligned(cards: Mapping[str, QRectF], edge: Edge) -> dict[str, Point]:
    area = QRectF()
    for card in cards.values():
        area = area.united(card)
    places = {}
    for key, card in cards.items():
        moved = QRectF(card)
        if edge == "left":
            moved.moveLeft(area.left())
        elif edge == "right":
            moved.moveRight(area.right())
        elif edge == "top":
            moved.moveTop(area.top())
        elif edge == "bottom":
            moved.moveBottom(area.bottom())
        elif edge == "middle":
            moved.moveTop(round(area.center().y() - card.height() / 2))
        else:
            moved.moveLeft(round(area.center().x() - card.width() / 2))
        places[key] = (moved.x(), moved.y())
    return places


def distribute(canvas: "Canvas", axis: Axis) -> None:
    """Ask to make the gaps between the selected cards equal."""
    cards = _cards(canvas)
    if len(cards) > 2:
        _ask(canvas, _spread(cards, axis), f"Distribute {axis}")


def _spread(cards: Mapping[str, QRectF], axis: Axis) -> dict[str, Point]:
    """The outermost cards stay; those between them follow in the order of their middles."""
    is_across = axis == "across"
    spans = {
        key: (card.left(), card.width(), card.y()) if is_across else (card.top(), card.height(), card.x())
        for key, card in cards.items()
    }
    order = sorted(spans, key=lambda key: (spans[key][0] + spans[key][1] / 2, key))
    first, end = spans[order[0]][0], max(start + length for start, length, _ in spans.values())
    gap = (end - first - sum(length for _, length, _ in spans.values())) / (len(order) - 1)
    places: dict[str, Point] = {}
    at = first
    for key in order:
        _, length, other = spans[key]
        places[key] = (float(round(at)), other) if is_across else (other, float(round(at)))
        at += length + gap
    return places


def _cards(canvas: "Canvas") -> dict[str, QRectF]:
    return {key: canvas.graph_scene.nodes[key].scene_card() for key in sorted(canvas.selection)}


def _ask(canvas: "Canvas", places: Mapping[str, Point], label: str) -> None:
    canvas.ask(Patch(label, edit.move(canvas.document, places).changes))
