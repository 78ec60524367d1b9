"""The order of cards and lanes in each layer, so that few wires cross.

Barycentre sweeps after Sugiyama, Tagawa and Toda (1981), then neighbours change places while that helps.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter
from typing import TypeAlias

from netloom.graph.layout_layers import Edge

SWEEPS, PATIENCE = 16, 3
THOROUGH = 2_000
"""From so many spots on the order is looked for less long."""
ROUNDS = 6
DENSE = 4
"""Where spots are so many times more than cards."""
LANES_PER_CARD, LANES = 8, 3_000

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

    @property
    def sides(self) -> tuple[Ends, Ends]:
        """The neighbours to the left, and to the right."""
        return self.left, self.right

    def is_lane(self, spot: int) -> bool:
        """Whether this is no card."""
        return spot >= self.cards


def spots(count: int, layer: Sequence[int], edges: Sequence[Edge]) -> Spots:
    """The spots of these cards; edges lead from a lower layer to a higher."""
    found = Spots(count, [[] for _ in range(max(layer, default=-1) + 1)])
    found.left, found.right = [[] for _ in range(count)], [[] for _ in range(count)]
    begun: dict[tuple[int, float], list[int]] = {}
    longest = _longest_lane(count, layer, edges)
    for number, (source, target, leaves, comes) in enumerate(edges):
        if layer[target] - layer[source] > longest:
            continue
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


def _longest_lane(count: int, layer: Sequence[int], edges: Sequence[Edge]) -> int:
    """How many layers a wire with a lane may cross: any number but in graphs so dense that no one could follow it."""
    most = LANES_PER_CARD * count + LANES
    lengths = sorted(layer[target] - layer[source] for source, target, _, _ in edges)
    sums = accumulate(lengths)
    return next((length for length, total in zip(lengths, sums, strict=True) if total > most), len(layer))


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
    """Order every layer; `pause` is called now and then, and may raise to give up.

    Cards follow the longest way through the graph alone, so that lanes stay on one side of it. In a dense graph no way
    stands out, and all wires are heard.
    """
    place = [0.0] * len(found.left)
    is_small, is_dense = len(place) < THOROUGH, len(place) > DENSE * found.cards
    sweeps = SWEEPS if is_small else SWEEPS // 4
    near = found.sides
    best, least = _swept(found, place, near if is_dense else _mains(found), sweeps, pause)
    if not is_dense and least > found.cards:
        best, least = min((best, least), _swept(found, place, near, sweeps, pause), key=itemgetter(1))
    found.layers[:] = best
    for layer in found.layers:
        _renumber(place, layer)
    _transpose(found, place, ROUNDS if is_small else 1, pause)


def _swept(
    found: Spots, place: list[float], near: tuple[Ends, Ends], sweeps: int, pause: Callable[[], None]
) -> tuple[list[list[int]], int]:
    """The best order that sweeps find in which spots follow these neighbours, and how many wires cross in it."""
    for layer in found.layers:
        _renumber(place, layer)
    best, least, idle = [list(layer) for layer in found.layers], _crossings(found, place), 0
    for sweep in range(sweeps):
        pause()
        if not least or idle > PATIENCE:
            break
        _sweep(found.layers if sweep % 2 == 0 else found.layers[::-1], place, near[sweep % 2])
        crossed = _crossings(found, place)
        idle = 0 if crossed < least else idle + 1
        if crossed < least:
            best, least = [list(layer) for layer in found.layers], crossed
    return best, least


def _mains(found: Spots) -> tuple[Ends, Ends]:
    """The neighbours on both sides, for a card only that of the longest way through it, where this is a card."""
    through = ways_through(found)
    left, right = ([_main(found, spot, ends, through) for spot, ends in enumerate(near)] for near in found.sides)
    return left, right


def _main(found: Spots, spot: int, ends: list[tuple[int, float]], through: Sequence[int]) -> list[tuple[int, float]]:
    cards = [] if found.is_lane(spot) else [end for end in ends if not found.is_lane(end[0])]
    longest = max((through[other] for other, _ in cards), default=0)
    mains = [end for end in cards if through[end[0]] == longest]
    return [(mains[0][0], 0.5)] if len(mains) == 1 else mains or ends


def ways_through(found: Spots) -> list[int]:
    """For each spot, how many cards the longest way through it has."""
    reached, left = [0] * len(found.left), [0] * len(found.left)
    for layer in found.layers:
        for spot in layer:
            reached[spot] = max((reached[other] for other, _ in found.left[spot]), default=0) + (spot < found.cards)
    for layer in reversed(found.layers):
        for spot in layer:
            left[spot] = max((left[other] for other, _ in found.right[spot]), default=0) + (spot < found.cards)
    return [one + other for one, other in zip(reached, left, strict=True)]


def _renumber(place: list[float], layer: Sequence[int]) -> None:
    """Places of a layer, 0 in its middle."""
    start = -(len(layer) - 1) / 2
    for index, spot in enumerate(layer):
        place[spot] = start + index


def _sweep(layers: Sequence[list[int]], place: list[float], near: Ends) -> None:
    """Order each layer by the mean place of what its spots are wired to on the side that the sweep comes from."""
    for layer in layers:
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
    for near in found.sides:
        above, below = _ends(near[upper], place), _ends(near[lower], place)
        if above and below:
            gain += sum((one > other) - (one < other) for one in above for other in below)
    return gain
