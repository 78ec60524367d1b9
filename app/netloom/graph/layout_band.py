"""One part of a drawing that hangs together: its bands, one across from the other, with their columns in line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from netloom.graph.layout_layers import LANE, Edge, Gaps, Net, bands, cuts, depths, lowered
from netloom.graph.layout_lines import GRID, LANE_CARD, places_across
from netloom.graph.layout_order import Spots, put_in_order, spots
from netloom.graph.remarks import Point

FEW_BENT, PER_BENT, MOST_WIDER = 6, 8.0, 160.0
"""A gap between layers grows with the wires that do not go straight through it."""


@dataclass(slots=True)
class Part:
    """Corners of cards by number, lanes by the number of their edge, and the extent; along and across the layers."""

    corners: list[Point]
    lanes: dict[int, tuple[Point, ...]]
    extent: Point


@dataclass(slots=True)
class _Band:
    """The layers of one band: `cards` and `edges` by their numbers in the part; `at` is the line of each spot."""

    cards: list[int]
    edges: list[int]
    spots: Spots
    at: list[float]

    def bent(self, layer: int) -> int:
        """How many wires leave this layer for another line."""
        ends = ((spot, other) for spot in self.spots.layers[layer] for other, _ in self.spots.right[spot])
        return sum(self.at[spot] != self.at[other] for spot, other in ends)


def part(net: Net, room: Point | None, gaps: Gaps, pause: Callable[[], None]) -> Part:
    """Lay out cards that hang together."""
    depth = depths(len(net.along), net.edges)
    depth = lowered(net, depth, room, gaps) if room else depth
    rows = bands(net, depth, room, gaps)
    cut = cuts(depth, net.edges)
    found = [_laid_out(net, depth, row, gaps, pause) for row in rows]
    columns = _columns(net, found, gaps)
    result = Part([(0.0, 0.0)] * len(depth), {}, (0.0, 0.0))
    top = 0.0
    for row, band in zip(rows, found, strict=True):
        bottom = _write(result, net, band, columns, top)
        more = max(cut[row[-1]] - 2, 0) if row[-1] < len(cut) else 0
        top = bottom + gaps.bands + _whole(more * LANE)
    result.extent = (max(end for band in found for _, end in columns[: len(band.spots.layers)]), bottom)
    return result


def _laid_out(net: Net, depth: Sequence[int], row: range, gaps: Gaps, pause: Callable[[], None]) -> _Band:
    cards = [card for card, layer in enumerate(depth) if layer in row]
    own = {card: index for index, card in enumerate(cards)}
    edges = [number for number, edge in enumerate(net.edges) if edge[0] in own and edge[1] in own]
    local: list[Edge] = [
        (own[source], own[target], leaves, comes)
        for source, target, leaves, comes in (net.edges[number] for number in edges)
    ]
    found = spots(len(cards), [depth[card] - row[0] for card in cards], local)
    put_in_order(found, pause)
    before = [net.before[card] for card in cards]
    after = [net.across[card] - net.before[card] for card in cards]
    return _Band(cards, edges, found, places_across(found, before, after, gaps.across, pause))


def _columns(net: Net, found: Sequence[_Band], gaps: Gaps) -> list[tuple[float, float]]:
    """Where each column of cards begins and ends; columns of all bands stand in line."""
    count = max(len(band.spots.layers) for band in found)
    widths, between = [0.0] * count, [gaps.along] * count
    for band in found:
        for index, layer in enumerate(band.spots.layers):
            cards = (net.along[band.cards[spot]] for spot in layer if not band.spots.is_lane(spot))
            widths[index] = max(widths[index], _whole(max(cards, default=0.0)))
            wider = min(max(band.bent(index) - FEW_BENT, 0) * PER_BENT, MOST_WIDER)
            between[index] = max(between[index], gaps.along + wider)
    starts = accumulate((width + gap for width, gap in zip(widths, between, strict=True)), initial=0.0)
    return [(start, start + width) for start, width in zip(starts, widths, strict=False)]


def _write(result: Part, net: Net, band: _Band, columns: Sequence[tuple[float, float]], top: float) -> float:
    """Put a band below `top`; where it ends."""
    cards = len(band.cards)
    heads = [band.at[spot] - net.before[card] for spot, card in enumerate(band.cards)]
    ends = [head + net.across[card] for head, card in zip(heads, band.cards, strict=True)]
    lanes = band.at[cards:]
    first = min(*heads, *(at - LANE_CARD for at in lanes), inf)
    last = max(*ends, *(at + LANE_CARD for at in lanes), -inf)
    shift = top - first
    column = {spot: index for index, layer in enumerate(band.spots.layers) for spot in layer}
    for spot, card in enumerate(band.cards):
        result.corners[card] = (columns[column[spot]][0], heads[spot] + shift)
    for number, lane in band.spots.lanes.items():
        points = [(columns[column[spot]], band.at[spot] + shift) for spot in lane]
        result.lanes[band.edges[number]] = _run(points)
    return _whole(last + shift)


def _run(points: Sequence[tuple[tuple[float, float], float]]) -> tuple[Point, ...]:
    """The corners of a lane: where it begins, where it ends, and where it changes its height."""
    corners: list[Point] = []
    for (start, end), at in points:
        if corners and corners[-1][1] == at:
            corners[-1] = (end, at)
        else:
            corners += [(start, at), (end, at)]
    return tuple(corners)


def _whole(value: float) -> float:
    """The next multiple of the grid."""
    return -(-value // GRID) * GRID
