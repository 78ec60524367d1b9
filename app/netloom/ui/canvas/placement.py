"""Places for nodes that were never placed: beside what they are wired to, and never on another card."""

import math
from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QPointF

from netloom.graph import Graph, Point
from netloom.ui.canvas.card import GRID

GAP_X, GAP_Y = 80.0, 40.0
GAP_DOWN = 64.0
"""How far below another a card comes where wires go down: as far as arranged ones stand."""
CELL = 256.0
NEAR = 48.0
"""The gap on both sides of a card that is put into a wire, where the wire was too short."""
ROW_CARDS, ROW_PITCH = 6, 224.0
"""How many cards a growing row takes, and how far below its top the next begins, so that pictures have room."""
ROW_GAP = 160.0
"""Cards further apart than this are not of one row."""
CLEAR = 24.0
GRIP = 16.0
"""The cursor holds a new card by the middle of its header."""
Size = tuple[float, float]
Rect = tuple[float, float, float, float]


def snapped(x: float, y: float) -> Point:
    """The nearest point of the grid."""
    return (round(x / GRID) * float(GRID), round(y / GRID) * float(GRID))


def turned(pair: tuple[float, float]) -> tuple[float, float]:
    """A place or a size with across and down exchanged: what holds for rows holds for columns then."""
    return (pair[1], pair[0])


def turned_card(card: Rect) -> Rect:
    """A card with across and down exchanged."""
    return (*turned(card[:2]), *turned(card[2:]))


def places(
    graph: Graph, order: Iterable[str], known: Mapping[str, Point], sizes: Mapping[str, Size], *, is_down: bool = False
) -> dict[str, Point]:
    """A place for each node of `order` (sources first) that has none in `known`; `sizes` holds every node."""
    if is_down:
        upright = {key: turned(size) for key, size in sizes.items()}
        found = places(graph, order, {key: turned(place) for key, place in known.items()}, upright)
        return {key: turned(place) for key, place in found.items()}
    found = {}
    both: ChainMap[str, Point] = ChainMap(found, dict(known))
    ground = _Ground()
    for key, place in known.items():
        ground.take(place, sizes[key])
    for key in order:
        if key not in known:
            place = ground.free(_wanted(graph, key, both, sizes), sizes[key])
            found[key] = place
            ground.take(place, sizes[key])
    return found


def room_between(cards: Mapping[str, Rect], source: str, new: str, target: str) -> dict[str, Point]:
    """Places that put a new card between two others of a row, the rest of the row shifted right as far as it must be.

    Nothing where it has room already, or where the two do not stand side by side.
    """
    (left, _, width, _), (middle, y, wide, _), end = cards[source], cards[new], cards[target]
    start = left + width + NEAR
    is_row = left + width <= end[0] and _is_beside(cards[source], end)
    if not is_row or (start <= middle and middle + wide + NEAR <= end[0]):
        return {}
    x = snapped(max(start, min(middle, end[0] - NEAR - wide)), y)[0]
    shift = max(0.0, snapped(x + wide + NEAR - end[0] + GRID / 2, 0)[0])
    row = (key for key, card in cards.items() if key != new and card[0] >= end[0] and _is_beside(card, end))
    return {new: (x, end[1]), **({key: (cards[key][0] + shift, cards[key][1]) for key in row} if shift else {})}


def next_in_row(cards: Mapping[str, Rect], key: str, size: Size, edge: float) -> Point:
    """The place of a new card right of another; where the row is full or would go beyond `edge`, below its first."""
    row = _row(cards, key)
    left, top, width, _ = cards[key]
    place = snapped(left + width + GAP_X, top)
    if len(row) >= ROW_CARDS or place[0] + size[0] > edge:
        first, lowest = row[-1], max(card[1] + card[3] for card in row)
        place = snapped(first[0], max(lowest + NEAR, first[1] + ROW_PITCH))
    while (
        hit := next((card for card in cards.values() if _overlap(place, size, card[:2], card[2:])), None)
    ) is not None:
        place = snapped(place[0], hit[1] + hit[3] + NEAR)
    return place


def next_below(cards: Mapping[str, Rect], key: str, size: Size) -> Point:
    """The place of a new card below another, beside what stands there."""
    left, top, width, height = cards[key]
    place = snapped(left + (width - size[0]) / 2, top + height + GAP_DOWN)
    while (
        hit := next((card for card in cards.values() if _overlap(place, size, card[:2], card[2:])), None)
    ) is not None:
        place = snapped(hit[0] + hit[2] + NEAR, place[1])
    return place


