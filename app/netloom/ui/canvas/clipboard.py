"""Copy, cut, paste and duplicate, also between documents and windows: what is copied is text on the clipboard."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def copy(canvas: "Canvas") -> None:
    """Put what is selected on the clipboard."""


def cut(canvas: "Canvas") -> None:
    """Put what is selected on the clipboard and remove it."""


def cut_joined(canvas: "Canvas") -> None:
    """Put the selected nodes on the clipboard, remove them, and wire what fed them to what they fed."""


def paste(canvas: "Canvas") -> None:
    """Add what is on the clipboard at the cursor; it is selected then."""


def paste_wired(canvas: "Canvas") -> None:
    """Add what is on the clipboard, fed by what fed it where it was copied, as far as that is here."""


def duplicate(canvas: "Canvas") -> None:
    """Add a copy of what is selected beside it; it is selected then. The clipboard stays as it is."""
