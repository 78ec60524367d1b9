"""What the keys do on the canvas."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from netloom.graph import edit
from netloom.ui.canvas.card import GRID
from netloom.ui.canvas.walk import KEYS, next_node

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

Key = Qt.Key
PLAIN: Mapping[int, Callable[["Canvas"], object]] = {
    Key.Key_Delete: lambda canvas: canvas.delete_selection(),
    Key.Key_Backspace: lambda canvas: canvas.delete_selection() if canvas.has_selection else canvas.leave_block(),
    Key.Key_Return: lambda canvas: canvas.enter_selected(),
    Key.Key_Enter: lambda canvas: canvas.enter_selected(),
    Key.Key_Home: lambda canvas: canvas.fit(),
    Key.Key_F: lambda canvas: canvas.fit_selection(),
    Key.Key_F2: lambda canvas: canvas.rename_selected(),
    Key.Key_Escape: lambda canvas: canvas.escape(),
    Key.Key_Tab: lambda canvas: canvas.open_search(),
    Key.Key_Plus: lambda canvas: canvas.zoom_step(1),
    Key.Key_Minus: lambda canvas: canvas.zoom_step(-1),
}


def press(canvas: "Canvas", event: QKeyEvent) -> bool:
    """Do what a key means; whether it means something here."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if control and event.key() == Key.Key_Up and not canvas.has_selection:
        canvas.leave_block()
    elif event.key() in KEYS:
        nudge(canvas, event.key()) if control else _walk(canvas, event)
    elif control and event.key() == Key.Key_A:
        canvas.select_all()
    elif not control and event.key() in PLAIN:
        PLAIN[event.key()](canvas)
    else:
        return False
    return True


def _walk(canvas: "Canvas", event: QKeyEvent) -> None:
    """Go to the next node; with Shift it is added to the selection."""
    cards = {key: item.scene_card() for key, item in canvas.graph_scene.nodes.items()}
    found = next_node(canvas.document.graph, cards, canvas.current, KEYS[event.key()])
    if found is not None:
        adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        canvas.set_selection(canvas.selection | {found} if adding else (found,), current=found)
        canvas.ensure_seen(found)


def nudge(canvas: "Canvas", key: int) -> None:
    """Move the selected nodes by one step of the grid; presses in a row are one step of undo."""
    step = KEYS[key]
    dx = {"left": -GRID, "right": GRID}.get(step, 0)
    dy = {"up": -GRID, "down": GRID}.get(step, 0)
    nodes = canvas.graph_scene.nodes
    places = {each: (nodes[each].x() + dx, nodes[each].y() + dy) for each in canvas.selection}
    if places:
        canvas.ask(edit.move(canvas.document, places), ("nudge", canvas.selection))
