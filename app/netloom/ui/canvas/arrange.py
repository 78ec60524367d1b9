"""Putting nodes in order by themselves: where they would stand, and the way there."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QObject, QRectF, QVariantAnimation, Signal

from netloom.graph import Change, Document, Patch, Point, edit
from netloom.graph.layout import Drawing, Ranks, Sheet, Size, draw, placed, sheet
from netloom.graph.remarks import Direction
from netloom.ui import theme
from netloom.ui.canvas import fitting
from netloom.ui.canvas.card import card
from netloom.ui.canvas.facts import Facts, headed
from netloom.ui.canvas.framed import following
from netloom.ui.canvas.free_ground import nearest_shift

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

AT_ONCE = 100
"""So many cards take 3 ms, and 20 where all is wired to all: too short to be worth a thread. More get one."""
GLIDING = 120
"""Where more wires than this follow, cards jump: the wires cannot be led anew within a frame."""
STRAIGHT = 2
"""A lane with so many corners goes straight through."""
DENSE = 0.25


class _GivenUpError(Exception):
    """Nobody waits for this layout any more."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be arranged: these cards, as plain data, in this direction, round `corner`; all together or some."""

    sheet: Sheet
    corner: Point
    is_whole: bool
    turned: Patch


class Arranger(QObject):
    """Asks for better places, and shows cards on their way to them; another change of the graph ends that at once."""

    _laid_out = Signal(object, object)

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._ways: Mapping[str, tuple[Point, Point]] = {}
        self._task: _Task | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._glide.valueChanged.connect(self._show)
        self._laid_out.connect(self._take)

    @property
    def is_busy(self) -> bool:
        """Whether a layout is being worked out beside the window."""
        return self._task is not None

    def arrange(self, keys: Collection[str], direction: Direction | None = None) -> None:
        """Ask to move these nodes in one step. All together are laid out for the room of the canvas, and shown.

        With a direction the level is drawn that way from now on, in the same step.
        """
        self.end()
        task = self._asked_for(keys, direction)
        if len(keys) <= AT_ONCE:
            self._ask(task, draw(task.sheet))
            return
        self._task = task
        self._canvas.told.emit(f"Arranging {len(keys):,} nodes. Escape stops it.")
        threading.Thread(target=self._work, args=(task,), name="netloom-layout", daemon=True).start()

    def turn(self) -> None:
        """Ask to draw this level from top to bottom, or from left to right again, and arrange it so, in one step."""
        scene = self._canvas.graph_scene
        is_down = self._canvas.document.directions.get(scene.level) == "down"
        self.arrange(scene.nodes.keys(), "right" if is_down else "down")

    def _asked_for(self, keys: Collection[str], direction: Direction | None) -> _Task:
        canvas, scene = self._canvas, self._canvas.graph_scene
        is_whole = len(keys) == len(scene.nodes)
        room = fitting.room(canvas.viewport().size()) if is_whole else None
        now = canvas.document.directions.get(scene.level, "right")
        wanted = direction or now
        sizes = {key: _size(scene.nodes[key].facts, wanted) for key in keys}
        given = sheet(canvas.document.graph, sizes, room.toTuple() if room else None, wanted, self._ranks(keys))
        corner = scene.content(keys).topLeft()
        turned = _turning(canvas.document, scene.level, wanted) if wanted != now else Patch("", ())
        return _Task(given, (corner.x(), corner.y()), is_whole, turned)

    def _ranks(self, keys: Collection[str]) -> Ranks:
        """Where the ports of all wires are on their cards."""
        scene = self._canvas.graph_scene
        side = {
            (key, way, port.name): (index + 0.5) / len(ports)
            for key in keys
            for way, ports in (("in", scene.nodes[key].facts.inputs), ("out", scene.nodes[key].facts.outputs))
            for index, port in enumerate(ports)
        }
        return {
            wire.key: (side.get((wire.source, "out", wire.output), 0.5), side.get((wire.target, "in", wire.input), 0.5))
            for key in keys
            for wire in self._canvas.document.graph.into(key)
        }

    def _work(self, task: _Task) -> None:
        def pause() -> None:
            if self._task is not task:
                raise _GivenUpError

        try:
            self._laid_out.emit(task, draw(task.sheet, pause))
        except (_GivenUpError, RuntimeError):  # Qt's side of the canvas is gone where the window was closed meanwhile
            return

    def _take(self, task: _Task, drawing: Drawing) -> None:
        if task is self._task:
            self._task = None
            self._ask(task, drawing)
            self._canvas.told.emit(f"Arranged {len(drawing.places):,} nodes.")

    def _ask(self, task: _Task, drawing: Drawing) -> None:
        canvas, scene = self._canvas, self._canvas.graph_scene
        before = {key: (scene.nodes[key].x(), scene.nodes[key].y()) for key in drawing.places}
        drawing = placed(drawing, self._start(task, drawing))
        moved = edit.move(canvas.document, drawing.places).changes
        moves = (change for change in moved if change.table != "bend")  # a layout leads all wires of what it moves
        others = (*_bends(canvas.document, drawing), *following(canvas, drawing.places))
        canvas.ask(Patch(task.turned.label or "Arrange", (*task.turned.changes, *moves, *others)))
        if task.is_whole:
            canvas.fit()
        self._go({key: (before[key], place) for key, place in canvas.document.positions.items() if key in before})

    def _start(self, task: _Task, drawing: Drawing) -> Point:
        """Where the drawing goes: where its cards stood, or as near to that as no other card is in its way."""
        if task.is_whole or not drawing.places:
            return task.corner
        nodes = self._canvas.graph_scene.nodes
        cards = [
            QRectF(x + task.corner[0], y + task.corner[1], *task.sheet.sizes[key])
            for key, (x, y) in drawing.places.items()
        ]
        others = [item.scene_card() for key, item in nodes.items() if key not in drawing.places]
        across, down = nearest_shift(cards, others)
        return (task.corner[0] + across, task.corner[1] + down)

    def _go(self, ways: Mapping[str, tuple[Point, Point]]) -> None:
        self._ways = {key: (start, end) for key, (start, end) in ways.items() if start != end}
        self._glide.setDuration(theme.motion("layout"))
        wires = sum(len(self._canvas.document.graph.into(key)) for key in self._ways)
        if self._ways and wires <= GLIDING and self._glide.duration():
            self._show(0.0)
            self._glide.start()

    def cancel(self) -> bool:
        """Work on no layout any more; whether one was being worked out."""
        was_busy, self._task = self.is_busy, None
        return was_busy

    def end(self) -> None:
        """Be there, and work on no other layout."""
        self.cancel()
        if self._glide.state() == QVariantAnimation.State.Running:
            self._glide.stop()
            self._show(1.0)

    def _show(self, share: float) -> None:
        scene = self._canvas.graph_scene
        scene.move(
            {
                key: (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
                for key, (start, end) in self._ways.items()
                if key in scene.nodes
            }
        )


def _size(found: Facts, wanted: Direction) -> Size:
    """What a card takes up where its wires go that way."""
    measures = card(headed(found, is_down=wanted == "down"))
    return (measures.width, measures.height)


def _turning(document: Document, level: str, wanted: Direction) -> Patch:
    """Record the direction of a level; from left to right needs no record."""
    words, record = ("top to bottom", wanted) if wanted == "down" else ("left to right", None)
    return Patch(f"Draw from {words}", (Change("direction", level, document.directions.get(level), record),))


def _bends(document: Document, drawing: Drawing) -> list[Change]:
    """Lead wires through lanes that are not straight, and where there are many, through all. Older bends go.

    Elsewhere the canvas finds straight lanes by itself, and finds others when cards are moved later.
    """
    uneven = sum(len(lane) > STRAIGHT for lane in drawing.lanes.values())
    least = 0 if uneven > DENSE * len(drawing.lanes) else STRAIGHT
    wanted = {key: lane for key, lane in drawing.lanes.items() if len(lane) > least}
    graph = document.graph
    touched = {wire.key for key in drawing.places for wire in (*graph.into(key), *graph.out_of(key))}
    return [
        Change("bend", key, document.bends.get(key), wanted.get(key))
        for key in sorted(touched)
        if document.bends.get(key) != wanted.get(key)
    ]
