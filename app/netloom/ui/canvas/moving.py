"""Dragging cards, frames and notes: over the grid, along guides, onto a wire, beyond the edge of what is seen."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRectF

from netloom.errors import GraphError
from netloom.graph import Document, Graph, Patch, Point, Wire, edit
from netloom.layers import ports
from netloom.ui.canvas import wiring
from netloom.ui.canvas.adding import make_room
from netloom.ui.canvas.edge_scroll import EdgeScroll
from netloom.ui.canvas.gestures import START, Modifiers
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.guides import Guides, Tie
from netloom.ui.canvas.node_item import COMPACT
from netloom.ui.canvas.wire_drop import WireDrop

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def carried_by(scene: GraphScene, frame: str, held: Collection[str] = ()) -> tuple[set[str], set[str]]:
    """The nodes, and the frames and notes but for those held, that lie wholly inside a frame and move with it."""
    own = scene.remarks[frame]
    room = own.scene_area()
    if own.remark.kind != "frame":
        return set(), set()
    nodes = {item.key for item in scene.nodes_in(room) if room.contains(item.scene_card())}
    others = (scene.remarks[key] for key in scene.remarks.keys() - held if key != frame)
    return nodes, {item.key for item in others if room.contains(item.scene_area())}


LIVE = 200
"""How many cards are moved with the hand; of more only the outlines, for each card leads its wires anew."""


class MoveNodes:
    """Drag what is selected, by a card or by a frame or note; one patch at the end. Without a drag it is selected."""

    def __init__(self, canvas: "Canvas", key: str, at: QPoint, *, keep: bool, remark: bool = False) -> None:
        self._canvas = canvas
        self._key = key
        self._pressed = at
        self._keep = keep
        self._is_remark = remark
        self._drag: Drag | None = None

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Show everything where the hand is."""
        if self._drag is None:
            if (at - self._pressed).manhattanLength() < START:
                return
            self._drag = Drag(self._canvas, self._key, self._pressed, is_remark=self._is_remark)
        self._drag.move(at, modifiers)

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Ask for the move, or select."""
        if self._drag is not None:
            self._drag.move(at, modifiers)
            self._drag.drop()
        elif not self._keep and self._is_remark:
            self._canvas.set_selection((), remarks=(self._key,))
        elif not self._keep:
            self._canvas.set_selection((self._key,))

    def cancel(self) -> None:
        """Put everything back."""
        if self._drag is not None:
            self._drag.cancel()


class Load:
    """Cards, frames and notes in the hand, with what lies in the frames."""

    def __init__(self, scene: GraphScene, nodes: Iterable[str], remarks: Iterable[str]) -> None:
        self._scene = scene
        keys, framed = set(nodes), set(remarks)
        for key in tuple(framed):
            inside, around = carried_by(scene, key, framed)
            keys |= inside
            framed |= around
        self.nodes = {key: (scene.nodes[key].x(), scene.nodes[key].y()) for key in keys}
        self.remarks = {key: scene.remarks[key].remark for key in framed}
        self._shown = QPointF()

    def outlines(self) -> list[QRectF]:
        """Where all of it stands."""
        cards = [self._scene.nodes[key].scene_card() for key in self.nodes]
        return cards + [self._scene.remarks[key].scene_area() for key in self.remarks]

    def show(self, step: QPointF) -> None:
        """Show all of it so far from where it was."""
        if step == self._shown:
            return
        self._shown = step
        for key, place in self._framed(step).items():
            self._scene.remarks[key].set_remark(msgspec.structs.replace(self.remarks[key], place=place))
        self._scene.move(self._placed(step))

    def _placed(self, step: QPointF) -> dict[str, Point]:
        return {key: (x + step.x(), y + step.y()) for key, (x, y) in self.nodes.items()}

    def _framed(self, step: QPointF) -> dict[str, Point]:
        return {key: (old.place[0] + step.x(), old.place[1] + step.y()) for key, old in self.remarks.items()}

    def patch(self, document: Document, step: QPointF) -> Patch:
        """The patch that moves all of it by a step."""
        return edit.move(document, self._placed(step), self._framed(step))

    def lift(self, *, held: bool) -> None:
        """Show the cards over all others while they are held."""
        for key in self.nodes if len(self.nodes) <= LIVE else ():
            if key in self._scene.nodes:
                self._scene.nodes[key].lift(held=held)
        if held and len(self.nodes) <= LIVE:
            self._scene.lift(self.nodes)
        elif not held:
            self._scene.land()

    def settle(self, document: Document) -> None:
        """Show what was not moved where the document has it."""
        if self._shown.isNull():
            return
        self._scene.restore([key for key, place in self.nodes.items() if document.positions.get(key) == place])
        for key, remark in self.remarks.items():
            if document.remarks.get(key) == remark:
                self._scene.remarks[key].set_remark(remark)


class Drag:
    """A load on its way. `key` is the card, or with `is_remark` the frame or note, that the hand holds."""

    def __init__(self, canvas: "Canvas", key: str, pressed: QPoint, *, is_remark: bool) -> None:
        self._canvas, self._key, self._is_remark = canvas, key, is_remark
        self._scene = canvas.graph_scene
        self._start = canvas.mapToScene(pressed)
        self._at, self._modifiers = pressed, Modifiers.NoModifier
        held = {key}
        nodes, remarks = (set(), held) if is_remark else (held, set())
        self._load = Load(self._scene, canvas.selection | nodes, canvas.marked.remarks | remarks)
        self._load.lift(held=True)
        self._outlines = self._load.outlines() if len(self._load.nodes) > LIVE else []
        self._card = self._scene.remarks[key].scene_area() if is_remark else self._scene.nodes[key].scene_card()
        self._step = QPointF()
        self._guides = self._find_guides()
        self._wires = WireDrop(canvas, self._fits)
        is_alone = not is_remark and len(self._load.nodes) == 1 and not self._load.remarks
        self._may_insert = is_alone and _gives_more(canvas.document.graph, key)
        self._edges = EdgeScroll(canvas, pressed, self._scrolled)

    def _find_guides(self) -> Guides:
        """The lines of what is seen; from far away there are none, for no eye could tell."""
        if self._canvas.zoom < COMPACT:
            return Guides(())
        around = self._scene.nodes_in(self._canvas.seen())
        cards = [item.scene_card() for item in around if item.key not in self._load.nodes]
        return Guides(cards, [] if self._is_remark else self._ties(), is_down=self._scene.is_down)

    def _ties(self) -> list[Tie]:
        """The wires between the card in the hand and cards that stay."""
        nodes, graph, load = self._scene.nodes, self._scene.graph, self._load.nodes
        corner = self._card.topLeft() + self._step
        found = []
        for wire in (*graph.into(self._key), *graph.out_of(self._key)):
            ends = (
                nodes[wire.source].port_place("output", wire.output),
                nodes[wire.target].port_place("input", wire.input),
            )
            own, other = ends if wire.source == self._key else ends[::-1]
            if (wire.target if wire.source == self._key else wire.source) not in load:
                found.append(Tie(own.y() - corner.y(), own.x() - corner.x(), other))
        return found

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """The hand is here now."""
        self._at, self._modifiers = at, modifiers
        self._edges.follow(at)
        self._follow()

    def _scrolled(self) -> None:
        """Other cards are seen now."""
        self._guides = self._find_guides()
        self._follow()

    def _follow(self) -> None:
        place = self._canvas.mapToScene(self._at)
        self._step = self._snapped(place - self._start)
        if self._outlines:
            self._canvas.sketch.show_outlines(self._outlines, self._step)
        else:
            self._load.show(self._step)
        if self._may_insert:
            self._wires.follow(place)

    def _snapped(self, step: QPointF) -> QPointF:
        """The step that brings what the hand holds onto a guide or the grid; with Ctrl the step itself."""
        if self._modifiers & Modifiers.ControlModifier:
            self._canvas.sketch.show_guides(())
            return QPointF(step.toPoint())
        corner, lines = self._guides.snap(self._card.translated(step), self._canvas.zoom)
        self._canvas.sketch.show_guides(lines)
        return corner - self._card.topLeft()

    def _fits(self, wire: Wire) -> bool:
        return insertion(self._scene.document, wire, self._key) is not None

    def drop(self) -> None:
        """Ask for the move; a card over a wire is put into it."""
        canvas, document, gesture = self._canvas, self._canvas.document, object()
        wire = self._wires.wire
        self._end()
        patch = self._load.patch(document, self._step)
        place = next((change.new for change in patch.changes if change.key == self._key), None)
        inserted = insertion(document, wire, self._key, place) if wire is not None else None
        if inserted is not None:
            patch = Patch(inserted.label, (*patch.changes, *inserted.changes))
        canvas.ask(patch, gesture)
        if wire is not None and inserted is not None:
            make_room(canvas, self._key, wire, gesture)
        self._load.settle(document)

    def _end(self) -> None:
        self._load.lift(held=False)
        self._edges.end()
        self._wires.clear()
        self._canvas.sketch.clear()

    def cancel(self) -> None:
        """Put everything back."""
        self._end()
        self._load.show(QPointF())


def _gives_more(graph: Graph, node: str) -> bool:
    """Whether a node has an output that nothing reads; else no wire can be led through it."""
    used = {each.output for each in graph.out_of(node)}
    return any(port.name not in used for port in ports.outputs(graph, graph.node(node)))


def insertion(document: Document, wire: Wire, node: str, place: Point | None = None) -> Patch | None:
    """The patch that leads a wire through a node, where it fits and the ports that it needs are free."""
    graph = document.graph
    try:
        patch = wiring.insert_patch(document, wire, node, place)
    except GraphError:
        return None
    first, second = (change for change in patch.changes if change.table == "wire")
    is_taken = first.old is not None or any(each.output == second.new.output for each in graph.out_of(node))
    return None if is_taken else patch
