"""What a press on a frame or note begins: it is selected, then moved, or drawn larger by an edge."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPoint, QPointF

from netloom.graph import Change, Patch, Point, Remark, edit
from netloom.ui.canvas import remark_shape as shape
from netloom.ui.canvas.gestures import START, Modifiers
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.placement import snapped
from netloom.ui.canvas.remark_item import RemarkItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

ADDING = Modifiers.ShiftModifier | Modifiers.ControlModifier


def select(canvas: "Canvas", key: str, modifiers: Modifiers) -> None:
    """Select a frame or note that is pressed: with Shift beside the others, with Ctrl or not, else alone."""
    chosen = canvas.marked.remarks
    if modifiers & Modifiers.ControlModifier:
        canvas.set_selection(canvas.selection, remarks=chosen ^ {key})
    elif modifiers & Modifiers.ShiftModifier:
        canvas.set_selection(canvas.selection, remarks=chosen | {key})
    elif key not in chosen:
        canvas.set_selection((), remarks=(key,))


def carried(scene: GraphScene, key: str) -> tuple[set[str], set[str]]:
    """The nodes, and the frames and notes, that lie wholly inside a frame and move with it."""
    own = scene.remarks[key]
    room = own.scene_area()
    if own.remark.kind != "frame":
        return set(), set()
    nodes = {item.key for item in scene.nodes_in(room) if room.contains(item.scene_card())}
    others = (item for item in scene.remarks.values() if item is not own)
    return nodes, {item.key for item in others if room.contains(item.scene_area())}


class MoveHeld:
    """Move the selected frames and notes over the grid, with what lies in them and the selected cards."""

    def __init__(self, canvas: "Canvas", item: RemarkItem, at: QPoint, *, keep: bool) -> None:
        self._canvas, self._key, self._pressed, self._keep = canvas, item.key, at, keep
        self._start, self._grabbed = canvas.mapToScene(at), item.pos()
        scene = canvas.graph_scene
        nodes, remarks = set(canvas.selection), set(canvas.marked.remarks) | {item.key}
        for key in tuple(remarks):
            held, framed = carried(scene, key)
            nodes |= held
            remarks |= framed
        self._nodes = {key: scene.nodes[key].pos() for key in nodes}
        self._remarks = {key: scene.remarks[key].remark for key in remarks}
        self._is_dragging = False

    def move(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Show everything where the hand is."""
        self._is_dragging |= (at - self._pressed).manhattanLength() >= START
        if self._is_dragging:
            self._show(self._step(at))

    def _step(self, at: QPoint) -> QPointF:
        wanted = self._grabbed + self._canvas.mapToScene(at) - self._start
        return QPointF(*snapped(wanted.x(), wanted.y())) - self._grabbed

    def _show(self, step: QPointF) -> None:
        scene = self._canvas.graph_scene
        for key, remark in self._moved(step).items():
            scene.remarks[key].set_remark(remark)
        scene.move(self._placed(step))

    def _placed(self, step: QPointF) -> dict[str, Point]:
        return {key: (place.x() + step.x(), place.y() + step.y()) for key, place in self._nodes.items()}

    def _moved(self, step: QPointF) -> dict[str, Remark]:
        return {
            key: msgspec.structs.replace(old, place=(old.place[0] + step.x(), old.place[1] + step.y()))
            for key, old in self._remarks.items()
        }

    def release(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Ask for the move, or select."""
        if not self._is_dragging:
            if not self._keep:
                self._canvas.set_selection((), remarks=(self._key,))
            return
        step = self._step(at)
        self.cancel()
        document = self._canvas.document
        moved = [Change("remark", key, self._remarks[key], new) for key, new in self._moved(step).items()]
        changes = (*edit.move(document, self._placed(step)).changes, *(each for each in moved if each.old != each.new))
        what = self._remarks[self._key].kind if len(self._remarks) == 1 else f"{len(self._remarks)} frames and notes"
        self._canvas.ask(Patch(f"Move {what}", changes))

    def cancel(self) -> None:
        """Put everything back."""
        self._show(QPointF())


class ResizeRemark:
    """Draw an edge or corner of a frame or note over the grid."""

    def __init__(self, canvas: "Canvas", item: RemarkItem, grip: shape.Grip, at: QPoint) -> None:
        self._canvas, self._item, self._grip = canvas, item, grip
        self._first, self._pressed = item.remark, at
        self._start = canvas.mapToScene(at)
        self._is_dragging = False

    def move(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Show it as large as the hand wants it."""
        self._is_dragging |= (at - self._pressed).manhattanLength() >= START
        if self._is_dragging:
            self._show(self._wanted(at))

    def _wanted(self, at: QPoint) -> Remark:
        return shape.resized(self._first, self._grip, self._canvas.mapToScene(at) - self._start)

    def _show(self, remark: Remark) -> None:
        self._item.set_remark(remark)
        self._canvas.graph_scene.drawing_changed.emit(())

    def release(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Ask for the new size."""
        if self._is_dragging:
            new = self._wanted(at)
            self._show(self._first)
            changes = (Change("remark", new.id, self._first, new),) if new != self._first else ()
            self._canvas.ask(Patch(f"Resize {new.kind}", changes))

    def cancel(self) -> None:
        """Show it as it was."""
        self._show(self._first)
