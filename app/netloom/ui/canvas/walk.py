"""Where the arrow keys lead: along wires to the left and right, to the nearest card up and down.

On a level that is drawn from top to bottom along wires up and down, to the nearest card to the left and right.
"""

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QRectF

from netloom.graph import Graph

Step = Literal["left", "right", "up", "down"]
STEPS: tuple[Step, ...] = ("left", "right", "up", "down")


TURNED: Mapping[Step, Step] = {"left": "up", "right": "down", "up": "left", "down": "right"}


def next_node(
    graph: Graph, cards: Mapping[str, QRectF], current: str | None, step: Step, *, is_down: bool = False
) -> str | None:
    """The node that a step leads to; the first one from nowhere, None where there is none that way."""
    if current is None or current not in cards:
        return min(cards, key=lambda key: (cards[key].left() + cards[key].top(), key), default=None)
    if is_down:
        upright = {key: QRectF(card.y(), card.x(), card.height(), card.width()) for key, card in cards.items()}
        return next_node(graph, upright, current, TURNED[step])
    if step in ("left", "right"):
        return _along(graph, cards, current, step)
    return _beside(cards, current, 1 if step == "down" else -1)


def _along(graph: Graph, cards: Mapping[str, QRectF], current: str, step: Step) -> str | None:
    if step == "left":
        ends = [wire.source for wire in graph.into(current)]
    else:
        ends = [wire.target for wire in graph.out_of(current)]
    here = cards[current].center().y()
    shown = [end for end in ends if end in cards]
    return min(shown, key=lambda end: abs(cards[end].center().y() - here), default=None)


def _beside(cards: Mapping[str, QRectF], current: str, sign: int) -> str | None:
    here = cards[current].center()
    ways = {key: (card.center() - here) for key, card in cards.items() if key != current}
    there = [key for key, way in ways.items() if way.y() * sign > 8]
    return min(there, key=lambda key: abs(ways[key].y()) + 2 * abs(ways[key].x()), default=None)
