"""The gesture of leading wires: their dots follow the cursor from one place of the grid to the next."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.graph import Point, Slot
from netloom.ui.canvas import bends
from netloom.ui.canvas.bends import Dot, Places
from netloom.ui.canvas.gestures import START, Modifiers

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class LeadWires:
    """Move dots, the first of which is in the hand. `ways` are the bends of all wires that have them."""

    def __init__(self, canvas: "Canvas", at: QPoint, dots: Sequence[Dot], ways: Mapping[Slot, Places]) -> None:
        self._canvas = canvas
        self._pressed = at
        self._dots = dots
        self._before = ways
        self._has_begun = False
        self._steps: dict[Point, Point] = {}

    def move(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Show the wires as they would be led."""
        self._has_begun |= (at - self._pressed).manhattanLength() >= START
        if not self._has_begun:
            return
        held = self._dots[0].place
        step = self._canvas.mapToScene(at) - self._canvas.mapToScene(self._pressed)
        end = bends.snapped(held[0] + step.x(), held[1] + step.y())
        if self._steps.get(held) != end:
            way = (end[0] - held[0], end[1] - held[1])
            self._steps = {dot.place: bends.shifted([dot.place], way)[0] for dot in self._dots}
            self._canvas.graph_scene.lead(bends.moved(self._before, self._steps))

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Ask for it; the dots stay in the hand of the keyboard."""
        self.move(at, modifiers)
        if not self._has_begun:
            return
        document, ways = self._canvas.document, bends.moved(self._before, self._steps)
        is_new = any(document.bends.get(slot) != places for slot, places in self._before.items())
        self._canvas.ask(bends.patch(document, ways, "Bend wire" if is_new else _moving(len(self._dots))))
        self._canvas.select_dots(Dot(dot.node, dot.output, self._steps[dot.place]) for dot in self._dots)

    def cancel(self) -> None:
        """Lead the wires as before."""
        if self._has_begun:
            known = self._canvas.document.bends
            self._canvas.graph_scene.lead({slot: known.get(slot, ()) for slot in self._before})


def _moving(count: int) -> str:
    return "Move dot" if count == 1 else f"Move {count} dots"
