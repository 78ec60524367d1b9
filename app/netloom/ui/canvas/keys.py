"""What the arrow keys do on the canvas: go along the wires, select on the way, move or resize what is selected."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netloom.graph import Change, Patch
from netloom.ui.canvas import remark_shape, wire_commands
from netloom.ui.canvas.card import GRID
from netloom.ui.canvas.moving import Load
from netloom.ui.canvas.walk import Step, next_node

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

_WAYS: Mapping[Step, tuple[int, int]] = {"left": (-GRID, 0), "right": (GRID, 0), "up": (0, -GRID), "down": (0, GRID)}


def go(canvas: "Canvas", step: Step, *, adding: bool = False) -> None:
    """Go to the next node; with `adding` it is added to the selection."""
    cards = {key: item.scene_card() for key, item in canvas.graph_scene.nodes.items()}
    found = next_node(canvas.document.graph, cards, canvas.current, step, is_down=canvas.graph_scene.is_down)
    if found is not None:
        canvas.set_selection(canvas.selection | {found} if adding else (found,), current=found)
        canvas.ensure_seen(found)


def nudge(canvas: "Canvas", step: Step) -> None:
    """Move what is selected, or dots of wires, by one step of the grid; presses in a row are one step of undo."""
    dx, dy = _WAYS[step]
    if canvas.marked.dots:
        wire_commands.nudge_dots(canvas, (dx, dy))
        return
    nodes, remarks = canvas.selection, canvas.marked.remarks
    if nodes or remarks:
        moved = Load(canvas.graph_scene, nodes, remarks).patch(canvas.document, QPointF(dx, dy))
        canvas.ask(moved, ("nudge", nodes, remarks))


def resize(canvas: "Canvas", step: Step) -> None:
    """Move the right or lower edge of the selected frames and notes; presses in a row are one step of undo."""
    dx, dy = _WAYS[step]
    grip = (1, 0) if dx else (0, 1)
    held = [canvas.document.remarks[key] for key in sorted(canvas.marked.remarks)]
    made = [(old, remark_shape.resized(old, grip, QPointF(dx, dy))) for old in held]
    changes = tuple(Change("remark", old.id, old, new) for old, new in made if new != old)
    label = f"Resize {held[0].kind}" if len(held) == 1 else "Resize frames and notes"
    canvas.ask(Patch(label, changes), ("resize", canvas.marked.remarks))
