"""One wire on the canvas: its path, and above it the shape that flows."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from netloom.graph import Wire
from netloom.ui import theme
from netloom.ui.canvas.card_painter import TEXT_MIN, WIRE_TOKENS, legible, line
from netloom.ui.canvas.facts import Carried
from netloom.ui.canvas.node_item import DIMMED, FULL, Style
from netloom.ui.canvas.wire_path import LONG, Route

HIT = 12.0
LABEL_HEIGHT = 14.0
HALO = 24.0


class WireItem(QGraphicsItem):
    """The drawing of one wire. `label` stands above it where there is room, `details` when the cursor is on it.

    A twin comes from the same output as another wire whose label stands at the same place: it shows none.
    """

    def __init__(self, wire: Wire, way: Route, style: Style) -> None:
        super().__init__()
        self.wire = wire
        self.style = style
        self.way = way
        self.carries: Carried = "float"
        self.label = ""
        self.details = ""
        self.selected = False
        self.hovered = False
        self.dimmed = False
        self.is_twin = False
        self._bounds = _bounds(way)

    def boundingRect(self) -> QRectF:
        """The path with its label."""
        return self._bounds

    def shape(self) -> QPainterPath:
        """What the cursor can take hold of."""
        stroker = QPainterPathStroker()
        stroker.setWidth(HIT)
        return stroker.createStroke(self.way.path)

    def set_way(self, way: Route) -> None:
        """Lead along another path."""
        self.prepareGeometryChange()
        self.way = way
        self._bounds = _bounds(way)

    def set_flow(self, carries: Carried, label: str, details: str) -> None:
        """Say what flows."""
        if (carries, label, details) != (self.carries, self.label, self.details):
            self.carries, self.label, self.details = carries, label, details
            self.update()

    def set_state(
        self, *, selected: bool | None = None, hovered: bool | None = None, dimmed: bool | None = None
    ) -> None:
        """Change one of the states and draw it."""
        self.selected = self.selected if selected is None else selected
        self.hovered = self.hovered if hovered is None else hovered
        self.dimmed = self.dimmed if dimmed is None else dimmed
        self.setZValue(2 if self.hovered else 0.5 if self.selected else 0)
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the line, then its words."""
        if self.dimmed:
            painter.setOpacity(DIMMED)
        zoom = self.style.zoom
        painter.setPen(self._pen(zoom))
        painter.drawPath(self.way.path)
        if zoom >= FULL and self.label:
            self._paint_label(painter)

    def _pen(self, zoom: float) -> QPen:
        width = theme.stroke("wire_selected" if self.selected else "wire_hover" if self.hovered else "wire")
        pen = line(self._color(), width) if zoom < 1 else QPen(self._color(), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen

    def _color(self) -> QColor:
        if self.selected:
            return self.style.look.color("accent")
        if self.hovered and self.carries == "float":
            return self.style.look.color("wire-hover")
        return self.style.look.color(WIRE_TOKENS[self.carries])

    def _paint_label(self, painter: QPainter) -> None:
        font = legible(painter, "shape")
        text = self.details if self.hovered else self.label
        wide = QFontMetricsF(font).horizontalAdvance(text)
        if wide > self.way.room and not self.hovered and self.style.zoom >= 1:
            font.setPixelSize(TEXT_MIN)
            wide = QFontMetricsF(font).horizontalAdvance(text)
        if not self.hovered and (wide > self.way.room or self.is_twin):
            return
        painter.setFont(font)
        room = QRectF(self.way.label.x() - wide / 2 - 8, self.way.label.y() - LABEL_HEIGHT / 2, wide + 16, LABEL_HEIGHT)
        look = self.style.look
        if self.hovered:
            room = room.adjusted(0, -5, 0, 1)
            painter.setPen(QPen(look.color("line-strong"), 1))
            painter.setBrush(look.color("overlay"))
            painter.drawRoundedRect(room, 4, 4)
        token = "text-2" if self.carries == "float" or self.hovered else WIRE_TOKENS[self.carries]
        painter.setPen(look.color(token))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _bounds(way: Route) -> QRectF:
    label = QRectF(way.label.x() - LONG, way.label.y() - HALO, 2 * LONG, 2 * HALO)
    return way.path.boundingRect().adjusted(-HIT, -HIT, HIT, HIT).united(label)


def paint_held(painter: QPainter, path: QPainterPath, look: theme.Theme, *, fits: bool, carries: Carried) -> None:
    """A wire in the hand: plain while it fits, dashed in the colour of errors where it does not."""
    pen = QPen(look.color("wire-hover" if carries == "float" else WIRE_TOKENS[carries]), theme.stroke("wire_hover"))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if not fits:
        pen.setColor(look.color("error"))
        pen.setDashPattern([4 / pen.widthF(), 4 / pen.widthF()])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def held_path(start: QPointF, end: QPointF) -> QPainterPath:
    """The path of a wire in the hand, from an output to an input."""
    reach = min(max(abs(end.x() - start.x()) / 2, 16.0), 120.0)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
    return path
