"""Places to come back to: kept in the document under a digit."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def keep(canvas: "Canvas", digit: str) -> None:
    """Ask to keep what is seen now under a digit."""


def go(canvas: "Canvas", digit: str) -> None:
    """Show what was kept under a digit, on its level."""
