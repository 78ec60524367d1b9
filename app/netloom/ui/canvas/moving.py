"""Dragging cards: over the grid, along guides, onto a wire."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

from netloom.graph import edit
from netloom.ui.canvas.gestures import START, Modifiers
from netloom.ui.canvas.placement import snapped

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


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
