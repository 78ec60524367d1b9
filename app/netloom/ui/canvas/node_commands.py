"""What can be done with the selected nodes where they stand: bypass, collapse, comment."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def bypass(canvas: "Canvas") -> None:
    """Ask to lead what comes in around the selected nodes, or through them again where all are bypassed."""


def collapse(canvas: "Canvas") -> None:
    """Ask to show the selected nodes as headers only, or whole again where all are collapsed."""


def comment(canvas: "Canvas") -> None:
    """Write a comment over the selected node."""
