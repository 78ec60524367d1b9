"""An object for each gesture of the mouse: it lives from press to release, and Escape takes it back."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from netloom.graph import edit
from netloom.ui.canvas.placement import snapped

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

START = 4
"""Pixels that the cursor may tremble before a press becomes a drag."""
Modifiers = Qt.KeyboardModifier


class Gesture(Protocol):
    """What the canvas does with the mouse while a button is held. Places are in pixels of the viewport."""

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """The cursor is elsewhere now."""

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """The button is up: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""


class Pan:
    """Shift what is seen with the hand."""

    def __init__(self, canvas: "Canvas", at: QPoint) -> None:
        self._canvas = canvas
        self._last = at
        canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Scroll by what the cursor went."""
        self._canvas.scroll_by(at - self._last)
        self._last = at

    def release(self, _at: QPoint, _modifiers: Modifiers) -> None:
        """Let go."""
        self._canvas.viewport().unsetCursor()

    def cancel(self) -> None:
        """Let go where it is."""
        self._canvas.viewport().unsetCursor()


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
        self._canvas.set_selection(_combined(self._before, found, modifiers))

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


def _combined(before: frozenset[str], found: frozenset[str], modifiers: Modifiers) -> frozenset[str]:
    if modifiers & Modifiers.ControlModifier:
        return before ^ found
    return before | found if modifiers & Modifiers.ShiftModifier else found


class MoveNodes:
    """Drag the selected cards over the grid; one patch at the end. A press without a drag selects the card alone."""

    def __init__(self, canvas: "Canvas", key: str, at: QPoint, *, keep: bool) -> None:
        self._canvas = canvas
        self._key = key
        self._pressed = at
        self._keep = keep
        self._start = canvas.mapToScene(at)
        nodes = canvas.graph_scene.nodes
        self._places = {each: nodes[each].pos() for each in canvas.selection | {key} if each in nodes}
        self._is_dragging = False

    def move(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Show the cards where the hand is."""
        if not self._is_dragging and (at - self._pressed).manhattanLength() < START:
            return
        self._is_dragging = True
        step = self._step(at)
        places = {key: (place.x() + step.x(), place.y() + step.y()) for key, place in self._places.items()}
        self._canvas.graph_scene.move(places)

    def _step(self, at: QPoint) -> QPointF:
        grabbed = self._places[self._key]
        wanted = grabbed + self._canvas.mapToScene(at) - self._start
        return QPointF(*snapped(wanted.x(), wanted.y())) - grabbed

    def release(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Ask for the move, or select."""
        if not self._is_dragging:
            if not self._keep:
                self._canvas.set_selection((self._key,))
            return
        step = self._step(at)
        places = {key: (place.x() + step.x(), place.y() + step.y()) for key, place in self._places.items()}
        self._canvas.ask(edit.move(self._canvas.document, places))
        self._canvas.graph_scene.restore(places)

    def cancel(self) -> None:
        """Put the cards back."""
        self._canvas.graph_scene.move({key: (place.x(), place.y()) for key, place in self._places.items()})


class PressFix:
    """Press the fix on a card: it is made when the button goes up over it."""

    def __init__(self, canvas: "Canvas", key: str) -> None:
        self._canvas = canvas
        self._key = key

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Nothing moves."""

    def release(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Make the fix where the cursor is still on it."""
        if self._canvas.fix_at(at) == self._key:
            self._canvas.use_fix(self._key)

    def cancel(self) -> None:
        """Make nothing."""
