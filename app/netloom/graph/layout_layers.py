"""The first steps of a layered layout: parts that hang together, the layer of each card, bands of layers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt
from typing import TypeAlias

MOST_CUT = 8
"""A row of layers is broken where at most so many outputs are read beyond: what is wider is no chain."""
NEARLY = 0.8
WINDOW = 0.25
"""By how much of its length a band may be longer or shorter than the others, so that few wires are cut."""
PER_CUT = 0.15
LANE = 16.0
FAR = 0.3
"""A drawing that would be shown smaller than this has no layers that are too high for the room."""

Edge: TypeAlias = tuple[int, int, float, float]
"""Two cards by number, and where on their edges the wire leaves and comes: the rank of its port, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Net:
    """Cards by number with their measures along the layers' row and across it, and the wires between them.

    `before` is what a card takes across before its line, on which it stands with those that it is wired to.
    """

    along: Sequence[float]
    across: Sequence[float]
    before: Sequence[float]
    edges: Sequence[Edge]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The room between cards of one layer, between layers, and between bands."""

    across: float
    along: float
    bands: float


def parts(net: Net) -> list[list[int]]:
    """The cards that hang together, by their first."""
    import networkx as nx

    drawn = nx.Graph()
    drawn.add_nodes_from(range(len(net.along)))
    drawn.add_edges_from(edge[:2] for edge in net.edges)
    return sorted(sorted(part) for part in nx.connected_components(drawn))


def depths(count: int, edges: Sequence[Edge]) -> list[int]:
    """The layer of each card: behind all that it reads, and right before its readers where more read it than it reads.

    So an input that joins late stands where it is used.
    """
    import networkx as nx

    drawn = nx.DiGraph()
    drawn.add_nodes_from(range(count))
    drawn.add_edges_from(edge[:2] for edge in edges)
    depth = [0] * count
    for layer, cards in enumerate(nx.topological_generations(drawn)):
        for card in cards:
            depth[card] = layer
    for card in sorted(range(count), key=depth.__getitem__, reverse=True):
        if drawn.out_degree(card) > drawn.in_degree(card):
            depth[card] = max(depth[card], min(depth[target] for target in drawn.succ[card]) - 1)
    return depth


def neighbours(count: int, edges: Iterable[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    """What each card reads, and what reads it."""
    into: list[list[int]] = [[] for _ in range(count)]
    out: list[list[int]] = [[] for _ in range(count)]
    for source, target, _, _ in edges:
        into[target].append(source)
        out[source].append(target)
    return into, out


def cuts(depth: Sequence[int], edges: Iterable[Edge]) -> list[int]:
    """For each layer but the last, how many cards up to there are read beyond it."""
    reach = list(depth)
    for source, target, _, _ in edges:
        reach[source] = max(reach[source], depth[target])
    steps = [0] * (max(depth, default=0) + 1)
    for start, end in zip(depth, reach, strict=True):
        if end > start:
            steps[start] += 1
            steps[end] -= 1
    return list(accumulate(steps))[:-1]


def bands(net: Net, depth: Sequence[int], room: tuple[float, float] | None, gaps: Gaps) -> list[range]:
    """The layers in the fewest rows that show them nearly as large in this room as any number of rows would."""
    row = _Row(net, depth, gaps)
    if room is None or not row.along:
        return [range(len(row.along))]
    most = 1
    while most < len(row.along) and row.is_wider_than_high(row.broken(most), room):
        most *= 2
    low, high = 1, min(most, len(row.along))
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if row.is_wider_than_high(row.broken(middle), room) else (low, middle)
    best = max(row.worth(row.broken(count), room) for count in {max(low - 1, 1), low, low + 1})
    return next(found for count in range(1, low + 2) if row.worth(found := row.broken(count), room) >= NEARLY * best)


def lowered(net: Net, depth: Sequence[int], room: tuple[float, float], gaps: Gaps) -> list[int]:
    """Layers with fewer cards where these would be too high for the room; the same ones where they are not.

    Cards go to the first layer behind what they read that has room left, those of lower layers first.
    """
    row = _Row(net, depth, gaps)
    whole = [range(len(row.along))]
    if row.zoom(whole, room) >= FAR or row.is_wider_than_high(whole, room):
        return list(depth)
    area = sum(
        (along + gaps.along) * (across + gaps.across) for along, across in zip(net.along, net.across, strict=True)
    )
    most = sqrt(area * room[1] / room[0])
    into, _ = neighbours(len(depth), net.edges)
    found, filled = [0] * len(depth), [0.0] * len(depth)
    open_from = 0
    for card in sorted(range(len(depth)), key=depth.__getitem__):
        layer = max(open_from, max((found[source] + 1 for source in into[card]), default=0))
        while filled[layer] + net.across[card] > most and filled[layer]:
            layer += 1
        found[card] = layer
        filled[layer] += net.across[card] + gaps.across
        while open_from < len(filled) and filled[open_from] > max(most - gaps.across, 0.0):
            open_from += 1
    return found


class _Row:
    """All layers in one row, and what it takes up where it is broken."""

    def __init__(self, net: Net, depth: Sequence[int], gaps: Gaps) -> None:
        count = max(depth, default=-1) + 1
        self.along = [0.0] * count
        self._across = [0.0] * count
        self._gaps = gaps
        for card, layer in enumerate(depth):
            self.along[layer] = max(self.along[layer], net.along[card])
            self._across[layer] += net.across[card] + gaps.across
        self._cuts = cuts(depth, net.edges)
        self._ends = list(accumulate(along + gaps.along for along in self.along))

    def broken(self, count: int) -> list[range]:
        """The layers in about so many bands of about the same length, broken where few wires are cut."""
        longest = (self._ends[-1] / count) if count > 1 else self._ends[-1]
        found, start, begun = [], 0, 0.0
        while start < len(self.along):
            end = self._end(start, begun + longest)
            found.append(range(start, end))
            start, begun = end, self._ends[end - 1]
        return found

    def _end(self, start: int, goal: float) -> int:
        """Where a band ends that would best be so long: the cheapest cut near there, else the next that may be."""
        last = len(self.along)
        length = goal - (self._ends[start - 1] if start else 0.0)
        if self._ends[-1] <= goal + length * WINDOW:
            return last
        first = max(bisect_left(self._ends, goal - length * WINDOW) + 1, start + 1)
        beyond = max(bisect_right(self._ends, goal + length * WINDOW), first)
        near = [end for end in range(first, min(beyond, last - 1) + 1) if self._cuts[end - 1] <= MOST_CUT]
        if near:
            return min(near, key=lambda end: self._cuts[end - 1] * (1 + 2 * abs(self._ends[end - 1] - goal) / length))
        return next((end for end in range(beyond, last) if self._cuts[end - 1] <= MOST_CUT), last)

    def extent(self, found: Sequence[range]) -> tuple[float, float]:
        """Length and height of these bands together."""
        along = max(self._ends[band[-1]] - (self._ends[band[0] - 1] if band[0] else 0.0) for band in found)
        across = sum(max(self._across[layer] for layer in band) for band in found)
        lanes = sum(self._cuts[band[-1]] * LANE for band in found[:-1])
        return along - self._gaps.along, across + lanes + self._gaps.bands * (len(found) - 1)

    def is_wider_than_high(self, found: Sequence[range], room: tuple[float, float]) -> bool:
        """Whether the length is what keeps these bands from being shown larger."""
        along, across = self.extent(found)
        return along / room[0] > across / room[1]

    def worth(self, found: Sequence[range], room: tuple[float, float]) -> float:
        """How large these bands are shown, and less where more than one wire goes from band to band."""
        cut = sum(self._cuts[band[-1]] for band in found[:-1])
        return self.zoom(found, room) / (1 + PER_CUT * max(cut / max(len(found) - 1, 1) - 1, 0.0))

    def zoom(self, found: Sequence[range], room: tuple[float, float]) -> float:
        """How large these bands are where they just fit into a room; 1 at most."""
        along, across = self.extent(found)
        return min(room[0] / max(along, 1.0), room[1] / max(across, 1.0), 1.0)
