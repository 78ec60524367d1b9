"""Selecting by more than a click: a frame, a lasso, along the wires, all the others."""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPolygonF

from netloom.graph.walk import downstream, upstream
from netloom.ui.canvas.edge_scroll import EdgeScroll
from netloom.ui.canvas.gestures import START, Modifiers
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.remark_item import RemarkItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

Mask: TypeAlias = npt.NDArray[np.bool_]
STRIDE = 3
"""Pixels between two corners of a lasso."""


def invert(canvas: "Canvas") -> None:
    """Select what is not selected."""
    scene = canvas.graph_scene
    canvas.set_selection(scene.nodes.keys() - canvas.selection, remarks=scene.remarks.keys() - canvas.marked.remarks)


def select_sources(canvas: "Canvas") -> None:
    """Add to the selection all that it depends on."""
    found = upstream(canvas.document.graph, canvas.selection)
    canvas.set_selection(found, canvas.current, canvas.marked.remarks)


def select_targets(canvas: "Canvas") -> None:
    """Add to the selection all that depends on it."""
    found = downstream(canvas.document.graph, canvas.selection)
    canvas.set_selection(found, canvas.current, canvas.marked.remarks)


def lasso(canvas: "Canvas") -> None:
    """Let the next drag draw a lasso."""
    canvas.pointer.arm(Lasso)


def combined(before: Mask, found: Mask, modifiers: Modifiers) -> Mask:
    """What is selected then: found alone, with Shift added, with Ctrl turned over, with both taken away."""
    if modifiers & Modifiers.ControlModifier and modifiers & Modifiers.ShiftModifier:
        return before & ~found
    if modifiers & Modifiers.ControlModifier:
        return before ^ found
    return before | found if modifiers & Modifiers.ShiftModifier else found


class Marking:
    """Marks cards, frames and notes while a drag goes on. All of them are measured once, so that each step is short;
    the canvas is told at the end, for everything that shows a selection then works.
    """

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        scene = canvas.graph_scene
        self.items: list[NodeItem | RemarkItem] = [*scene.nodes.values(), *scene.remarks.values()]
        rooms = [(item.x(), item.y(), item.card.width, item.card.height) for item in scene.nodes.values()]
        rooms += [(*item.remark.place, *item.remark.size) for item in scene.remarks.values()]
        areas = np.array(rooms, dtype=float).reshape(-1, 4)
        self.low, self.high = areas[:, :2], areas[:, :2] + areas[:, 2:]
        self.frames = [
            (place, item)
            for place, item in enumerate(self.items)
            if isinstance(item, RemarkItem) and item.remark.kind == "frame"
        ]
        self._before: Mask = np.array([item.selected for item in self.items], dtype=np.bool_)
        self._shown = self._before

    def show(self, found: Mask, modifiers: Modifiers) -> None:
        """Mark what is selected when these are found."""
        self._mark(combined(self._before, found, modifiers))

    def _mark(self, wanted: Mask) -> None:
        for place in np.flatnonzero(wanted != self._shown):
            self.items[place].set_state(selected=bool(wanted[place]))
        self._shown = wanted

    def take(self) -> None:
        """Select what is marked."""
        keys = [self.items[place].key for place in np.flatnonzero(self._shown)]
        scene = self._canvas.graph_scene
        nodes, remarks = (key for key in keys if key in scene.nodes), (key for key in keys if key in scene.remarks)
        self._canvas.set_selection(nodes, remarks=remarks)

    def undo(self) -> None:
        """Mark what is selected still."""
        self._mark(self._before)


