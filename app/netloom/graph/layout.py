"""Layered layout: what feeds stands left of what is fed, and layers are ordered so that few wires cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from netloom.graph.model import Graph, id_order
from netloom.graph.remarks import Point

if TYPE_CHECKING:
    from networkx import DiGraph

GRID = 8.0
GAP_X, GAP_Y = 80.0, 40.0
GAP_BANDS = 96.0
MOST_BANDS = 6
NEARLY = 0.8
SWEEPS = 4

Size: TypeAlias = tuple[float, float]
Layers: TypeAlias = Sequence[Sequence[str]]


def layered(
    graph: Graph, sizes: Mapping[str, Size], start: Point = (0.0, 0.0), room: Size | None = None
) -> dict[str, Point]:
    """A place for every node in `sizes`, all of one level: layers by depth, ordered by the mean place of neighbours.

    `start` is the top left corner of the whole. With a `room` a long graph is broken into bands, one below the
    other, so that it can be shown there large. Barycentre sweeps after Sugiyama, Tagawa and Toda (1981).
    """
    import networkx as nx

    drawn = nx.DiGraph()
    drawn.add_nodes_from(sorted(sizes, key=id_order))
    drawn.add_edges_from(
        (wire.source, wire.target) for node in sizes for wire in graph.out_of(node) if wire.target in sizes
    )
    layers = [sorted(layer, key=id_order) for layer in nx.topological_generations(drawn)]
    for sweep in range(SWEEPS):
        _sweep(drawn, layers, forward=sweep % 2 == 0)
    return _placed(_broken(layers, sizes, room) if room else [layers], sizes, start)


def _sweep(drawn: DiGraph, layers: list[list[str]], *, forward: bool) -> None:
    """Order each layer by the mean relative place of its nodes' neighbours on the side that the sweep comes from."""
    place = {node: _relative(index, layer) for layer in layers for index, node in enumerate(layer)}
    for layer in layers if forward else reversed(layers):
        means = {node: _mean(place, list(drawn.pred[node] if forward else drawn.succ[node]), node) for node in layer}
        layer.sort(key=means.__getitem__)
        place |= {node: _relative(index, layer) for index, node in enumerate(layer)}


def _relative(index: int, layer: Sequence[str]) -> float:
    return index - (len(layer) - 1) / 2


def _mean(place: Mapping[str, float], neighbours: Sequence[str], node: str) -> float:
    return sum(place[other] for other in neighbours) / len(neighbours) if neighbours else place[node]


def _broken(layers: Layers, sizes: Mapping[str, Size], room: Size) -> list[Layers]:
    """The layers in the fewest bands that show them nearly as large in this room as any number of bands would."""
    ways = [_bands(layers, sizes, count) for count in range(1, MOST_BANDS + 1)]
    zooms = [_zoom(bands, sizes, room) for bands in ways]
    return next(bands for bands, zoom in zip(ways, zooms, strict=True) if zoom >= NEARLY * max(zooms))


def _bands(layers: Layers, sizes: Mapping[str, Size], count: int) -> list[Layers]:
    """The layers in about so many bands of about the same width."""
    widths = [_width([layer], sizes) + GAP_X for layer in layers]
    longest = sum(widths) / count + max(widths, default=0.0) / 2
    bands: list[list[Sequence[str]]] = [[]]
    filled = 0.0
    for layer, width in zip(layers, widths, strict=True):
        if bands[-1] and filled + width > longest:
            bands.append([])
            filled = 0.0
        bands[-1].append(layer)
        filled += width
    return list(bands)


def _zoom(bands: Sequence[Layers], sizes: Mapping[str, Size], room: Size) -> float:
    """How large the bands are where they just fit into a room; 1 at most."""
    width = max(_width(layers, sizes) for layers in bands)
    height = sum(_height(layers, sizes) for layers in bands) + GAP_BANDS * (len(bands) - 1)
    return min(room[0] / max(width, 1.0), room[1] / max(height, 1.0), 1.0)


def _width(layers: Layers, sizes: Mapping[str, Size]) -> float:
    return sum(max(sizes[node][0] for node in layer) for layer in layers) + GAP_X * (len(layers) - 1)


def _height(layers: Layers, sizes: Mapping[str, Size]) -> float:
    columns = (sum(sizes[node][1] for node in layer) + GAP_Y * (len(layer) - 1) for layer in layers)
    return max(columns, default=0.0)


def _placed(bands: Sequence[Layers], sizes: Mapping[str, Size], start: Point) -> dict[str, Point]:
    """Bands below each other; in each the layers stand side by side with their tops on one line, as ports do then."""
    places: dict[str, Point] = {}
    top = start[1]
    for layers in bands:
        x = start[0]
        for layer in layers:
            y = top
            for node in layer:
                places[node] = (_snapped(x), _snapped(y))
                y += sizes[node][1] + GAP_Y
            x += _width([layer], sizes) + GAP_X
        top += _height(layers, sizes) + GAP_BANDS
    return places


def _snapped(value: float) -> float:
    return round(value / GRID) * GRID
