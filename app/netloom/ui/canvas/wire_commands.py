"""What can be done with wires by keys: wiring nodes, taking wires off, bending, cutting, going through them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.ui.canvas.gestures import Gesture, Modifiers
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def wire_selected(canvas: "Canvas") -> None:
    """Ask to wire the selected nodes in a row, or offer what a single one can be wired to."""


def disconnect(canvas: "Canvas") -> None:
    """Ask to remove all wires of the selected nodes."""


def bend(canvas: "Canvas") -> None:
    """Ask for a dot in the middle of each selected wire."""


def cut_wires(canvas: "Canvas") -> None:
    """Let the next drag cut the wires that it crosses."""


def next_wire(canvas: "Canvas") -> None:
    """Select the next wire of the node that was selected last."""


def press_dot(canvas: "Canvas", at: QPoint, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press on a dot of a wire begins; None where there is none."""
    return None


def press_wire(canvas: "Canvas", item: WireItem, at: QPoint, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press on a wire begins: a click selects it, a drag near an end takes that end off, a drag in
    the middle bends it.
    """
    canvas.select_wires({item.wire.key}, adding=bool(modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier)))
    return None


def double(canvas: "Canvas", item: WireItem, at: QPoint) -> None:
    """Put a dot where a wire was double clicked."""
