"""Selecting by more than a click: a frame, a lasso, along the wires, all the others."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF

from netloom.ui.canvas.gestures import START, Modifiers

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def invert(canvas: "Canvas") -> None:
    """Select what is not selected."""


def select_sources(canvas: "Canvas") -> None:
    """Add to the selection all that it depends on."""


def select_targets(canvas: "Canvas") -> None:
    """Add to the selection all that depends on it."""


def lasso(canvas: "Canvas") -> None:
    """Let the next drag draw a lasso."""


class BoxSelect:
    """Draw a frame and select the cards that it touches; with Shift they are added, with Ctrl toggled."""

    def __init__(self, canvas: "Canvas", at: QPoint) -> None:
        self._canvas = canvas
        self._start = canvas.mapToScene(at)
        self._pressed = at
        self._before = canvas.selection

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Stretch the frame."""
        box = QRectF(self._start, self._canvas.mapToScene(at)).normalized()
        self._canvas.sketch.show_box(box)
        found = frozenset(item.key for item in self._canvas.graph_scene.nodes_in(box))
        self._canvas.set_selection(combined(self._before, found, modifiers))

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Keep what is selected; a click without a frame clears the selection."""
        if (at - self._pressed).manhattanLength() >= START:
            self.move(at, modifiers)
        elif not modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier):
            self._canvas.select_wires(())
        self._canvas.sketch.clear()

    def cancel(self) -> None:
        """Select what was selected before."""
        self._canvas.sketch.clear()
        self._canvas.set_selection(self._before)


def combined(before: frozenset[str], found: frozenset[str], modifiers: Modifiers) -> frozenset[str]:
    """What is selected then: found alone, with Shift added, with Ctrl turned over, with both taken away."""
    if modifiers & Modifiers.ControlModifier and modifiers & Modifiers.ShiftModifier:
        return before - found
    if modifiers & Modifiers.ControlModifier:
        return before ^ found
    return before | found if modifiers & Modifiers.ShiftModifier else found


class Lasso(BoxSelect):
    """Draw round the cards that are to be selected."""
