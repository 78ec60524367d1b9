"""A curve on a chart."""

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen, QTransform

from netloom.ui.plots.in_pixels import InPixels

Points = npt.NDArray[np.floating]


class Line(InPixels):
    """Unlike a plot's own curve it looks for the ends of nothing. Where a value is not finite there is a gap."""

    def __init__(self, pen: QPen | None = None, *, smooth: bool = True) -> None:
        super().__init__()
        self.pen = pen or QPen(Qt.PenStyle.NoPen)
        self._smooth = smooth
        self._pieces: list[tuple[Points, Points]] = []

    def set_pen(self, pen: QPen) -> None:
        """Draw with this cosmetic pen."""
        self.pen = pen
        self.update()

    def set_points(self, x: Points, y: Points) -> None:
        """Lead through these places in the chart's values, of equal number."""
        good = np.isfinite(y)
        if good.all():
            self._pieces = [(x, y)] if x.size else []
        else:
            edges = np.flatnonzero(np.diff(good, prepend=False, append=False)).reshape(-1, 2)
            self._pieces = [(x[begin:end], y[begin:end]) for begin, end in edges]
        self.update()

    def draw(self, painter: QPainter, place: QTransform) -> None:
        """Lines from place to place; in pixels, as the raster engine draws them fastest."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._smooth)
        painter.setPen(self.pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, y in self._pieces:
            across, down = place.dx() + x * place.m11(), place.dy() + y * place.m22()
            painter.drawPolyline(pg.functions.arrayToQPolygonF(across, down))
