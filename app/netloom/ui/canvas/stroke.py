"""Cutting wires by drawing across them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPoint, QRectF, Qt
from PySide6.QtGui import QPainterPath

from netloom.graph import Patch, edit
from netloom.ui.canvas.gestures import START, Modifiers
from netloom.ui.canvas.node_item import COMPACT
from netloom.ui.canvas.wire_item import WireItem
from netloom.ui.canvas.wire_path import lines

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class CutStroke:
    """Every wire that the line crosses is removed when the button goes up."""

    def __init__(self, canvas: "Canvas", at: QPoint) -> None:
        self._canvas = canvas
        self._last = at
        self._line = QPainterPath(canvas.mapToScene(at))
        self._cut: dict[WireItem, None] = {}
        canvas.set_cursor(Qt.CursorShape.CrossCursor)

    def move(self, at: QPoint, _modifiers: Modifiers) -> None:
        """Draw on, and mark the wires that are crossed."""
        if (at - self._last).manhattanLength() < START:
            return
        step = QLineF(self._line.currentPosition(), self._canvas.mapToScene(at))
        self._last = at
        self._line.lineTo(step.p2())
        for item in self._crossed(step):
            item.set_state(doomed=True)
            self._cut[item] = None
        self._canvas.sketch.show_stroke(self._line, self._far())

    def _crossed(self, step: QLineF) -> list[WireItem]:
        """The wires that one piece of the line crosses, of those that lie near it."""
        area = QRectF(step.p1(), step.p2()).normalized().adjusted(-1, -1, 1, 1)
        near = self._canvas.graph_scene.wires_in(area)
        return [item for item in near if item not in self._cut and _meet(item, step)]

    def _far(self) -> QPainterPath:
        """The doomed wires, where the view is so far away that no wire is drawn by itself."""
        path = QPainterPath()
        for item in self._cut if self._canvas.zoom < COMPACT else ():
            path.addPath(item.way.path)
        return path

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Remove the wires."""
        self.move(at, modifiers)
        wires = [item.wire for item in self._cut]
        self.cancel()
        if wires:
            label = "Cut wire" if len(wires) == 1 else f"Cut {len(wires)} wires"
            self._canvas.ask(Patch(label, edit.remove(self._canvas.document, wires=wires).changes))

    def cancel(self) -> None:
        """Remove nothing."""
        for item in self._cut:
            item.set_state(doomed=False)
        self._canvas.sketch.clear()
        self._canvas.set_cursor(None)


def _meet(item: WireItem, step: QLineF) -> bool:
    return any(_cross(step, QLineF(start, end)) for start, end in lines(item.way.path))


def _cross(first: QLineF, second: QLineF) -> bool:
    kind, _ = first.intersects(second)
    return kind == QLineF.IntersectionType.BoundedIntersection
