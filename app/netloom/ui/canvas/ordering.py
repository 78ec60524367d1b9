"""Aligning and distributing the selected cards."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

Edge = Literal["left", "right", "top", "bottom", "middle", "centre"]
Axis = Literal["across", "down"]


def align(canvas: "Canvas", edge: Edge) -> None:
    """Ask to put the selected cards on one line; "middle" is one row, "centre" one column."""


def distribute(canvas: "Canvas", axis: Axis) -> None:
    """Ask to make the gaps between the selected cards equal."""
