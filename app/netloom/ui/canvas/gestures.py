"""An object for each gesture of the mouse: it lives from press to release, and Escape takes it back."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, Qt

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
