"""The items of one level of a graph, kept equal to the document patch by patch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Signal

from netloom.compiler.flow import Flow
from netloom.compiler.plan import Plan, Problem
from netloom.graph import Document, Graph, Node, Patch, Point, Slot, Wire
from netloom.graph.layout import layered
from netloom.graph.walk import ordered
from netloom.training.events import Preview
from netloom.ui.canvas import affected, placement
from netloom.ui.canvas.card import PORT_HIT, Side, apart
from netloom.ui.canvas.facts import Facts, as_seen, steady
from netloom.ui.canvas.ground import Ground
from netloom.ui.canvas.knowledge import Knowledge
from netloom.ui.canvas.live_pictures import LivePictures
from netloom.ui.canvas.node_item import COMPACT, Curve, NodeItem, Style
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.routing import Router
from netloom.ui.canvas.shelf import Shelf
from netloom.ui.canvas.stage import Stage, box_of
from netloom.ui.canvas.wire_item import WireItem
from netloom.ui.canvas.wire_path import Route

MANY = 200
"""Of so many changes none asks by itself for its part to be painted."""
ROOM = (1400.0, 700.0)
"""What a drawing that nobody has placed yet is laid out for."""


@dataclass(frozen=True, slots=True)
class PortSpot:
    """One port of one node, as the cursor finds it."""

    node: str
    side: Side
    name: str
    index: int


class GraphScene(Stage):
    """Nodes and wires as items; those of a level that `is_down` are drawn from top to bottom.

    `drawing_changed` says that the drawing is another one. It carries the ids of the nodes that came, went, moved or
    look otherwise, as their wires may too; None for all of them. `stirred` tells meanwhile where they stood and stand.
    `cards_moved` carries those that are on their way, where that is all.
    """

    drawing_changed = Signal(object)
    cards_moved = Signal(object)

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.level = ""
        self.is_down = False
        self._knowledge = Knowledge()
        self._touched: set[str] = set()
        self._grown: set[str] = set()
        self._shifted: set[str] = set()
        self._router = Router(self)
        self._shelf: Shelf | None = None
        self._footers: Mapping[str, str] = {}
        self._live = LivePictures(self)

    @property
    def graph(self) -> Graph:
        """The graph that is shown."""
        return self.document.graph

    def _look_at_direction(self) -> None:
        self.is_down = self.document.directions.get(self.level) == "down"

    def load(self, document: Document, level: str = "", plan: Plan | None = None) -> None:
        """Show another document from scratch, with what is known of it."""
        self.stir_all()
        for figure in (*self.nodes.values(), *self.wires.values(), *self.remarks.values()):
            figure.leave()
        self.nodes, self.wires, self.remarks = {}, {}, {}
        self.lifted = set()
        self.document, self.level = document, level
        self._look_at_direction()
        self.style_.lit.clear()
        self._knowledge.clear()
        self._ground, self._wired = Ground(), Ground()
        self._router.clear()
        self._shelf, self._footers = None, {}
        self._live.clear()
        if plan is not None:
            self._knowledge.take(self.graph, level, plan, ())
        for node in self.graph.level(level):
            self._add_node(node)
        self._place(ordered(self.graph, level))
        for wire in self.graph.wires.values():
            if wire.target in self.nodes:
                self._add_wire(wire)
        self._sync_remarks(document.remarks)
        self._router.judge_labels(self.nodes)
        self._touched.clear()
        self.stirred.clear()
        self.drawing_changed.emit(None)

    def apply(self, patch: Patch, plan: Plan | None = None) -> None:
        """Follow a patch that the document has made already, and what is known since; nothing else is touched."""
        shelf, self._shelf = self._shelf, None
        if len(patch.changes) > MANY:
            self.stir_all()
            shelf = shelf if shelf is not None and shelf.is_answer(patch) else None
            if shelf is not None or self._is_emptied():
                self._exchange(shelf, patch, plan)
                return
        self._follow(patch, self._known(plan))

    def _follow(self, patch: Patch, known: Sequence[str]) -> None:
        self._router.held = {}
        keys: defaultdict[str, set[Any]] = defaultdict(set)
        wires = {change.key: change for change in patch.changes if change.table == "wire"}
        for change in patch.changes:
            if change.table != "wire":
                keys[change.table].add(change.key)
        keys["node"] |= keys["collapsed"] | keys["comment"]
        for change in wires.values():
            keys["node"] |= {wire.target for wire in (change.old, change.new) if wire is not None}
        drawn_anew = dict.fromkeys(
            (*wires, *keys["bend"], *affected.carried_along(self.graph, patch), *affected.beside(self.document, patch))
        )
        for key in drawn_anew:
            self._drop_wire(key)
        if self.level in keys["direction"]:
            self._look_at_direction()
            keys["node"] |= self.nodes.keys()
            keys["position"] |= self.nodes.keys()
        keys["node"] |= affected.sharing(self.graph, [change for change in patch.changes if change.table == "node"])
        added = self._sync_nodes(keys["node"])
        self._settle(keys["position"] | added)
        self.reroute(keys["node"] - keys["position"] if self.is_down else keys["collapsed"])
        for key in drawn_anew:
            wire = self.graph.wires.get(key)
            if wire is not None and wire.target in self.nodes:
                self._add_wire(wire)
        self._router.judge_labels(
            {wire.source for change in wires.values() for wire in (change.old, change.new) if wire}
        )
        self._sync_remarks(keys["remark"])
        if keys["block"]:
            self._refresh(self.nodes)
        self._show_known([key for key in known if key in self.nodes and key not in added])
        self._tell()

    def _known(self, plan: Plan | None) -> Sequence[str]:
        """Take over what is known now; the nodes of which something else is known than before."""
        return [] if plan is None else self._knowledge.take(self.graph, self.level, plan, self.nodes)

    def _is_emptied(self) -> bool:
        """Whether nothing is left of many cards."""
        return bool(self.nodes) and next(iter(self.graph.level(self.level)), None) is None

    def _exchange(self, shelf: Shelf | None, patch: Patch, plan: Plan | None) -> None:
        """Show nothing any more but keep it, or show what was kept: one by one thousands would take seconds."""
        if shelf is None:
            self._put_away(patch)
        else:
            self._bring_back(shelf)
        self._sync_remarks({change.key for change in patch.changes if change.table == "remark"})
        known = self._known(plan)
        if shelf is not None:
            known = [key for key in known if not shelf.knew(key, self._knowledge)]
            self.set_footers(self._footers)
        self._show_known(known)
        self._touched.clear()
        self.stirred.clear()
        self.drawing_changed.emit(None)

    def _put_away(self, patch: Patch) -> None:
        known = copy(self._knowledge)
        self._shelf = Shelf(patch, self.nodes, self.wires, self._ground, self._wired, self._router.put_away(), known)
        self.nodes, self.wires, self._ground, self._wired = {}, {}, Ground(), Ground()
        self.style_.lit.clear()

    def _bring_back(self, shelf: Shelf) -> None:
        self.nodes, self.wires, self._ground, self._wired = shelf.nodes, shelf.wires, shelf.ground, shelf.wired
        self._router.bring_back(shelf.lanes)
        self._knowledge = copy(shelf.knowledge)
        for key in shelf.rested():
            for wire in self.graph.out_of(key):
                self._tell_flow(self.wires[wire.key])

    def _tell(self) -> None:
        """Say what is drawn otherwise by now."""
        touched, self._touched = self._touched, set()
        self.drawing_changed.emit(frozenset(touched))
        self.stirred.clear()

    def _sync_nodes(self, keys: Iterable[str]) -> set[str]:
        """Add, remove or refresh the cards of these nodes; those that are new."""
        added = set()
        for key in keys:
            node = self.graph.nodes.get(key)
            if node is None or node.parent != self.level:
                self._drop_node(key)
            elif key in self.nodes:
                self._refresh((key,))
            else:
                self._add_node(node)
                added.add(key)
        return added

    def _sync_remarks(self, keys: Iterable[str]) -> None:
        """Add, remove or redraw these frames and notes."""
        for key in keys:
            remark = self.document.remarks.get(key)
            if remark is None or remark.parent != self.level:
                item = self.remarks.pop(key, None)
                if item is not None:
                    item.leave()
            elif key in self.remarks:
                self.remarks[key].set_remark(remark)
            else:
                self.remarks[key] = RemarkItem(remark, self.style_)
                self.remarks[key].enter(self)

    def _add_node(self, node: Node) -> None:
        self._touched.add(node.id)
        item = self.nodes[node.id] = NodeItem(node.id, self._facts(node), self.style_)
        item.enter(self)

    def _drop_node(self, key: str) -> None:
        item = self.nodes.pop(key, None)
        if item is not None:
            self._touched.add(key)
            self.stirred.append(self._ground.box(key))
            self._ground.drop(key)
            self.style_.lit.discard(item)
            item.leave()

    def _stand(self, key: str, place: Point) -> None:
        """Put a card somewhere."""
        item = self.nodes[key]
        item.setPos(*place)
        self._touched.add(key)
        box = (*place, place[0] + item.card.width, place[1] + item.card.height)
        if key in self._ground:
            self.stirred.append(self._ground.box(key))
        self.stirred.append(box)
        self._ground.put(key, box)

    def _facts(self, node: Node) -> Facts:
        found = self._knowledge.facts(self.graph, node, inside=bool(self.level))
        found = as_seen(found, self.document, node.id)
        item = self.nodes.get(node.id)
        return steady(found, item.facts, self._knowledge.node(node.id)) if item and not self.level else found

    def _refresh(self, keys: Iterable[str]) -> None:
        """Look at nodes again; which cards grew, and at which wires must end elsewhere, is seen to later."""
        for key in tuple(keys):
            item = self.nodes[key]
            ends = item.card.inputs, item.card.outputs
            self._touched.add(key)
            if item.set_facts(self._facts(self.graph.node(key))):
                self._stand(key, _point(item.pos()))
                self._grown.add(key)
            if (item.card.inputs, item.card.outputs) != ends:
                self._shifted.add(key)

    def _settle(self, keys: set[str]) -> None:
        """Move these nodes to where the document has them, or to a free place."""
        self._place(key for key in sorted(keys) if key in self.nodes)
        self.reroute(keys)

    def _place(self, keys: Iterable[str]) -> None:
        wanted = list(keys)
        known = {key: self.document.positions[key] for key in wanted if key in self.document.positions}
        missing = [key for key in wanted if key not in known]
        if missing:
            shown = {key: _point(item.pos()) for key, item in self.nodes.items() if key not in missing}
            sizes = {key: (item.card.width, item.card.height) for key, item in self.nodes.items()}
            known |= self._automatic(missing, shown | known, sizes)
        for key in wanted:
            self._stand(key, known[key])

    def _automatic(
        self, keys: Sequence[str], placed: Mapping[str, Point], sizes: Mapping[str, placement.Size]
    ) -> Mapping[str, Point]:
        """Places for nodes that have none: beside what they are wired to, or in rows where no card has a place yet."""
        if placed:
            return placement.places(self.graph, keys, placed, sizes, is_down=self.is_down)
        return layered(self.graph, sizes, (0.0, 0.0), ROOM, "down" if self.is_down else "right")

    def move(self, places: Mapping[str, Point]) -> None:
        """Show nodes elsewhere; the document is not touched."""
        moved = [key for key, place in places.items() if _point(self.nodes[key].pos()) != place]
        for key in moved:
            self._stand(key, places[key])
        self.reroute(moved)
        self._touched.clear()
        self.stirred.clear()
        if moved:
            self.cards_moved.emit(tuple(moved))

    def restore(self, keys: Iterable[str]) -> None:
        """Show nodes where the document has them."""
        placed = {key: self.document.positions[key] for key in keys if key in self.document.positions}
        self.move({key: place for key, place in placed.items() if key in self.nodes})

    def reroute(self, keys: Iterable[str]) -> None:
        """Lead the wires of these nodes anew."""
        touched: dict[Slot, Wire] = {}
        for key in keys:
            if key in self.nodes:
                touched |= {wire.key: wire for wire in (*self.graph.into(key), *self.graph.out_of(key))}
        touched |= {wire.key: wire for wire in self._router.beside(list(touched.values()))}
        for slot, wire in touched.items():
            if slot in self.wires:
                self._lead(self.wires[slot], self._router.way(wire))
        self._router.judge_labels({wire.source for wire in touched.values()})

    def lead(self, bends: Mapping[Slot, Sequence[Point]]) -> None:
        """Show wires through these places, those that share a dot with them too; the document is not touched."""
        self._router.held = bends
        held = [self.graph.wires[slot] for slot in bends if slot in self.graph.wires]
        shown = [wire for wire in {*held, *self._router.beside(held)} if self._is_drawn(wire)]
        for wire in shown:
            self._lead(self.wires[wire.key], self._router.way(wire))
        self._tell()

    def _is_drawn(self, wire: Wire) -> bool:
        return wire.key in self.wires and self.wires[wire.key].wire == wire

    def _lead(self, item: WireItem, way: Route) -> None:
        self.note_way(item)
        item.set_way(way)
        self._stretch(item)
        self._touched.add(item.wire.target)

    def _stretch(self, item: WireItem) -> None:
        """Remember where a wire is."""
        self._wired.put(item.wire.key, box_of(item.boundingRect()))
        self.note_way(item)

    def _add_wire(self, wire: Wire) -> None:
        item = self.wires[wire.key] = WireItem(wire, self._router.way(wire), self.style_)
        self._stretch(item)
        self._tell_flow(item)
        item.enter(self)

    def _drop_wire(self, key: Slot) -> None:
        item = self.wires.pop(key, None)
        if item is not None:
            self._router.release(item.wire)
            self.note_way(item)
            self._wired.drop(key)
            self._touched.add(item.wire.target)
            item.leave()

    def lift(self, keys: Iterable[str]) -> None:
        """Take these nodes off the ground, because a hand moves them, with their wires and what these lead to."""
        wires = {wire for key in keys for wire in (*self.graph.into(key), *self.graph.out_of(key))}
        wires.update(self._router.beside(list(wires)))
        around = {*keys, *(key for wire in wires for key in (wire.source, wire.target))}
        self.lifted = {self.nodes[key] for key in around if key in self.nodes}
        self.lifted |= {self.wires[wire.key] for wire in wires if wire.key in self.wires}
        self.is_stirred = True

    def set_plan(self, plan: Plan) -> None:
        """Show what is known now; only nodes of which something else is known are looked at."""
        changed = self._knowledge.take(self.graph, self.level, plan, self.nodes)
        self._show_known(changed)
        if self._touched:
            self._tell()

    def _show_known(self, changed: Sequence[str]) -> None:
        self._refresh(changed)
        for key in changed:
            for wire in self.graph.out_of(key):
                if wire.key in self.wires:
                    self._tell_flow(self.wires[wire.key])
        self._after_resize()

    def _after_resize(self) -> None:
        """Move cards that nobody placed off those that grew, and lead wires anew that end at them or run by them."""
        grown, shifted, self._grown, self._shifted = self._grown, self._shifted, set(), set()
        if not grown and not shifted:
            return
        floating = self.nodes.keys() - self.document.positions.keys()
        if floating:
            order = [key for key in ordered(self.graph, self.level) if key in floating]
            sizes = {key: (item.card.width, item.card.height) for key, item in self.nodes.items()}
            placed = {key: place for key, place in self.document.positions.items() if key in self.nodes}
            self.move(self._automatic(order, placed, sizes))
        cards = [self.nodes[key].scene_card() for key in grown if key in self.nodes]
        beside = {item.wire.target for card in cards for item in self.wires_in(card) if item.way.along_lane}
        self.reroute(shifted | beside)

    def _tell_flow(self, item: WireItem) -> None:
        self._touched.add(item.wire.target)
        carries, label, flow = self._knowledge.carried(self.graph, item.wire)
        item.set_flow(carries, label, self._details(item.wire, flow))

    def _details(self, wire: Wire, flow: Flow | None) -> str:
        if flow is None:
            return f"{wire.output} to {wire.input}"
        live = self.nodes[wire.source].preview
        span = f" {live.low:.2g}…{live.high:.2g}" if live is not None else ""
        return f"{flow} {flow.dtype}{span}"

    def set_live(self, previews: Mapping[str, Preview], curves: Mapping[str, tuple[Curve, str]]) -> None:
        """Show pictures and curves in the wells, a few at a time; those that are not named go."""
        self._live.take(previews, curves)

    def set_footers(self, footers: Mapping[str, str]) -> None:
        """Write other words at the bottom of cards."""
        self._footers = footers
        self._refresh(self._knowledge.take_footers(footers) & self.nodes.keys())
        self._after_resize()

    def problems(self, key: str) -> tuple[Problem, ...]:
        """The problems of a node."""
        return self._knowledge.problems(key)

    def flow(self, node: str, output: str) -> Flow | None:
        """What comes out of a port, where it is known."""
        return self._knowledge.flow(node, output)

    def port_at(self, place: QPointF) -> PortSpot | None:
        """The port nearest to a place, within its reach: 20 pixels of the screen; none where cards are too small."""
        zoom = self.style_.zoom
        if zoom < COMPACT:
            return None
        reach = PORT_HIT / 2 / min(zoom, 1.0)
        area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        best, least = None, reach
        for item in self.nodes_in(area):
            for side in ("input", "output"):
                for index, (port, spot) in enumerate(item.ports(side)):
                    gap = apart(place, spot, port)
                    if gap <= least:
                        best, least = PortSpot(item.key, side, port.name, index), gap
        return best


def _point(place: QPointF) -> Point:
    return (place.x(), place.y())
