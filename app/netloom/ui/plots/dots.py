"""Dots of a few pixels on a chart."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from netloom.ui.plots.in_pixels import InPixels


class Dot(NamedTuple):
    """A place in the chart's values, a colour and a width in pixels."""

    x: float
    y: float
    color: QColor
    size: float


class Dots(InPixels):
    """Paints at most some dozens of dots; for so few this is several times faster than a scatter plot."""

    def __init__(self) -> None:
        super().__init__()
        self._dots: list[Dot] = []

    def set_dots(self, dots: list[Dot]) -> None:
        """Show these."""
        self._dots = dots
        self.update()

    def draw(self, painter: QPainter, place: QTransform) -> None:
        """Circles whose size does not depend on the scale."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for dot in self._dots:
            painter.setBrush(dot.color)
            painter.drawEllipse(place.map(QPointF(dot.x, dot.y)), dot.size / 2, dot.size / 2)
