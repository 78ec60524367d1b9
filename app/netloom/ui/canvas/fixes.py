"""The button on a card that puts a problem right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.ui.canvas.gestures import Modifiers
from netloom.ui.canvas.node_item import FULL

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def fix_at(canvas: "Canvas", at: QPoint) -> str | None:
    """The node whose fix button is at a place of the viewport."""
    place = canvas.mapToScene(at)
    item = canvas.graph_scene.node_at(place) if canvas.zoom >= FULL else None
    if item is None or item.card.fix is None or not item.card.fix.contains(place - item.pos()):
        return None
    return item.key


def use_fix(canvas: "Canvas", key: str) -> None:
    """Ask for the fix that stands on a card."""
    found = sorted(canvas.graph_scene.problems(key), key=lambda problem: problem.severity != "error")
    if found and found[0].fixes:
        canvas.ask(found[0].fixes[0].patch)


class PressFix:
    """Press the fix on a card: it is made when the button goes up over it."""

    def __init__(self, canvas: "Canvas", key: str) -> None:
        self._canvas = canvas
        self._key = key

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Nothing moves."""

    def release(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Make the fix where the cursor is still on it."""
        if fix_at(self._canvas, at) == self._key:
            use_fix(self._canvas, self._key)

    def cancel(self) -> None:
        """Make nothing."""
