"""Cutting wires by drawing across them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.ui.canvas.gestures import Modifiers

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class CutStroke:
    """Every wire that the line crosses is removed when the button goes up."""

    def __init__(self, canvas: "Canvas", at: QPoint) -> None:
        self._canvas = canvas

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Draw on."""

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Remove the wires."""

    def cancel(self) -> None:
        """Remove nothing."""
