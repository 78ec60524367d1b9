"""Layered layout: what feeds stands left of what is fed, and long wires have lanes of their own between the cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

from netloom.graph.layout_band import Part, part
from netloom.graph.layout_layers import Edge, Gaps, Net, parts
from netloom.graph.layout_lines import GRID
from netloom.graph.model import Graph, Slot, id_order

if TYPE_CHECKING:
    from netloom.graph.remarks import Direction, Point

GAPS: Mapping[str, Gaps] = {"right": Gaps(40.0, 80.0, 96.0), "down": Gaps(48.0, 64.0, 128.0)}
"""The room between cards of one layer, between layers, between bands."""
HEADER_LINE = 16.0
"""How far below its top the line of a card is: there is its port, if it has one on a side."""
BETWEEN_PARTS = 64.0
ASPECT = 1.6

Size: TypeAlias = tuple[float, float]
Ranks: TypeAlias = Mapping[Slot, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be laid out, as plain data: cards with their sizes, and wires with the ranks of their ports.

    A rank says where on its side of the card a port is, from 0 to 1.
    """

    sizes: Mapping[str, Size]
    wires: Sequence[tuple[Slot, str, str, tuple[float, float]]]
    room: Size | None = None
    direction: Direction = "right"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A place for every card, and for wires that go past others the lane that is kept free for them, point by point."""

    places: Mapping[str, Point]
    lanes: Mapping[Slot, tuple[Point, ...]]


def layered(
    graph: Graph,
    sizes: Mapping[str, Size],
    start: Point = (0.0, 0.0),
    room: Size | None = None,
    direction: Direction = "right",
    ranks: Ranks | None = None,
) -> dict[str, Point]:
    """A place for every node in `sizes`, all of one level; `start` is the top left corner of the whole.

    With a `room` a long graph is broken into bands, one below the other, so that it can be shown there large.
    """
    return dict(placed(draw(sheet(graph, sizes, room, direction, ranks)), start).places)


def placed(drawing: Drawing, start: Point) -> Drawing:
    """The drawing with its top left corner at the place of the grid that is nearest to `start`.

    Cards stand on half steps of the grid, for middles on one line need them.
    """
    shift = (_snapped(start[0]), _snapped(start[1]))

    def at(place: Point) -> Point:
        return (_snapped(place[0] + shift[0], GRID / 2), _snapped(place[1] + shift[1], GRID / 2))

    places = {key: at(place) for key, place in drawing.places.items()}
    return Drawing(places, {key: tuple(at(point) for point in lane) for key, lane in drawing.lanes.items()})


def sheet(
    graph: Graph,
    sizes: Mapping[str, Size],
    room: Size | None = None,
    direction: Direction = "right",
    ranks: Ranks | None = None,
) -> Sheet:
    """The plain data of these nodes and the wires among them."""
    keys = sorted(sizes, key=id_order)
    wires = [
        (wire.key, wire.source, wire.target, (ranks or {}).get(wire.key, (0.5, 0.5)))
        for key in keys
        for wire in sorted(graph.into(key), key=lambda wire: wire.key)
        if wire.source in sizes
    ]
    return Sheet({key: sizes[key] for key in keys}, wires, room, direction)


def draw(given: Sheet, pause: Callable[[], None] = lambda: None) -> Drawing:
    """The drawing with its top left card corner at (0, 0); `pause` is called now and then, and may raise to give up."""
    if not given.sizes:
        return Drawing({}, {})
    is_down = given.direction == "down"
    net, gaps = _net(given), GAPS[given.direction]
    room = given.room and _turned(given.room, is_down)
    drawn = list(_parts(net, room, gaps, pause))
    shifts = _packed([each.extent for _, _, each in drawn], room[0] / room[1] if room else ASPECT)
    keys, slots = list(given.sizes), [wire[0] for wire in given.wires]
    places: dict[str, Point] = {}
    lanes: dict[Slot, tuple[Point, ...]] = {}
    for (cards, edges, each), shift in zip(drawn, shifts, strict=True):
        places |= {keys[card]: _at(corner, shift) for card, corner in zip(cards, each.corners, strict=True)}
        lanes |= {slots[edges[number]]: tuple(_at(at, shift) for at in lane) for number, lane in each.lanes.items()}
    origin = (-min(x for x, _ in places.values()), -min(y for _, y in places.values()))
    return Drawing(
        {key: _turned(_at(places[key], origin), is_down) for key in keys},
        {key: tuple(_turned(_at(point, origin), is_down) for point in lane) for key, lane in lanes.items()},
    )


def _net(given: Sheet) -> Net:
    """The cards and wires by number; where layers are rows, a card's line goes through its middle."""
    number = {key: index for index, key in enumerate(given.sizes)}
    edges = [(number[source], number[target], *ranks) for _, source, target, ranks in given.wires]
    wide, high = [size[0] for size in given.sizes.values()], [size[1] for size in given.sizes.values()]
    if given.direction == "down":
        return Net(high, wide, [width / 2 for width in wide], edges)
    return Net(wide, high, [min(HEADER_LINE, height) for height in high], edges)


def _parts(
    net: Net, room: Size | None, gaps: Gaps, pause: Callable[[], None]
) -> Iterator[tuple[list[int], list[int], Part]]:
    """What hangs together, laid out: its cards, its edges, its drawing."""
    found = parts(net)
    home = {card: index for index, cards in enumerate(found) for card in cards}
    edges: list[list[int]] = [[] for _ in found]
    for index, edge in enumerate(net.edges):
        edges[home[edge[0]]].append(index)
    for cards, own in zip(found, edges, strict=True):
        yield cards, own, part(_cut_out(net, cards, own), room, gaps, pause)


def _cut_out(net: Net, cards: Sequence[int], edges: Sequence[int]) -> Net:
    number = {card: index for index, card in enumerate(cards)}
    wires: list[Edge] = []
    for edge in edges:
        source, target, leaves, comes = net.edges[edge]
        wires.append((number[source], number[target], leaves, comes))
    along, across, before = ([values[card] for card in cards] for values in (net.along, net.across, net.before))
    return Net(along, across, before, wires)


def _packed(extents: Sequence[Size], aspect: float) -> list[Point]:
    """Where parts stand: side by side as long as the whole does not become too long for its height."""
    area = sum((along + BETWEEN_PARTS) * (across + BETWEEN_PARTS) for along, across in extents)
    longest = max(sqrt(area * aspect), *(along for along, _ in extents))
    found: list[Point] = []
    at, top, deep = 0.0, 0.0, 0.0
    for along, across in extents:
        if at and at + along > longest:
            at, top, deep = 0.0, top + deep, 0.0
        found.append((at, top))
        at += _snapped(along) + BETWEEN_PARTS
        deep = max(deep, _snapped(across) + BETWEEN_PARTS)
    return found


def _at(place: Point, shift: Point) -> Point:
    return (place[0] + shift[0], place[1] + shift[1])


def _turned(place: Point, is_down: bool) -> Point:
    return (place[1], place[0]) if is_down else place


def _snapped(value: float, step: float = GRID) -> float:
    return round(value / step) * step
