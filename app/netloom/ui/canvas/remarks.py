"""Frames and notes: adding, pressing, writing. What lies wholly inside a frame moves with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.ui.canvas.gestures import Gesture, Modifiers

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def add_frame(canvas: "Canvas") -> None:
    """Ask for a frame around what is selected, or at the cursor."""


def add_note(canvas: "Canvas") -> None:
    """Ask for a note at the cursor."""


def press(canvas: "Canvas", at: QPoint, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press on a frame or note begins; None where there is none."""
    return None


def double(canvas: "Canvas", at: QPoint) -> bool:
    """Write on the frame or note at a place; whether there is one."""
    return False
