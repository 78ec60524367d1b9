"""The graph from near, drawn figure by figure."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPixmap, QRegion

from netloom.ui import theme
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.viewport import Viewport

ROUND = 6.0
"""Scene units that a curve goes beside its piece."""


class Closeup:
    """Paints what stands in an area.

    While a hand moves cards, all others are kept as a picture: only what is lifted off it is painted at each step.
    """

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._picture: QPixmap | None = None
        self._painted: tuple[object, ...] = ()

    def paint(self, painter: QPainter, view: "Viewport", region: QRegion) -> None:
        """Draw ground, frames and notes, wires, cards."""
        area = view.mapToScene(region.boundingRect()).boundingRect()
        if not self._scene.lifted:
            self._picture = None
            painter.setWorldTransform(view.viewportTransform())
            self._paint_all(painter, view, area)
            return
        part = region.boundingRect()
        picture = self._picture_for(view)
        painter.drawPixmap(part, picture, _inside(picture, part))
        painter.setWorldTransform(view.viewportTransform())
        self._paint_lifted(painter, area)

    def _paint_all(self, painter: QPainter, view: "Viewport", area: QRectF) -> None:
        """Everything but what is lifted."""
        painter.setRenderHints(view.renderHints())
        view.drawBackground(painter, area)
        figures = self._scene.figures_in(area)
        _paint(painter, (each for each in figures if each not in self._scene.lifted))

    def _paint_lifted(self, painter: QPainter, area: QRectF) -> None:
        """What is lifted, and the cards that lie over lifted wires."""
        scene = self._scene
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lifted = [each for each in scene.lifted if each.sceneBoundingRect().intersects(area)]
        pieces = (piece for each in lifted if isinstance(each, WireItem) for piece in _pieces(each))
        above = {card for piece in pieces if piece.intersects(area) for card in scene.nodes_in(piece)}
        _paint(painter, above.union(lifted))

    def _picture_for(self, view: "Viewport") -> QPixmap:
        density, look = theme.current_density(), view.look
        shown = (look.zoom, look.settled, look.look.name, look.mode, density)
        wanted = (*shown, view.viewportTransform(), view.viewport().size())
        if self._picture is None or wanted != self._painted or self._scene.is_stirred:
            self._painted, self._scene.is_stirred = wanted, False
            self._picture = self._drawn(view, density)
        return self._picture

    def _drawn(self, view: "Viewport", density: float) -> QPixmap:
        picture = QPixmap(view.viewport().size() * density)
        picture.setDevicePixelRatio(density)
        painter = QPainter(picture)
        painter.setWorldTransform(view.viewportTransform())
        self._paint_all(painter, view, view.seen())
        painter.end()
        return picture


def _paint(painter: QPainter, figures: Iterable[Figure]) -> None:
    for figure in sorted(figures, key=lambda each: (each.zValue(), each.serial)):
        if figure.isVisible():
            painter.save()
            painter.translate(figure.pos())
            painter.setOpacity(figure.opacity)
            figure.paint(painter)
            painter.restore()


def _pieces(wire: WireItem) -> Iterator[QRectF]:
    """Where the pieces of a wire are, with some room for its curves."""
    for start, end in pairwise(wire.way.points):
        yield QRectF(start, end).normalized().adjusted(-ROUND, -ROUND, ROUND, ROUND)


def _inside(picture: QPixmap, part: QRect) -> QRect:
    """A part of the view in a picture's own pixels."""
    density = picture.devicePixelRatio()
    return QRect((QPointF(part.topLeft()) * density).toPoint(), (QSizeF(part.size()) * density).toSize())
