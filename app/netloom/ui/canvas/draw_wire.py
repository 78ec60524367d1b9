"""The gesture of wiring: from a port or a dot, in either direction, to a port, a card, or empty canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from netloom.errors import GraphError
from netloom.graph import Change, Patch, Wire, edit, walk
from netloom.ui.canvas import wiring
from netloom.ui.canvas.bends import Places
from netloom.ui.canvas.card import Side
from netloom.ui.canvas.facts import Carried
from netloom.ui.canvas.gestures import START, Modifiers
from netloom.ui.canvas.graph_scene import GraphScene, PortSpot
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.turned import led
from netloom.ui.canvas.wire_item import held_path
from netloom.ui.canvas.wiring import Verdict

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class DrawWire:
    """Hold the end of a wire that begins at a port. `moved` is the wire that was taken off its other end, where that is
    how it began; a wire that branches off at a dot is led through the same places up to there, `along`.
    """

    def __init__(
        self, canvas: "Canvas", start: PortSpot, at: QPoint, moved: Wire | None = None, along: Places = ()
    ) -> None:
        self._canvas = canvas
        self._scene = canvas.graph_scene
        self._start = start
        self._pressed = at
        self._moved = moved
        self._along = along
        self._has_begun = False
        self._verdicts: dict[PortSpot, Verdict] = {}
        self._looping: set[str] = set()
        self._marked: list[NodeItem] = []
        self._end: PortSpot | None = None

    @property
    def _wanted(self) -> Side:
        return "input" if self._start.side == "output" else "output"

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Lead the end after the cursor, and say what it would meet there."""
        if not self._has_begun:
            if (at - self._pressed).manhattanLength() < START:
                return
            self._begin()
        place = self._canvas.mapToScene(at)
        self._end = self._spot(place)
        verdict = self._verdict(self._end) if self._end else self._nothing_there(place)
        forced = bool(modifiers & Modifiers.AltModifier) and not verdict.is_refused
        self._draw(self._place_of(self._end) if self._end else place, fits=verdict.fits or forced)
        self._tell(at, verdict if not forced else Verdict())

    def _begin(self) -> None:
        """Take hold: hide a wire that is moved, let what fits stand out."""
        self._has_begun = True
        self._canvas.keep_drawing()
        self._canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        if self._moved is not None:
            self._scene.wires[self._moved.key].setVisible(False)
        reached = walk.upstream if self._start.side == "output" else walk.downstream
        self._looping = reached(self._scene.graph, [self._start.node])
        self._marked = self._canvas.visible_nodes()
        with self._scene.marking():
            for item in self._marked:
                self._mark(item)

    def _mark(self, item: NodeItem) -> None:
        spots = self._spots(item)
        rings = {(spot.side, spot.index): "ok" for spot in spots if self._fits(spot)}
        if item.key == self._start.node:
            rings = {(self._start.side, self._start.index): "accent"}
        item.set_rings(rings)
        item.set_state(dimmed=not rings)

    def _spots(self, item: NodeItem) -> list[PortSpot]:
        ports = item.ports(self._wanted)
        return [PortSpot(item.key, self._wanted, port.name, index) for index, (port, _) in enumerate(ports)]

    def _verdict(self, spot: PortSpot) -> Verdict:
        if spot not in self._verdicts:
            may_loop = spot.node in self._looping
            graph, check = self._scene.graph, self._canvas.check
            self._verdicts[spot] = wiring.verdict(graph, self._start, spot, check, may_loop=may_loop)
        return self._verdicts[spot]

    def _fits(self, spot: PortSpot) -> bool:
        """Whether a port would take the wire; the whole loop that it would close is sought only to be told."""
        return spot.node not in self._looping and self._verdict(spot).fits

    def _spot(self, place: QPointF) -> PortSpot | None:
        """The port that is meant: the one under the cursor, or the first that fits of the card under it."""
        port = self._scene.port_at(place)
        if port is not None and port.node != self._start.node:
            return port
        item = self._scene.node_at(place)
        if item is None or item.key == self._start.node:
            return None
        return self._meant(item)

    def _nothing_there(self, place: QPointF) -> Verdict:
        """What to say where no port is meant: why, if a card is there that has none."""
        item = self._scene.node_at(place)
        if item is None or item.key == self._start.node:
            return Verdict()
        return Verdict(f"{item.facts.name} has no {self._wanted}s.", is_refused=True)

    def _meant(self, item: NodeItem) -> PortSpot | None:
        """Of the ports that fit, a free one first; else the first port, so that its reason is told."""
        spots = self._spots(item)
        taken = {wire.input for wire in self._scene.graph.into(item.key)}
        fitting = [spot for spot in spots if self._fits(spot)]
        fitting.sort(key=lambda spot: spot.side == "input" and spot.name in taken)
        return next(iter(fitting or spots), None)

    def _place_of(self, spot: PortSpot) -> QPointF:
        return self._scene.nodes[spot.node].port_place(spot.side, spot.name)

    def _draw(self, end: QPointF, *, fits: bool) -> None:
        draw_held(self._canvas, self._start, end, self._along, fits=fits)

    def _tell(self, at: QPoint, verdict: Verdict) -> None:
        if verdict.fits:
            self._canvas.hint.hide()
            return
        fix = verdict.fixes[0].label if verdict.fixes else ""
        self._canvas.hint.follow(at, verdict.reason, fix, can_force=not verdict.is_refused)

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Wire what fits, offer what would help, search on empty canvas; a moved wire that meets nothing goes."""
        if not self._has_begun:
            self._clear()
            self._click()
            return
        self.move(at, modifiers)
        end, verdict = self._end, self._verdict(self._end) if self._end else Verdict()
        self._clear()
        if end is None:
            self._drop_on_nothing(at)
        elif verdict.fits or (modifiers & Modifiers.AltModifier and not verdict.is_refused):
            self._connect(end)
        elif not verdict.is_refused:
            self._offer(at, end, verdict)

    def _click(self) -> None:
        """A press without a drag means the card, of which ports take up much when it is small."""
        item = self._scene.node_at(self._canvas.mapToScene(self._pressed))
        if item is not None:
            self._canvas.set_selection((item.key,))

    def _connect(self, end: PortSpot) -> None:
        try:
            patch = self._led(wiring.connect_patch(self._scene.document, self._start, end, self._moved))
        except GraphError as error:
            self._canvas.message_requested.emit(str(error))
            return
        self._canvas.ask(patch)

    def _led(self, patch: Patch) -> Patch:
        """The patch, with the places that a new wire is led through."""
        made = next((change.new for change in patch.changes if change.table == "wire" and change.new), None)
        if made is None or not self._along:
            return patch
        old = self._scene.document.bends.get(made.key)
        return Patch(patch.label, (*patch.changes, Change("bend", made.key, old, self._along)))

    def _offer(self, at: QPoint, end: PortSpot, verdict: Verdict) -> None:
        fix = verdict.fixes[0] if verdict.fixes else None
        self._canvas.hint.offer(
            at,
            verdict.reason,
            fix.label if fix else "",
            lambda: self._canvas.ask(fix.patch) if fix else None,
            lambda: self._connect(end),
        )

    def _drop_on_nothing(self, at: QPoint) -> None:
        if self._scene.node_at(self._canvas.mapToScene(at)) is not None:
            return
        if self._moved is not None:
            self._canvas.ask(edit.remove(self._scene.document, wires=[self._moved]))
        else:
            self._canvas.open_search(at, self._start)

    def cancel(self) -> None:
        """Leave every wire as it was."""
        self._clear()

    def _clear(self) -> None:
        self._canvas.sketch.clear()
        self._canvas.hint.hide()
        self._canvas.viewport().unsetCursor()
        if self._moved is not None and self._moved.key in self._scene.wires:
            self._scene.wires[self._moved.key].setVisible(True)
        with self._scene.marking():
            for item in self._marked:
                if self._scene.nodes.get(item.key) is item and (item.dimmed or item.rings):
                    item.set_rings({})
                    item.set_state(dimmed=False)
        if self._has_begun:
            self._canvas.bring_back_drawing()


def draw_held(canvas: "Canvas", spot: PortSpot, end: QPointF, along: Places = (), *, fits: bool = True) -> None:
    """Draw a wire that begins at a port and ends at a place of the scene, in the hand."""
    item, is_down = canvas.graph_scene.nodes[spot.node], canvas.graph_scene.is_down
    start = item.port_place(spot.side, spot.name)
    if along:
        path = led(start, end, [QPointF(*place) for place in along], is_down=is_down).path
    else:
        path = held_path(*((start, end) if spot.side == "output" else (end, start)), is_down=is_down)
    carries: Carried = next((port.carries for port, _ in item.ports(spot.side) if port.name == spot.name), "float")
    canvas.sketch.show_wire(path, carries, fits=fits)


def spot_of(scene: GraphScene, wire: Wire, side: Side) -> PortSpot:
    """The port that a wire begins at, or that it ends at."""
    node, name = (wire.source, wire.output) if side == "output" else (wire.target, wire.input)
    ports = scene.nodes[node].ports(side)
    return PortSpot(node, side, name, next(i for i, (port, _) in enumerate(ports) if port.name == name))
