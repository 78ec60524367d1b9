"""What can be done with frames and notes, as entries of the context menu."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from netloom.ui import icons
from netloom.ui.canvas import remarks
from netloom.ui.canvas.moving import carried_by
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.remark_painter import COLOURS, NOTE_COLOURS, swatch
from netloom.ui.compositing import Menu

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def fill(menu: QMenu, canvas: "Canvas", item: RemarkItem) -> None:
    """Add what is said of a frame or note only; it becomes the selection."""
    if item.key not in canvas.marked.remarks:
        canvas.set_selection((), remarks=(item.key,))
    is_frame = item.remark.kind == "frame"
    edit = menu.addAction(icons.icon("text-cursor"), "Edit title" if is_frame else "Edit text")
    edit.triggered.connect(lambda: remarks.write(canvas, item.key))
    menu.addMenu(_colours(menu, canvas, item))
    if is_frame:
        fit = menu.addAction(icons.icon("shrink"), "Fit to contents")
        fit.setEnabled(any(carried_by(canvas.graph_scene, item.key)))
        fit.triggered.connect(lambda: remarks.fit_to_contents(canvas, item.key))
    menu.addSeparator()


def _colours(menu: QMenu, canvas: "Canvas", item: RemarkItem) -> QMenu:
    found = Menu("Colour", menu)
    found.setIcon(icons.icon("palette"))
    for colour in COLOURS if item.remark.kind == "frame" else NOTE_COLOURS:
        chosen = item.remark.colour == colour
        action = found.addAction(swatch(canvas.look.look, colour, chosen=chosen), COLOURS[colour])
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(partial(remarks.paint_in, canvas, colour))
    return found
