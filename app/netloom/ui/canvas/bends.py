"""Dots that wires are led through: which wires have one, and the patches that add, move and remove them."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from netloom.graph import Change, Document, Patch, Point, Slot, Wire
from netloom.ui.canvas.card import GRID, PORT_Y, WIDTHS

Places: TypeAlias = tuple[Point, ...]
OUT = float(WIDTHS[len(WIDTHS) // 2])
"""About how far right of a card's corner its wires begin."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot of one output: the wires of that output that have a bend at this place share it."""

    node: str
    output: str
    place: Point


def snapped(x: float, y: float) -> Point:
    """The nearest place on the grid."""
    return (round(x / GRID) * GRID + 0.0, round(y / GRID) * GRID + 0.0)


def dots(document: Document, wire: Wire) -> list[Dot]:
    """The dots of a wire, from its source on."""
    return [Dot(wire.source, wire.output, place) for place in document.bends.get(wire.key, ())]


def sharing(document: Document, dot: Dot) -> list[Wire]:
    """The wires that are led through a dot."""
    if dot.node not in document.graph.nodes:
        return []
    wires = (wire for wire in document.graph.out_of(dot.node) if wire.output == dot.output)
    return [wire for wire in wires if dot.place in document.bends.get(wire.key, ())]


def with_dots(document: Document, wire: Wire, index: int, places: Sequence[Point]) -> dict[Slot, Places]:
    """The bends with new ones before the one of this index, also of the wires that run beside this one there."""
    old = document.bends.get(wire.key, ())
    beside = [wire]
    if index < len(old):
        common = old[: index + 1]
        beside = [
            each
            for each in sharing(document, Dot(wire.source, wire.output, old[index]))
            if document.bends[each.key][: index + 1] == common
        ]
    found = {each.key: document.bends.get(each.key, ()) for each in beside}
    return {slot: (*bends[:index], *places, *bends[index:]) for slot, bends in found.items()}


def moved(bends: Mapping[Slot, Places], steps: Mapping[Point, Point]) -> dict[Slot, Places]:
    """These bends with some places replaced by others; of two in a row at one place one stays."""
    return {slot: _apart(steps.get(place, place) for place in places) for slot, places in bends.items()}


def without(document: Document, gone: Collection[Dot]) -> dict[Slot, Places]:
    """The bends that are left when these dots go."""
    found: dict[Slot, Places] = {}
    for dot in gone:
        for wire in sharing(document, dot):
            left = found.get(wire.key, document.bends[wire.key])
            found[wire.key] = tuple(place for place in left if place != dot.place)
    return found


def split(document: Document, wire: Wire, place: Point) -> tuple[Places, Places]:
    """The bends of a wire before and behind a node that comes to a place: as the way gets the least longer by it."""
    old = document.bends.get(wire.key, ())
    source, target = (document.positions.get(key, place) for key in (wire.source, wire.target))
    stops = [(source[0] + OUT, source[1]), *((x, y - PORT_Y) for x, y in old), target]
    longer = [math.dist(start, place) + math.dist(place, end) - math.dist(start, end) for start, end in pairwise(stops)]
    index = longer.index(min(longer))
    return old[:index], old[index:]


def patch(document: Document, bends: Mapping[Slot, Places], label: str) -> Patch:
    """The patch that leads wires through these places; through none where they are empty."""
    pairs = ((slot, document.bends.get(slot), _apart(places) or None) for slot, places in bends.items())
    return Patch(label, tuple(Change("bend", slot, old, new) for slot, old, new in pairs if old != new))


def shifted(places: Iterable[Point], step: Point) -> Places:
    """Places that all move by one step."""
    return tuple((x + step[0], y + step[1]) for x, y in places)


def _apart(places: Iterable[Point]) -> Places:
    found: list[Point] = []
    for place in places:
        if not found or found[-1] != place:
            found.append(place)
    return tuple(found)
