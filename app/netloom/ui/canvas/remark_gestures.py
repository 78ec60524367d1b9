"""What a press on a frame or note begins: it is selected, or drawn larger by an edge."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.graph import Change, Patch, Remark
from netloom.ui.canvas import remark_shape as shape
from netloom.ui.canvas.gestures import START, Modifiers
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
        canvas.set_selection((), remarks={key})


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
