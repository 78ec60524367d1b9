"""Dots of a few pixels on a chart."""

from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class Dot(NamedTuple):
    """A place in the chart's values, a colour and a width in pixels."""

    x: float
    y: float
    color: QColor
    size: float


class Dots(pg.GraphicsObject):  # type: ignore[misc]
    """Paints at most some dozens of dots; for so few this is several times faster than a scatter plot."""

    def __init__(self) -> None:
        super().__init__()
        self._dots: list[Dot] = []

    def set_dots(self, dots: list[Dot]) -> None:
        """Show these."""
        self._dots = dots
        self.update()

    def boundingRect(self) -> QRectF:
        """All that can be seen."""
        seen: QRectF = self.viewRect()
        return seen

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Circles whose size does not depend on the scale."""
        place = painter.transform()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for dot in self._dots:
            painter.setBrush(dot.color)
            painter.drawEllipse(place.map(QPointF(dot.x, dot.y)), dot.size / 2, dot.size / 2)
        painter.setTransform(place)
