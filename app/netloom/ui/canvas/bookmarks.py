"""Places to come back to: kept in the document under a digit."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netloom.graph import Bookmark, Change, Patch
from netloom.ui.canvas.fitting import Fit
from netloom.ui.canvas.key_words import key_text

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def keep(canvas: "Canvas", digit: str) -> None:
    """Ask to keep what is seen now under a digit."""
    middle = canvas.seen().center()
    made = Bookmark((middle.x(), middle.y()), canvas.zoom, tuple(canvas.way))
    canvas.ask(Patch(f"Set bookmark {digit}", (Change("bookmark", digit, canvas.document.bookmarks.get(digit), made),)))


def go(canvas: "Canvas", digit: str) -> None:
    """Show what was kept under a digit, on its level."""
    found = canvas.document.bookmarks.get(digit)
    if found is None:
        key = key_text(canvas, f"bookmark_{digit}")
        canvas.message_requested.emit(f"No bookmark {digit} yet.{f' {key} sets it.' if key else ''}")
        return
    if tuple(canvas.way) != found.way:
        canvas.way_requested.emit(found.way)
    if tuple(canvas.way) != found.way:
        canvas.message_requested.emit(f"The block that bookmark {digit} was set in is gone.")
        return
    canvas.take(Fit(found.zoom, QPointF(*found.middle)))
