"""What is drawn on a chart pixel by pixel, whatever the scale."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class InPixels(pg.GraphicsObject):  # type: ignore[misc]
    """Has no say in the limits of the chart: it may draw anywhere in what can be seen."""

    def boundingRect(self) -> QRectF:
        """All that can be seen."""
        seen: QRectF = self.viewRect()
        return seen

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw in pixels."""
        place = painter.transform()
        painter.resetTransform()
        self.draw(painter, place)
        painter.setTransform(place)

    def draw(self, painter: QPainter, place: QTransform) -> None:
        """Draw, where `place` leads from the chart's values to pixels."""
        raise NotImplementedError
