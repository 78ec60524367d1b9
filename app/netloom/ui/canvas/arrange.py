"""Putting nodes in order by themselves: where they would stand, and the way there."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from netloom.graph import Patch, Point, edit
from netloom.graph.layout import layered
from netloom.ui import theme
from netloom.ui.canvas import fitting

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class Arranger(QObject):
    """Asks for better places, and shows cards on their way to them; another change of the graph ends that at once."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._ways: Mapping[str, tuple[Point, Point]] = {}
        self._glide = QVariantAnimation(self)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._glide.valueChanged.connect(self._show)

    def arrange(self, keys: Collection[str]) -> None:
        """Ask to move these nodes in one step. All together are laid out for the room of the canvas, and shown."""
        self.end()
        canvas, nodes = self._canvas, self._canvas.graph_scene.nodes
        sizes = {key: (nodes[key].card.width, nodes[key].card.height) for key in keys}
        before = {key: (nodes[key].x(), nodes[key].y()) for key in keys}
        corner = canvas.graph_scene.content(keys).topLeft()
        room = fitting.room(canvas.viewport().size()) if len(sizes) == len(nodes) else None
        after = layered(canvas.document.graph, sizes, (corner.x(), corner.y()), room.toTuple() if room else None)
        patch = edit.move(canvas.document, after)
        canvas.ask(Patch("Arrange", patch.changes))
        canvas.graph_scene.restore(after)
        if room is not None:
            canvas.fit()
        self._go({key: (before[key], place) for key, place in canvas.document.positions.items() if key in before})

    def _go(self, ways: Mapping[str, tuple[Point, Point]]) -> None:
        self._ways = {key: (start, end) for key, (start, end) in ways.items() if start != end}
        self._glide.setDuration(theme.motion("layout"))
        if self._ways and self._glide.duration():
            self._show(0.0)
            self._glide.start()

    def end(self) -> None:
        """Be there."""
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
