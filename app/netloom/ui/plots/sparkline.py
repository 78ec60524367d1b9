"""A small curve in a well: every value pale, the smoothed value over it."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from netloom.ui import theme
from netloom.ui.plots.chart import pen
from netloom.ui.plots.trace import Trace, Values

INSET = 4
HEIGHT = 56
RAW_ALPHA = 0.4
MOST_SMOOTH = 128


class Sparkline(QWidget):
    """Draws a `Trace` that somebody else extends; `show_trace` repaints."""

    def __init__(self, plot: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self._trace: Trace | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.signals.changed.connect(self.update)

    def show_trace(self, trace: Trace | None) -> None:
        """Draw this trace as it is now."""
        self._trace = trace
        self.update()

    def sizeHint(self) -> QSize:
        """One well's height."""
        return QSize(160, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The well, all values, the smoothed ones."""
        now = theme.current()
        painter = QPainter(self)
        fill_well(painter, QRectF(self.rect()))
        trace = self._trace
        if trace is not None and trace.count > 1:
            low, high = float(trace.lows.min()), float(trace.highs.max())
            painter.setPen(pen(now.plot(self._plot), alpha=RAW_ALPHA))
            painter.drawPolyline(self._polygon(*trace.raw(), low, high))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(now.plot(self._plot), 1.5))
            x, y = trace.smoothed
            every = -(-x.size // MOST_SMOOTH)
            painter.drawPolyline(self._polygon(x[::every], y[::every], low, high))
        painter.end()

    def _polygon(self, x: Values, y: Values, low: float, high: float) -> QPolygonF:
        room = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        right = room.left() + (x - x[0]) / max(x[-1] - x[0], 1e-9) * room.width()
        down = room.bottom() - (y - low) / (high - low if high > low else 1.0) * room.height()
        return QPolygonF([QPointF(*point) for point in np.stack([right, down], axis=1).tolist()])


def fill_well(painter: QPainter, room: QRectF) -> None:
    """A rounded well, as on the cards of nodes."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.current().color("well"))
    painter.setBrush(theme.current().color("well"))
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), theme.radius("field"), theme.radius("field"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
