"""Where cards and lanes stand across their layers: what is wired in a row stands on one line.

After Brandes and Köpf (2001), spots of neighbouring layers are joined to lines, which then move as wholes towards what
they are wired to. Long wires come first, so that their lanes are straight, then the longest way through the graph.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from netloom.graph.layout_order import Spots, ways_through

GRID = 8.0
LANE_CARD, LANE_LANE = 24.0, 16.0
LENGTHS = (1_000_000, 4, 1)
"""How many spots a line has at most; fewer where a drawing would be higher than LOOSE times its layers, and SPARE."""
LOOSE, SPARE = 1.5, 400.0
ROUNDS, MANY_ROUNDS, MANY = 8, 3, 6_000


@dataclass(slots=True)
class Line:
    """What stands on one line. `above` and `below` are others and how far off they must be, `wired` where wires go."""

    above: list[tuple[int, float]]
    below: list[tuple[int, float]]
    wired: list[int]
    at: float = 0.0


def places_across(
    found: Spots, before: Sequence[float], after: Sequence[float], gap: float, pause: Callable[[], None]
) -> list[float]:
    """The line of each spot; cards take so much before their line and after it.

    Long lines keep much room free in a dense graph: there shorter ones are taken, which makes lanes with bends.
    """
    apart = _Apart(found.cards, before, after, gap)
    tight = max(sum(apart.between(*pair) for pair in pairwise(layer)) for layer in found.layers)
    joined = _pairs_of(found)
    for longest in LENGTHS:
        pause()
        line_of, lines = _joined(found, joined, longest)
        order = _put_below_each_other(found, line_of, lines, apart)
        if max(line.at for line in lines) <= LOOSE * tight + SPARE:
            break
    _wire(found, line_of, lines)
    for _ in range(ROUNDS if len(found.left) < MANY else MANY_ROUNDS):
        pause()
        moved = [_pull(lines, number) for number in reversed(order)]
        moved += [_pull(lines, number) for number in order]
        if not any(moved):
            break
    return [lines[number].at for number in line_of]


def _put_below_each_other(found: Spots, line_of: Sequence[int], lines: Sequence["Line"], apart: "_Apart") -> list[int]:
    """Put all lines as high as they can be; their numbers, the topmost first."""
    _keep_apart(found, line_of, lines, apart)
    order = _topmost_first(lines)
    for number in order:
        lines[number].at = max((lines[other].at + least for other, least in lines[number].above), default=0.0)
    return order


def _wire(found: Spots, line_of: Sequence[int], lines: Sequence["Line"]) -> None:
    """Tell each line what it is wired to."""
    for spot, near in enumerate(found.right):
        number = line_of[spot]
        for other, _ in near:
            if line_of[other] != number:
                lines[number].wired.append(line_of[other])
                lines[line_of[other]].wired.append(number)


@dataclass(frozen=True, slots=True)
class _Apart:
    """How far the lines of two spots of a layer must be apart, in whole steps of the grid."""

    cards: int
    before: Sequence[float]
    after: Sequence[float]
    gap: float

    def between(self, upper: int, lower: int) -> float:
        is_card, is_other = upper < self.cards, lower < self.cards
        gap = self.gap if is_card and is_other else LANE_CARD if is_card or is_other else LANE_LANE
        wanted = (self.after[upper] if is_card else 0.0) + gap + (self.before[lower] if is_other else 0.0)
        return ceil(wanted / GRID) * GRID


def _joined(found: Spots, joined: dict[int, int], longest: int) -> tuple[list[int], list[Line]]:
    """The line that each spot is on, and the lines, of so many spots at most."""
    line_of = [-1] * len(found.left)
    lines: list[Line] = []
    lengths: list[int] = []
    for layer in found.layers:
        for spot in layer:
            number = line_of[joined[spot]] if spot in joined else -1
            if number < 0 or lengths[number] >= longest:
                number = len(lines)
                lines.append(Line([], [], []))
                lengths.append(0)
            line_of[spot] = number
            lengths[number] += 1
    return line_of, lines


def _pairs_of(found: Spots) -> dict[int, int]:
    """Each spot that stands in line with one of the layer before, and that one."""
    through = ways_through(found)
    index = {spot: place for layer in found.layers for place, spot in enumerate(layer)}
    joined: dict[int, int] = {}
    for layer in found.layers[1:]:
        joined |= _pairs(found, layer, index, through)
    return joined


def _pairs(found: Spots, layer: Sequence[int], index: dict[int, int], through: Sequence[int]) -> dict[int, int]:
    """Spots of a layer with the one before that they stand in line with; no two of these wires cross."""
    wires = [(other, spot) for spot in layer for other, _ in found.left[spot]]
    if len(wires) > 1:
        wires.sort(key=lambda wire: _rank(found, wire, through))
    joined: dict[int, int] = {}
    starts: list[int] = []
    ends: list[int] = []
    for source, target in wires:
        start, end = index[source], index[target]
        at = bisect_left(starts, start)
        is_free = at == len(starts) or (starts[at] != start and ends[at] > end)
        if is_free and (at == 0 or ends[at - 1] < end):
            joined[target] = source
            starts.insert(at, start)
            ends.insert(at, end)
    return joined


def _rank(found: Spots, wire: tuple[int, int], through: Sequence[int]) -> tuple[int, int]:
    """Inside a lane first, then between cards on the longest way, then where a lane begins or ends."""
    lanes = found.is_lane(wire[0]) + found.is_lane(wire[1])
    return ((1, 2, 0)[lanes], -min(through[wire[0]], through[wire[1]]))


def _keep_apart(found: Spots, line_of: Sequence[int], lines: Sequence[Line], apart: _Apart) -> None:
    """Tell each line what stands right above and below it in any layer."""
    needed: dict[tuple[int, int], float] = {}
    for layer in found.layers:
        for upper, lower in pairwise(layer):
            pair = line_of[upper], line_of[lower]
            needed[pair] = max(needed.get(pair, 0.0), apart.between(upper, lower))
    for (upper, lower), distance in needed.items():
        lines[upper].below.append((lower, distance))
        lines[lower].above.append((upper, distance))


def _topmost_first(lines: Sequence[Line]) -> list[int]:
    waiting = [len(line.above) for line in lines]
    order = [number for number, left in enumerate(waiting) if not left]
    for number in order:
        for other, _ in lines[number].below:
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    return order


def _pull(lines: Sequence[Line], number: int) -> bool:
    """Move a line towards the middle one of those it is wired to, as far as its neighbours let it; whether it moved."""
    line = lines[number]
    if not line.wired:
        return False
    wanted = sorted([lines[other].at for other in line.wired])
    middle = len(wanted) // 2
    goal = wanted[middle] if len(wanted) % 2 else (wanted[middle - 1] + wanted[middle]) / 2
    at = round(goal / GRID) * GRID
    for other, apart in line.below:
        at = min(at, lines[other].at - apart)
    for other, apart in line.above:
        at = max(at, lines[other].at + apart)
    moved = at != line.at
    line.at = at
    return moved
