"""How the wires of a scene are led: past the cards, each in a lane of its own, and which of them show their label."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netloom.graph import Wire
from netloom.ui.canvas import wire_path
from netloom.ui.canvas.lanes import Lanes
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.graph_scene import GraphScene

TWIN_LABELS = 160.0
"""Labels of one output that are nearer than this say the same thing twice."""
FEW_TWINS = 8


class Router:
    """Finds the ways of one scene's wires and knows which lanes they have taken."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self._lanes = Lanes()

    def clear(self) -> None:
        """All wires are gone."""
        self._lanes = Lanes()

    def release(self, wire: Wire) -> None:
        """Give back the lane of a wire that went."""
        self._lanes.release(wire.key)

    def way(self, wire: Wire) -> wire_path.Route:
        """The way of a wire between its cards where they stand now."""
        nodes = self._scene.nodes
        source = nodes[wire.source].port_place("output", wire.output)
        target = nodes[wire.target].port_place("input", wire.input)
        if not wire_path.needs_lane(source, target) and not self._is_blocked(wire, source, target):
            self._lanes.release(wire.key)
            return wire_path.route(source, target)
        area = wire_path.search_area(source, target)
        cards = (item.scene_card() for item in self._scene.nodes_in(area))
        lane, low, high = wire_path.lane_gap(source, target, cards)
        group = (wire.source, wire.output)
        lane = self._lanes.take(wire.key, group, lane, area.left(), area.right(), (low, high))
        spread = (
            nodes[wire.source].outward("output", wire.output, lane),
            nodes[wire.target].outward("input", wire.input, lane),
        )
        return wire_path.route(source, target, lane, spread)

    def _is_blocked(self, wire: Wire, source: QPointF, target: QPointF) -> bool:
        if target.x() - source.x() < wire_path.LONG:
            return False
        ends = (wire.source, wire.target)
        return any(item.key not in ends for item in self._scene.nodes_in(wire_path.corridor(source, target)))

    def judge_labels(self, sources: Iterable[str]) -> None:
        """Of wires of one output whose labels stand near each other only one shows it; one along a lane comes first."""
        graph, wires = self._scene.graph, self._scene.wires
        for source in sources:
            items = [wires[wire.key] for wire in graph.out_of(source) if wire.key in wires]
            items.sort(key=lambda item: (not item.way.along_lane, item.wire.key))
            for place, item in enumerate(items):
                item.is_twin = any(_are_twins(item, other) for other in items[: min(place, FEW_TWINS)])


def _are_twins(item: WireItem, other: WireItem) -> bool:
    """Whether two wires say the same at nearly the same place."""
    is_near = (item.way.label - other.way.label).manhattanLength() < TWIN_LABELS
    return is_near and item.wire.output == other.wire.output
