"""What is drawn over everything for a moment: a held wire, the frame of a selection, ties of shared weights."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from netloom.ui.canvas.card_painter import line
from netloom.ui.canvas.facts import Carried
from netloom.ui.canvas.node_item import Style
from netloom.ui.canvas.wire_item import dashed, paint_held

MARGIN = 4.0
SAG = 32.0
"""How deep a tie hangs below the lower of its cards."""


class Sketch(QGraphicsItem):
    """An item above all others; empty while no gesture needs it."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._wire: QPainterPath | None = None
        self._fits = True
        self._carries: Carried = "float"
        self._box: QRectF | None = None
        self._ties: QPainterPath | None = None
        self._stroke: tuple[QPainterPath, QPainterPath] | None = None
        self.setZValue(3)

    def boundingRect(self) -> QRectF:
        """What is drawn now."""
        if self._stroke is not None:
            stroke, cut = self._stroke
            margin = MARGIN / self._style.zoom
            return stroke.boundingRect().united(cut.boundingRect()).adjusted(-margin, -margin, margin, margin)
        path = self._wire or self._ties
        if path is not None:
            return path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        margin = MARGIN / self._style.zoom
        return self._box.adjusted(-margin, -margin, margin, margin) if self._box is not None else QRectF()

    def show_wire(self, path: QPainterPath, carries: Carried, *, fits: bool) -> None:
        """Draw a wire in the hand."""
        self.prepareGeometryChange()
        self._wire, self._carries, self._fits = path, carries, fits
        self.update()

    def show_box(self, box: QRectF) -> None:
        """Draw the frame of a selection."""
        self.prepareGeometryChange()
        self._box = box
        self.update()

    def show_stroke(self, stroke: QPainterPath, cut: QPainterPath) -> None:
        """Draw a line across wires, and the wires that it cuts where they are not drawn one by one."""
        self.prepareGeometryChange()
        self._stroke = (stroke, cut)
        self.update()

    def show_ties(self, cards: Sequence[tuple[QRectF, QRectF]]) -> None:
        """Draw dotted ties under pairs of cards that use the same weights; without any there are none."""
        if not cards and self._ties is None:
            return
        self.prepareGeometryChange()
        self._ties = _ties(cards) if cards else None
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self.prepareGeometryChange()
        self._wire = self._box = self._ties = self._stroke = None

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the wire or the frame."""
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Draw in scene units; also for the view from far away, which paints no items."""
        look = self._style.look
        if self._ties is not None:
            dotted = line(look.color("text-2"), 1.5)
            dotted.setStyle(Qt.PenStyle.CustomDashLine)
            dotted.setDashPattern([1, 3])
            painter.strokePath(self._ties, dotted)
        if self._wire is not None:
            paint_held(painter, self._wire, look, fits=self._fits, carries=self._carries)
        if self._stroke is not None:
            self._draw_stroke(painter, *self._stroke)
        if self._box is not None:
            painter.setPen(line(look.color("accent")))
            painter.setBrush(look.color("accent", 0.10))
            painter.drawRect(self._box)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_stroke(self, painter: QPainter, stroke: QPainterPath, cut: QPainterPath) -> None:
        pen = line(self._style.look.color("error"), 1.5)
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
