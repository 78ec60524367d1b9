"""A frame behind the nodes that it holds, or a note, on the canvas."""

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from netloom.graph import Remark
from netloom.ui.canvas.card_painter import line
from netloom.ui.canvas.node_item import Style

FRAME, NOTE = -2.0, -1.0
"""Heights: under the wires, frames under notes."""
MARGIN = 10.0


class RemarkItem(QGraphicsItem):
    """The drawing of one frame or note. Its place is its top left corner."""

    def __init__(self, remark: Remark, style: Style) -> None:
        super().__init__()
        self.key = remark.id
        self.remark = remark
        self.style = style
        self.selected = False
        self.hovered = False
        self.set_remark(remark)

    def boundingRect(self) -> QRectF:
        """The frame with its ring."""
        return self.area().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def area(self) -> QRectF:
        """The frame itself, from its corner."""
        return QRectF(QPointF(), QSizeF(*self.remark.size))

    def scene_area(self) -> QRectF:
        """The frame in the scene."""
        return self.area().translated(self.pos())

    def set_remark(self, remark: Remark) -> None:
        """Show another text, place, size or colour."""
        self.prepareGeometryChange()
        self.remark = remark
        self.setPos(*remark.place)
        self.setZValue(FRAME if remark.kind == "frame" else NOTE)
        self.update()

    def set_state(self, *, selected: bool | None = None, hovered: bool | None = None) -> None:
        """Change one of the states and draw it."""
        self.selected = self.selected if selected is None else selected
        self.hovered = self.hovered if hovered is None else hovered
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the frame and its words."""
        painter.setPen(line(self.style.look.color("accent" if self.selected else "line-strong")))
        painter.drawRoundedRect(self.area(), 8, 8)
        painter.drawText(self.area().adjusted(8, 8, -8, -8), self.remark.text)
