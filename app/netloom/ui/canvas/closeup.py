"""The graph from near, drawn figure by figure."""

from collections.abc import Iterable, Iterator, Sequence
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

FEW_RECTS = 24
"""A region of more parts is looked at as one area."""
ROUND = 6.0
"""Scene units that a curve goes beside its piece."""


class Closeup:
    """Paints what stands in an area.

    While a hand moves cards, all others are kept as a picture: only what is lifted off it is painted at each step.
    While it holds a wire, the drawing is kept as it was before cards were marked, and comes back when the marks go.
    """

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._picture: QPixmap | None = None
        self._painted: tuple[object, ...] = ()
        self._kept: tuple[QPixmap, tuple[object, ...]] | None = None
        self._is_wanted = False

    def keep(self, view: "Viewport") -> None:
        """Keep the drawing as it is now."""
        self._kept, self._is_wanted = (self._drawn(view), _seen_from(view)), False
        self._scene.differing = []

    def bring_back(self) -> None:
        """Let the next painting begin with the drawing that was kept."""
        self._is_wanted = True

    def paint(self, painter: QPainter, view: "Viewport", region: QRegion) -> None:
        """Draw ground, frames and notes, wires, cards."""
        if not self._scene.lifted:
            self._picture = None
            self._paint_fresh(painter, view, self._painted_back(painter, view, region))
            return
        part = region.boundingRect()
        area = view.mapToScene(part).boundingRect()
        picture = self._picture_for(view)
        painter.drawPixmap(part, picture, _inside(picture, part))
        painter.setWorldTransform(view.viewportTransform())
        self._paint_lifted(painter, area)

    def _painted_back(self, painter: QPainter, view: "Viewport", region: QRegion) -> QRegion:
        """Draw what was kept, if it is to come back; what is still to be painted of a region."""
        if not self._is_wanted:
            return region
        kept, differing = self._kept, self._scene.differing
        self._kept, self._scene.differing, self._is_wanted = None, None, False
        if kept is None or differing is None or kept[1] != _seen_from(view):
            return region
        part = region.boundingRect()
        painter.drawPixmap(part, kept[0], _inside(kept[0], part))
        fresh = QRegion()
        for area in differing:
            fresh = fresh.united(view.pixels(area))
        return fresh.intersected(region)

    def _paint_fresh(self, painter: QPainter, view: "Viewport", region: QRegion) -> None:
        painter.save()
        painter.setClipRegion(region)
        painter.setWorldTransform(view.viewportTransform())
        is_simple = region.rectCount() <= FEW_RECTS
        parts = _rects(region) if is_simple else [region.boundingRect()]
        self._paint_all(painter, view, [view.mapToScene(part).boundingRect() for part in parts])
        painter.restore()

    def _paint_all(self, painter: QPainter, view: "Viewport", areas: Sequence[QRectF]) -> None:
        """Everything in some areas but what is lifted."""
        painter.setRenderHints(view.renderHints())
        view.drawBackground(painter, view.seen())  # always as large, so that its dots are made once
        figures = dict.fromkeys(self._scene.figures_in(areas))
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
        wanted = _seen_from(view)
        if self._picture is None or wanted != self._painted or self._scene.is_stirred:
            self._painted, self._scene.is_stirred = wanted, False
            self._picture = self._drawn(view)
        return self._picture

    def _drawn(self, view: "Viewport") -> QPixmap:
        density = theme.current_density()
        picture = QPixmap(view.viewport().size() * density)
        picture.setDevicePixelRatio(density)
        painter = QPainter(picture)
        painter.setWorldTransform(view.viewportTransform())
        self._paint_all(painter, view, [view.seen()])
        painter.end()
        return picture


def _rects(region: QRegion) -> list[QRect]:
    return list(region)  # type: ignore[call-overload, no-any-return]  # the stubs do not say that it can be iterated


def _seen_from(view: "Viewport") -> tuple[object, ...]:
    """What a whole drawing depends on besides what is drawn."""
    look, density = view.look, theme.current_density()
    shown = (look.zoom, look.settled, look.look.name, look.mode, density)
    return (*shown, view.viewportTransform(), view.viewport().size())


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
