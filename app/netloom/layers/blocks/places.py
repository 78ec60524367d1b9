"""Where nodes go that a block gains or gives back, in scene units from corner to corner of cards."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from netloom.graph.document import Document
from netloom.graph.model import Node
from netloom.graph.remarks import Point

COLUMN, ROW = 224.0, 144.0
GRID = 8.0


def middle(places: Iterable[Point]) -> Point:
    """The middle of the box around these corners; the origin where there are none."""
    found = list(places)
    if not found:
        return (0.0, 0.0)
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (snapped((min(xs) + max(xs)) / 2), snapped((min(ys) + max(ys)) / 2))


def snapped(value: float) -> float:
    """The nearest place on the grid."""
    return round(value / GRID) * GRID


def shifted(place: Point, start: Point, end: Point) -> Point:
    """A place that moves as the way from start to end goes."""
    return (place[0] + end[0] - start[0], place[1] + end[1] - start[1])


def of(document: Document, nodes: Iterable[Node]) -> dict[str, Point]:
    """The places of those nodes that have one."""
    return {node.id: document.positions[node.id] for node in nodes if node.id in document.positions}


def columns(places: Mapping[str, Point]) -> tuple[float, float, float]:
    """The column left of these places, the one right of them, and the top of both."""
    xs = [x for x, _ in places.values()] or [0.0]
    top = min((y for _, y in places.values()), default=0.0)
    return (min(xs) - COLUMN, max(xs) + COLUMN, top)


def beside(document: Document, level: Iterable[Node], side: Literal["input", "output"]) -> Point:
    """A free place for one more Input on the left, or Output on the right, below those that stand there."""
    nodes = list(level)
    same = of(document, (node for node in nodes if node.kind.lower() == side))
    if same:
        x, y = max(same.values(), key=lambda place: place[1])
        return (x, y + ROW)
    left, right, top = columns(of(document, nodes))
    return (left if side == "input" else right, top)


def snake(name: str) -> str:
    """The name of a class as that of a node: ConvUnit gives conv_unit."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
