"""What the arrow keys do on the canvas: go along the wires, select on the way, move what is selected."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netloom.ui.canvas import wire_commands
from netloom.ui.canvas.card import GRID
from netloom.ui.canvas.moving import Load
from netloom.ui.canvas.walk import Step, next_node

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def go(canvas: "Canvas", step: Step, *, adding: bool = False) -> None:
    """Go to the next node; with `adding` it is added to the selection."""
    cards = {key: item.scene_card() for key, item in canvas.graph_scene.nodes.items()}
    found = next_node(canvas.document.graph, cards, canvas.current, step, is_down=canvas.graph_scene.is_down)
    if found is not None:
        canvas.set_selection(canvas.selection | {found} if adding else (found,), current=found)
        canvas.ensure_seen(found)


def nudge(canvas: "Canvas", step: Step) -> None:
    """Move what is selected, or dots of wires, by one step of the grid; presses in a row are one step of undo."""
    dx = {"left": -GRID, "right": GRID}.get(step, 0)
    dy = {"up": -GRID, "down": GRID}.get(step, 0)
    if canvas.marked.dots:
        wire_commands.nudge_dots(canvas, (dx, dy))
        return
    nodes, remarks = canvas.selection, canvas.marked.remarks
    if nodes or remarks:
        moved = Load(canvas.graph_scene, nodes, remarks).patch(canvas.document, QPointF(dx, dy))
        canvas.ask(moved, ("nudge", nodes, remarks))
