"""The order of cards and lanes in each layer, so that few wires cross.

Barycentre sweeps after Sugiyama, Tagawa and Toda (1981), then neighbours change places while that helps.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from netloom.graph.layout_layers import Edge

SWEEPS, PATIENCE = 16, 3
THOROUGH = 2_000
"""From so many spots on the order is looked for less long."""
ROUNDS = 6

Ends: TypeAlias = list[list[tuple[int, float]]]


@dataclass(slots=True)
class Spots:
    """What stands in the layers: the cards, numbered as given, then the spots of lanes that lead wires past cards.

    Wires of one output share a lane. `left` and `right` hold for each spot its neighbours in the layers beside, with
    the rank of the port there; `lanes` by edge the spots that it passes through.
    """

    cards: int
    layers: list[list[int]]
    left: Ends = field(default_factory=list)
    right: Ends = field(default_factory=list)
    lanes: dict[int, list[int]] = field(default_factory=dict)

    def is_lane(self, spot: int) -> bool:
        """Whether this is no card."""
        return spot >= self.cards


def spots(count: int, layer: Sequence[int], edges: Sequence[Edge]) -> Spots:
    """The spots of these cards; edges lead from a lower layer to a higher."""
    found = Spots(count, [[] for _ in range(max(layer, default=-1) + 1)])
    found.left, found.right = [[] for _ in range(count)], [[] for _ in range(count)]
    begun: dict[tuple[int, float], list[int]] = {}
    for number, (source, target, leaves, comes) in enumerate(edges):
        lane = begun.setdefault((source, leaves), [])
        needed = layer[target] - layer[source] - 1
        while len(lane) < needed:
            _lengthen(found, source, leaves, lane, layer[source] + len(lane) + 1)
        before, rank = (lane[needed - 1], 0.5) if needed else (source, leaves)
        found.right[before].append((target, comes))
        found.left[target].append((before, rank))
        if needed:
            found.lanes[number] = lane[:needed]
    for card in range(count):
        found.layers[layer[card]].append(card)
    return found


def _lengthen(found: Spots, source: int, leaves: float, lane: list[int], layer: int) -> None:
    """Lead a lane on to this layer."""
    spot = len(found.left)
    before, rank = (lane[-1], 0.5) if lane else (source, leaves)
    found.left.append([(before, rank)])
    found.right.append([])
    found.right[before].append((spot, 0.5))
    found.layers[layer].append(spot)
    lane.append(spot)


def put_in_order(found: Spots, pause: Callable[[], None]) -> None:
    """Order every layer; `pause` is called now and then, and may raise to give up."""
    place = [0.0] * len(found.left)
    for layer in found.layers:
        _renumber(place, layer)
    best, least, idle = [list(layer) for layer in found.layers], _crossings(found, place), 0
    is_small = len(place) < THOROUGH
    for sweep in range(SWEEPS if is_small else SWEEPS // 4):
        pause()
        if not least or idle > PATIENCE:
            break
        _sweep(found, place, forward=sweep % 2 == 0)
        crossed = _crossings(found, place)
        idle = 0 if crossed < least else idle + 1
        if crossed < least:
            best, least = [list(layer) for layer in found.layers], crossed
    found.layers[:] = best
    for layer in found.layers:
        _renumber(place, layer)
    _transpose(found, place, ROUNDS if is_small else 1, pause)


def _renumber(place: list[float], layer: Sequence[int]) -> None:
    """Places of a layer, 0 in its middle."""
    start = -(len(layer) - 1) / 2
    for index, spot in enumerate(layer):
        place[spot] = start + index


def _sweep(found: Spots, place: list[float], *, forward: bool) -> None:
    """Order each layer by the mean place of what its spots are wired to on the side that the sweep comes from."""
    near = found.left if forward else found.right
    for layer in found.layers if forward else reversed(found.layers):
        if len(layer) > 1:
            layer.sort(key={spot: _mean(place, near[spot], spot) for spot in layer}.__getitem__)
        _renumber(place, layer)


def _mean(place: Sequence[float], near: Sequence[tuple[int, float]], spot: int) -> float:
    if not near:
        return place[spot]
    if len(near) == 1:
        return place[near[0][0]] + near[0][1] - 0.5
    return sum(place[other] + rank for other, rank in near) / len(near) - 0.5


def _crossings(found: Spots, place: Sequence[float]) -> int:
    """How many pairs of wires cross between all layers."""
    total = 0
    for layer in found.layers:
        ends = [end for spot in layer for end in sorted(_ends(found.right[spot], place))]
        total += _inversions(ends) if len(ends) > 1 else 0
    return total


def _ends(near: Iterable[tuple[int, float]], place: Sequence[float]) -> list[float]:
    return [place[other] + rank for other, rank in near]


def _inversions(values: Sequence[float]) -> int:
    seen: list[float] = []
    total = 0
    for value in values:
        total += len(seen) - bisect_right(seen, value)
        insort(seen, value)
    return total


def _transpose(found: Spots, place: list[float], rounds: int, pause: Callable[[], None]) -> None:
    """Let neighbours change places where fewer wires cross then."""
    stale = set(range(len(found.layers)))
    for _ in range(rounds):
        changed = set()
        for index in sorted(stale):
            pause()
            if _settle(found, found.layers[index], place):
                changed |= {index - 1, index, index + 1}
        stale = changed & set(range(len(found.layers)))
        if not stale:
            return


def _settle(found: Spots, layer: list[int], place: list[float]) -> bool:
    """Go through a layer once; whether anything changed places."""
    changed = False
    for index in range(len(layer) - 1):
        upper, lower = layer[index], layer[index + 1]
        if _gain(found, place, upper, lower) > 0:
            layer[index], layer[index + 1] = lower, upper
            place[upper], place[lower] = place[lower], place[upper]
            changed = True
    return changed


def _gain(found: Spots, place: Sequence[float], upper: int, lower: int) -> int:
    """How many crossings fewer there are where these two change places."""
    gain = 0
    for near in (found.left, found.right):
        above, below = _ends(near[upper], place), _ends(near[lower], place)
        if above and below:
            gain += sum((one > other) - (one < other) for one in above for other in below)
    return gain