class BoxSelect:
    """Draw a frame and select the cards and notes that it touches, and the frames that it holds."""

    def __init__(self, canvas: "Canvas", at: QPoint) -> None:
        self._canvas = canvas
        self._start = canvas.mapToScene(at)
        self._pressed = self._at = at
        self._modifiers = Modifiers.NoModifier
        self._marking: Marking | None = None
        self._edges = EdgeScroll(canvas, at, self._stretch)

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Stretch the frame."""
        if self._marking is None and (at - self._pressed).manhattanLength() < START:
            return
        self._at, self._modifiers = at, modifiers
        self._edges.follow(at)
        self._stretch()

    def _stretch(self) -> None:
        marking = self._marking = self._marking or Marking(self._canvas)
        box = QRectF(self._start, self._canvas.mapToScene(self._at)).normalized()
        self._canvas.sketch.show_box(box)
        low, high = (box.left(), box.top()), (box.right(), box.bottom())
        found: Mask = ((marking.low <= high) & (marking.high >= low)).all(axis=1)
        for place, item in marking.frames:
            found[place] = box.contains(item.scene_area())
        marking.show(found, self._modifiers)

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Keep what is selected; a click without a frame clears the selection."""
        self.move(at, modifiers)
        self._edges.end()
        self._canvas.sketch.clear()
        _end(self._canvas, self._marking, modifiers)

    def cancel(self) -> None:
        """Select what was selected before."""
        self._edges.end()
        self._canvas.sketch.clear()
        if self._marking is not None:
            self._marking.undo()


class Lasso:
    """Draw round the cards and notes that are to be selected, and round whole frames."""

    def __init__(self, canvas: "Canvas", at: QPoint) -> None:
        self._canvas = canvas
        self._pressed = self._last = at
        self._way = QPolygonF([canvas.mapToScene(at)])
        self._marking: Marking | None = None
        self._middles = np.zeros((0, 2))
        self._inside: Mask = np.zeros(0, dtype=bool)

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Draw on."""
        if self._marking is None:
            if (at - self._pressed).manhattanLength() < START:
                return
            self._begin()
        if (at - self._last).manhattanLength() >= STRIDE:
            self._last = at
            self._draw_to(self._canvas.mapToScene(at))
        self._show(modifiers)

    def _begin(self) -> None:
        self._marking = Marking(self._canvas)
        self._middles = (self._marking.low + self._marking.high) / 2
        self._inside = np.zeros(len(self._middles), dtype=bool)

    def _draw_to(self, place: QPointF) -> None:
        """A middle is inside where a ray from it crosses the line an odd number of times; each piece adds its own."""
        self._inside = self._inside ^ _crossed(self._middles, self._way.last(), place)
        self._way.append(place)
        self._canvas.sketch.show_lasso(self._way)

    def _show(self, modifiers: Modifiers) -> None:
        if self._marking is not None:
            found = self._inside ^ _crossed(self._middles, self._way.last(), self._way.first())
            for place, item in self._marking.frames:
                corners = QPolygonF(item.scene_area()).toList()
                found[place] = all(self._way.containsPoint(each, Qt.FillRule.OddEvenFill) for each in corners)
            self._marking.show(found, modifiers)

    def release(self, at: QPoint, modifiers: Modifiers) -> None:
        """Keep what is selected; a click without a lasso clears the selection."""
        self.move(at, modifiers)
        self._canvas.sketch.clear()
        _end(self._canvas, self._marking, modifiers)

    def cancel(self) -> None:
        """Select what was selected before."""
        self._canvas.sketch.clear()
        if self._marking is not None:
            self._marking.undo()


def _end(canvas: "Canvas", marking: Marking | None, modifiers: Modifiers) -> None:
    if marking is not None:
        marking.take()
    elif not modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier):
        canvas.select_wires(())


def _crossed(places: npt.NDArray[np.float64], start: QPointF, end: QPointF) -> Mask:
    """From which places a ray to the right crosses a line; the same whichever end the line begins at."""
    low, high = sorted((start, end), key=lambda point: (point.y(), point.x()))
    x, y = places[:, 0], places[:, 1]
    share = (y - low.y()) / ((high.y() - low.y()) or 1.0)
    beside: Mask = (low.y() <= y) & (y < high.y()) & (x < low.x() + share * (high.x() - low.x()))
    return beside
