"""What is drawn over everything for a moment: a held wire, what selects, guides, ties of shared weights."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from netloom.ui.canvas.card_painter import line
from netloom.ui.canvas.facts import Carried
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.node_item import Style
from netloom.ui.canvas.wire_item import dashed, paint_held

MARGIN = 4.0
SAG = 32.0
"""How deep a tie hangs below the lower of its cards."""


class Sketch(Figure):
    """A figure above all others; empty while no gesture needs it."""

    is_over = True

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._wire: QPainterPath | None = None
        self._fits = True
        self._carries: Carried = "float"
        self._area: QPainterPath | None = None
        self._guides: QPainterPath | None = None
        self._outlines: tuple[Sequence[QRectF], QPointF] | None = None
        self._extent = QRectF()
        self._ties: QPainterPath | None = None
        self._stroke: tuple[QPainterPath, QPainterPath] | None = None

    def boundingRect(self) -> QRectF:
        """What is drawn now."""
        path = self._wire or self._ties
        area = path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) if path is not None else QRectF()
        margin = MARGIN / self.style.zoom
        for each in (*(self._stroke or ()), self._area, self._guides):
            if each is not None:
                area = area.united(each.boundingRect().adjusted(-margin, -margin, margin, margin))
        if self._outlines is not None:
            area = area.united(self._extent.translated(self._outlines[1]).adjusted(-margin, -margin, margin, margin))
        return area

    def show_wire(self, path: QPainterPath, carries: Carried, *, fits: bool) -> None:
        """Draw a wire in the hand."""
        self.update()
        self._wire, self._carries, self._fits = path, carries, fits
        self.update()

    def show_box(self, box: QRectF) -> None:
        """Draw the frame of a selection."""
        path = QPainterPath()
        path.addRect(box)
        self._show_area(path)

    def show_lasso(self, way: QPolygonF) -> None:
        """Draw a line round what is selected."""
        path = QPainterPath()
        path.addPolygon(way)
        path.closeSubpath()
        self._show_area(path)

    def _show_area(self, path: QPainterPath) -> None:
        self.update()
        self._area = path
        self.update()

    def show_guides(self, lines: Sequence[QLineF]) -> None:
        """Draw lines that a card is on; without any there are none."""
        if not lines and self._guides is None:
            return
        self.update()
        path = QPainterPath()
        for each in lines:
            path.moveTo(each.p1())
            path.lineTo(each.p2())
        self._guides = path if lines else None
        self.update()

    def show_outlines(self, cards: Sequence[QRectF], step: QPointF) -> None:
        """Draw the outlines of cards so far from where they are."""
        self.update()
        if self._outlines is None or self._outlines[0] is not cards:
            self._extent = QPolygonF(
                [corner for card in cards for corner in (card.topLeft(), card.bottomRight())]
            ).boundingRect()
        self._outlines = (cards, step)
        self.update()

    def show_stroke(self, stroke: QPainterPath, cut: QPainterPath) -> None:
        """Draw a line across wires, and the wires that it cuts where they are not drawn one by one."""
        self.update()
        self._stroke = (stroke, cut)
        self.update()

    def show_ties(self, cards: Sequence[tuple[QRectF, QRectF]]) -> None:
        """Draw dotted ties under pairs of cards that use the same weights; without any there are none."""
        if not cards and self._ties is None:
            return
        self.update()
        self._ties = _ties(cards) if cards else None
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self.update()
        self._wire = self._area = self._ties = self._stroke = self._guides = self._outlines = None

    def paint(self, painter: QPainter) -> None:
        """Draw all of it."""
        look = self.style.look
        if self._ties is not None:
            dotted = line(look.color("text-2"), 1.5)
            dotted.setStyle(Qt.PenStyle.CustomDashLine)
            dotted.setDashPattern([1, 3])
            painter.strokePath(self._ties, dotted)
        if self._wire is not None:
            paint_held(painter, self._wire, look, fits=self._fits, carries=self._carries)
        if self._stroke is not None:
            self._draw_stroke(painter, *self._stroke)
        if self._area is not None:
            painter.setPen(line(look.color("accent")))
            painter.setBrush(look.color("accent", 0.10))
            painter.drawPath(self._area)
        if self._outlines is not None:
            self._draw_outlines(painter, *self._outlines)
        if self._guides is not None:
            painter.strokePath(self._guides, line(look.color("accent")))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_outlines(self, painter: QPainter, cards: Sequence[QRectF], step: QPointF) -> None:
        painter.save()
        painter.translate(step)
        painter.setPen(line(self.style.look.color("accent")))
        painter.setBrush(self.style.look.color("accent", 0.10))
        painter.drawRects(cards)
        painter.restore()

    def _draw_stroke(self, painter: QPainter, stroke: QPainterPath, cut: QPainterPath) -> None:
        pen = line(self.style.look.color("error"), 1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(stroke, pen)
        painter.strokePath(cut, dashed(pen))


def _ties(cards: Sequence[tuple[QRectF, QRectF]]) -> QPainterPath:
    """Curves that hang from the lower edge of one card to that of the other."""
    path = QPainterPath()
    for first, second in cards:
        start = QPointF(first.center().x(), first.bottom())
        end = QPointF(second.center().x(), second.bottom())
        low = max(start.y(), end.y()) + SAG
        path.moveTo(start)
        path.cubicTo(QPointF(start.x(), low), QPointF(end.x(), low), end)
    return path
