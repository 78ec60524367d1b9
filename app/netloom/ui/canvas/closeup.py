"""The graph from near, drawn figure by figure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform

from netloom.ui import theme
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.viewport import Viewport

FEW_RECTS = 24
"""A region of more parts is looked at as one area."""
AROUND = 96
"""Pixels by which a picture that goes along with the view is wider than it to each side."""
MOST_STALE = 100
"""Where more of such a picture is stale, it is given up."""
NOWHERE = QPoint()
ROUND = 6.0
"""Scene units that a curve goes beside its piece."""


class Closeup:
    """Paints what stands in an area.

    While a hand moves cards, all others are kept as a picture: only what is lifted off it is painted at each step.
    While it holds a wire, the drawing is kept as it was before cards were marked, and comes back when the marks go.
    While the view is panned, a picture of it is moved along: only what comes into sight is painted.
    """

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._picture: QPixmap | None = None
        self._painted: tuple[object, ...] = ()
        self._kept: tuple[QPixmap, tuple[object, ...]] | None = None
        self._is_wanted = False
        self._panned: QPixmap | None = None
        self._offset = QPoint()
        self._stale: list[QRectF] = []
        self._last: tuple[tuple[object, ...], QPointF] = ((), QPointF())

    def stir(self, area: QRectF | None) -> None:
        """An area of the scene looks otherwise, or all of it."""
        if self._panned is not None:
            self._stale += [] if area is None else [area]
            if area is None or len(self._stale) > MOST_STALE:
                self._panned = None

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
            if self._is_wanted or not self._paint_panned(painter, view, region):
                self._paint_fresh(painter, view, self._painted_back(painter, view, region))
            return
        self._panned = None
        part = region.boundingRect()
        area = view.mapToScene(part).boundingRect()
        picture = self._picture_for(view)
        painter.drawPixmap(part, picture, _inside(picture, part))
        painter.setWorldTransform(view.viewportTransform())
        self._paint_lifted(painter, area)

    def _paint_panned(self, painter: QPainter, view: "Viewport", region: QRegion) -> bool:
        """Draw a picture that went along with the view; False where nothing has moved."""
        shown, transform = _shown_by(view), view.viewportTransform()
        (before, place), self._last = self._last, (shown, QPointF(transform.dx(), transform.dy()))
        step = (self._last[1] - place).toPoint()
        if shown != before or (step.isNull() and (self._panned is None or region.rectCount() > 1)):
            self._panned = None if shown != before else self._panned
            return False
        picture = self._panned = self._moved(view, step)
        part = region.boundingRect()
        painter.drawPixmap(part, picture, _inside(picture, part.translated(_corner(self._offset))))
        return True

    def _moved(self, view: "Viewport", step: QPoint) -> QPixmap:
        """The picture for a view that went a step further, with all that is new in it."""
        density = theme.current_density()
        whole = view.viewport().rect().adjusted(-AROUND, -AROUND, AROUND, AROUND)
        picture, fresh = self._panned, QRegion(whole)
        self._offset += step
        if picture is None or (QPointF(self._offset) * density) != QPointF(self._offset * density):
            picture, self._offset, self._stale = QPixmap(whole.size() * density), QPoint(), []
            picture.setDevicePixelRatio(density)
        elif max(abs(self._offset.x()), abs(self._offset.y())) > AROUND:
            picture.scroll(*(self._offset * density).toTuple(), picture.rect())
            fresh -= QRegion(whole.translated(self._offset))
            self._offset = QPoint()
        else:
            fresh = QRegion()
        for area in self._stale:
            fresh += QRegion(view.pixels(area).intersected(whole.translated(self._offset)))
        self._stale = []
        if not fresh.isEmpty():
            painter = QPainter(picture)
            self._paint_fresh(painter, view, fresh, _corner(self._offset))
            painter.end()
        return picture

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

    def _paint_fresh(self, painter: QPainter, view: "Viewport", region: QRegion, corner: QPoint = NOWHERE) -> None:
        """Paint a region of the view, of which the corner is at some place of what is painted on."""
        painter.save()
        painter.setClipRegion(region.translated(corner))
        painter.setWorldTransform(view.viewportTransform() * QTransform.fromTranslate(*corner.toTuple()))
        is_simple = region.rectCount() <= FEW_RECTS
        parts = _rects(region) if is_simple else [region.boundingRect()]
        self._paint_all(painter, view, [view.mapToScene(part).boundingRect() for part in parts])
        painter.restore()

    def _paint_all(self, painter: QPainter, view: "Viewport", areas: Sequence[QRectF]) -> None:
        """Everything in some areas but what is lifted."""
        painter.setRenderHints(view.renderHints())
        room = 2 * AROUND / view.zoom
        view.drawBackground(painter, view.seen().adjusted(-room, -room, room, room))  # the same for all that is painted
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
    return (*_shown_by(view), view.viewportTransform())


def _shown_by(view: "Viewport") -> tuple[object, ...]:
    """The same without the place in the scene."""
    look = view.look
    return (look.zoom, look.settled, look.look.name, look.mode, theme.current_density(), view.viewport().size())


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


def _corner(offset: QPoint) -> QPoint:
    """Where the view begins in a picture that is wider than it."""
    return QPoint(AROUND, AROUND) - offset


def _inside(picture: QPixmap, part: QRect) -> QRect:
    """A part of the view in a picture's own pixels."""
    density = picture.devicePixelRatio()
    return QRect((QPointF(part.topLeft()) * density).toPoint(), (QSizeF(part.size()) * density).toSize())
