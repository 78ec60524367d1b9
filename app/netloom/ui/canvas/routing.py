"""How the wires of a scene are led: past the cards, each in a lane of its own, and which of them show their label."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from netloom.graph import Point, Slot, Wire
from netloom.ui.canvas import wire_path
from netloom.ui.canvas.card import HEADER
from netloom.ui.canvas.lanes import Lanes
from netloom.ui.canvas.turned import led, turned, turned_area, turned_way
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
        self.held: Mapping[Slot, Sequence[Point]] = {}
        """The places that wires in the hand are led through, whatever the document says."""

    def clear(self) -> None:
        """All wires are gone."""
        self._lanes, self.held = Lanes(), {}

    def put_away(self) -> Lanes:
        """All wires are gone, and may come back; the lanes that they have."""
        lanes = self._lanes
        self.clear()
        return lanes

    def bring_back(self, lanes: Lanes) -> None:
        """The wires that had these lanes are back."""
        self._lanes = lanes

    def release(self, wire: Wire) -> None:
        """Give back the lane of a wire that went."""
        self._lanes.release(wire.key)

    def way(self, wire: Wire) -> wire_path.Route:
        """The way of a wire between its cards where they stand now, through its dots."""
        source, target = self.ends(wire)
        dots, is_down = self._dots(wire), self._scene.is_down
        if dots:
            self._lanes.release(wire.key)
            return led(source, target, dots, self._onward(wire, dots), is_down=is_down)
        if is_down:
            return turned_way(self._straight(wire, turned(source), turned(target)))
        return self._straight(wire, source, target)

    def ends(self, wire: Wire) -> tuple[QPointF, QPointF]:
        """Where a wire begins and ends; those into a tall port are spread along it."""
        source, target = self._scene.nodes[wire.source], self._scene.nodes[wire.target]
        end = target.port_place("input", wire.input)
        if target.is_tall(wire.input):
            slots = sorted(each.slot for each in self._scene.graph.into(wire.target) if each.input == wire.input)
            aside = wire_path.along_port(slots.index(wire.slot), len(slots))
            end += QPointF(aside, 0) if self._scene.is_down else QPointF(0, aside)
        return source.port_place("output", wire.output), end

    def beside(self, wires: Iterable[Wire]) -> Iterator[Wire]:
        """The bent wires that share their first dot with one of these: these say how the dot is passed."""
        graph = self._scene.graph
        for wire in wires if self.held or self._scene.document.bends else ():
            first = self._places(wire)[:1]
            for other in graph.out_of(wire.source) if first else ():
                if other.output == wire.output and self._places(other)[:1] == first:
                    yield other

    def _places(self, wire: Wire) -> Sequence[Point]:
        """The places that a wire is led through, in the hand or as the document has it."""
        held = self.held.get(wire.key)
        return self._scene.document.bends.get(wire.key, ()) if held is None else held

    def _onward(self, wire: Wire, dots: Sequence[QPointF]) -> list[QPointF] | None:
        """The middle of the places that each dot leads to, of all wires that are led as this one is up to there."""
        others = list(self.beside([wire]))
        if len(others) < 2:
            return None
        ways = [[*self._dots(other), self.ends(other)[1]] for other in others]
        common = (
            [way[place + 1] for way in ways if way[: place + 1] == dots[: place + 1]] for place in range(len(dots))
        )
        return [_middle(places) for places in common]

    def _dots(self, wire: Wire) -> list[QPointF]:
        """The dots of a wire. They go along where both of its cards are being moved by the same step."""
        places = self._places(wire)
        steps = [self._step(key) for key in (wire.source, wire.target)] if places else []
        step = steps[0] if steps and steps[0] == steps[1] else QPointF()
        return [QPointF(*place) + step for place in places]

    def _step(self, key: str) -> QPointF:
        """How far a card is shown from where the document has it."""
        item = self._scene.nodes[key]
        place = self._scene.document.positions.get(key)
        return QPointF() if place is None else item.pos() - QPointF(*place)

    def _straight(self, wire: Wire, source: QPointF, target: QPointF) -> wire_path.Route:
        """The way to the right; where wires go down all places are turned."""
        nodes = self._scene.nodes
        way = None if wire_path.needs_lane(source, target) else self._free_way(wire, source, target)
        if way is not None:
            self._lanes.release(wire.key)
            return way
        area = wire_path.search_area(source, target)
        cards = self._rows(area)
        lane, low, high = wire_path.lane_gap(source, target, cards)
        group = (wire.source, wire.output)
        lane = self._lanes.take(wire.key, group, lane, area.left(), area.right(), (low, high))
        spread = (
            nodes[wire.source].outward("output", wire.output, lane),
            nodes[wire.target].outward("input", wire.input, lane),
        )
        return wire_path.route(source, target, lane, spread)

    def _rows(self, area: QRectF) -> Iterable[tuple[float, float]]:
        """From where to where the cards go that a lane in an area must get past."""
        if self._scene.is_down:
            return ((box[0], box[2]) for box in self._scene.boxes_in(turned_area(area)))
        return ((box[1], box[3]) for box in self._scene.boxes_in(area))

    def _in_between(self, wire: Wire, area: QRectF) -> list[QRectF]:
        """The cards in an area but those that a wire joins."""
        is_down = self._scene.is_down
        near = self._scene.nodes_in(turned_area(area) if is_down else area)
        cards = (item.scene_card() for item in near if item.key not in (wire.source, wire.target))
        return [turned_area(card) if is_down else card for card in cards]

    def _free_way(self, wire: Wire, source: QPointF, target: QPointF) -> wire_path.Route | None:
        """A way without a lane that passes no card, if there is one; a short one may rise or fall beside the middle."""
        plain = wire_path.route(source, target)
        if not wire_path.has_room(source, target, HEADER if self._scene.is_down else wire_path.BETWEEN):
            return plain
        cards = self._in_between(wire, wire_path.corridor(source, target))
        if not cards:
            return plain
        if target.x() - source.x() >= wire_path.LONG:
            return None
        ways = (plain, *wire_path.steps(source, target))
        return next((way for way in ways if not any(wire_path.crosses(way.path, card) for card in cards)), None)

    def judge_labels(self, sources: Iterable[str]) -> None:
        """Of wires of one output whose labels stand near each other only one shows it; one along a lane comes first."""
        graph, wires = self._scene.graph, self._scene.wires
        for source in sources:
            items = [wires[wire.key] for wire in graph.out_of(source) if wire.key in wires]
            items.sort(key=lambda item: (not item.way.along_lane, item.wire.key))
            for place, item in enumerate(items):
                item.is_twin = any(_are_twins(item, other) for other in items[: min(place, FEW_TWINS)])


def _middle(places: Sequence[QPointF]) -> QPointF:
    return QPointF(sum(each.x() for each in places) / len(places), sum(each.y() for each in places) / len(places))


def _are_twins(item: WireItem, other: WireItem) -> bool:
    """Whether two wires say the same at nearly the same place."""
    is_near = (item.way.label - other.way.label).manhattanLength() < TWIN_LABELS
    return is_near and item.wire.output == other.wire.output
