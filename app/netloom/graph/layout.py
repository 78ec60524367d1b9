"""Layered layout: what feeds stands left of what is fed, and rows are ordered so that few wires cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from netloom.graph.document import Point
from netloom.graph.model import Graph, id_order

if TYPE_CHECKING:
    from networkx import DiGraph

GRID = 8.0
GAP_X, GAP_Y = 72.0, 40.0
SWEEPS = 4

Size = tuple[float, float]


def layered(graph: Graph, sizes: Mapping[str, Size], start: Point = (0.0, 0.0)) -> dict[str, Point]:
    """A place for every node in `sizes`, all of one level: layers by depth, ordered by the mean place of neighbours.

    `start` is the top left corner of the whole. Barycentre sweeps after Sugiyama, Tagawa and Toda (1981).
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
    return _placed(layers, sizes, start)


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


def _placed(layers: Sequence[Sequence[str]], sizes: Mapping[str, Size], start: Point) -> dict[str, Point]:
    heights = [sum(sizes[node][1] for node in layer) + GAP_Y * (len(layer) - 1) for layer in layers]
    tallest = max(heights, default=0.0)
    places: dict[str, Point] = {}
    x = start[0]
    for layer, height in zip(layers, heights, strict=True):
        y = start[1] + (tallest - height) / 2
        for node in layer:
            places[node] = (_snapped(x), _snapped(y))
            y += sizes[node][1] + GAP_Y
        x += max(sizes[node][0] for node in layer) + GAP_X
    return places


def _snapped(value: float) -> float:
    return round(value / GRID) * GRID