def _row(cards: Mapping[str, Rect], key: str) -> list[Rect]:
    """The card and those of its row to the left, up to the row's first."""
    row = [cards[key]]
    for card in sorted(cards.values(), reverse=True):
        gap = row[-1][0] - card[0] - card[2]
        if 0 <= gap < ROW_GAP and _is_beside(card, cards[key]):
            row.append(card)
    return row


def nearest_free(cards: Collection[Rect], place: Point, size: Size, seen: Rect) -> Point:
    """The place itself, or the nearest where a card of this size keeps clear of all others; first where it is seen."""
    if not _hits(cards, place, size):
        return place
    across = [place[0], *(x for card in cards for x in (card[0] - size[0] - CLEAR, card[0] + card[2] + CLEAR))]
    down = [place[1], *(y for card in cards for y in (card[1] - size[1] - CLEAR, card[1] + card[3] + CLEAR))]
    spots = {snapped(x, y) for x in across for y in down}
    ranked = sorted(spots, key=lambda spot: (not _is_inside(spot, size, seen), math.dist(spot, place)))
    return next((spot for spot in ranked if not _hits(cards, spot, size)), place)


def _is_inside(place: Point, size: Size, area: Rect) -> bool:
    left, top, width, height = area
    is_across = left <= place[0] and place[0] + size[0] <= left + width
    return is_across and top <= place[1] and place[1] + size[1] <= top + height


def _hits(cards: Iterable[Rect], place: Point, size: Size) -> bool:
    return any(_overlap(place, size, card[:2], card[2:]) for card in cards)


def _is_beside(card: Rect, other: Rect) -> bool:
    return card[1] < other[1] + other[3] and other[1] < card[1] + card[3]


def _wanted(graph: Graph, key: str, known: Mapping[str, Point], sizes: Mapping[str, Size]) -> Point:
    """Right of what feeds the node, else left of what it feeds, else below everything."""
    sources = [wire.source for wire in graph.into(key) if wire.source in known]
    if sources:
        last = max(sources, key=lambda source: known[source][0] + sizes[source][0])
        return snapped(known[last][0] + sizes[last][0] + GAP_X, known[last][1])
    targets = [wire.target for wire in graph.out_of(key) if wire.target in known]
    if targets:
        first = min(targets, key=lambda target: known[target][0])
        return snapped(known[first][0] - sizes[key][0] - GAP_X, known[first][1])
    if not known:
        return (0.0, 0.0)
    lowest = max(known[other][1] + sizes[other][1] for other in known)
    return snapped(min(place[0] for place in known.values()), lowest + GAP_Y)


class _Ground:
    """What is taken, in cells, so that a look for free ground stays short."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Point, Size]]] = {}

    def take(self, place: Point, size: Size) -> None:
        for cell in _cells(place, size):
            self._cells.setdefault(cell, []).append((place, size))

    def free(self, place: Point, size: Size) -> Point:
        """The place itself, or the first free one below it."""
        x, y = place
        while (hit := self._hit((x, y), size)) is not None:
            y = snapped(x, hit[0][1] + hit[1][1] + GAP_Y)[1]
        return (x, y)

    def _hit(self, place: Point, size: Size) -> tuple[Point, Size] | None:
        for cell in _cells(place, size):
            for other in self._cells.get(cell, ()):
                if _overlap(place, size, *other):
                    return other
        return None


def _cells(place: Point, size: Size) -> Iterable[tuple[int, int]]:
    left, top = (int(value // CELL) for value in place)
    right, bottom = int((place[0] + size[0]) // CELL), int((place[1] + size[1]) // CELL)
    return ((column, row) for column in range(left, right + 1) for row in range(top, bottom + 1))


def _overlap(first: Point, size: Size, second: Point, other: Size) -> bool:
    margin = 16
    return (
        first[0] < second[0] + other[0] + margin
        and second[0] < first[0] + size[0] + margin
        and first[1] < second[1] + other[1] + margin
        and second[1] < first[1] + size[1] + margin
    )


def card_place(cursor: QPointF, width: float) -> Point:
    """The corner of a card on the grid that is held at the middle of its header."""
    return snapped(cursor.x() - width / 2, cursor.y() - GRIP)
