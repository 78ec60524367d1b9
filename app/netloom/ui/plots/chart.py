"""One pair of axes in the look: horizontal gridlines, quiet ticks, nothing else."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QFrame, QWidget

from netloom.ui import theme
from netloom.ui.plots.numbers import tick
from netloom.ui.plots.scale import Limits

TICK_PIXELS = 10
AXIS_WIDTH = 34
AXIS_HEIGHT = 20


def tick_font() -> QFont:
    """The font of tick labels and marks inside plots."""
    font = QFont(theme.font("shape"))
    font.setPixelSize(TICK_PIXELS)
    return font


def pen(color: QColor, width: float = 1.0, alpha: float = 1.0) -> QPen:
    """A cosmetic pen."""
    tinted = QColor(color)
    tinted.setAlphaF(alpha)
    return pg.mkPen(tinted, width=width)  # type: ignore[no-any-return]


class _TickAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose grid does not cut off the labels at its two ends."""

    def boundingRect(self) -> QRectF:
        """Half a label beyond each end."""
        rect: QRectF = super().boundingRect()
        return rect.adjusted(0, -TICK_PIXELS, 0, TICK_PIXELS)


class Chart(pg.PlotWidget):  # type: ignore[misc]
    """Axes without mouse zoom. `hovered` gives the x under the mouse, or None when it leaves."""

    hovered = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={"left": _TickAxis("left")})
        self.setObjectName(f"chart-{name}")
        self.setAccessibleName(f"{name} curve")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewportUpdateMode(Chart.ViewportUpdateMode.FullViewportUpdate)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self._limits: tuple[Limits, Limits] | None = None
        self._dress_axes()
        theme.signals.changed.connect(self._restyle)
        self._restyle()

    def set_limits(self, x: Limits, y: Limits, factor: float = 1.0) -> bool:
        """Show this part; tick labels are the values times `factor`. Tells whether anything changed."""
        if self._limits == (x, y):
            return False
        self._limits = (x, y)
        room = 1e-6 * (y.high - y.low)
        self.setRange(xRange=(x.low, x.high), yRange=(y.low - room, y.high + room), padding=0, disableAutoRange=True)
        self.getAxis("bottom").setTicks([[(place, tick(place, x.step)) for place in x.ticks]])
        labels = [(place, tick(place * factor, y.step * factor)) for place in y.ticks]
        self.getAxis("left").setTicks([labels])
        return True

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse left: no step is read any more."""
        self.hovered.emit(None)
        super().leaveEvent(event)

    def _dress_axes(self) -> None:
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setStyle(
                tickLength=0, tickTextOffset=6, tickAlpha=255, hideOverlappingLabels=False, autoExpandTextSpace=False
            )
            axis.setPen(None)
        self.getAxis("left").setGrid(255)
        self.getAxis("left").setZValue(-1000)
        self.getAxis("left").setWidth(AXIS_WIDTH)
        self.getAxis("bottom").setHeight(AXIS_HEIGHT)
        self.getPlotItem().layout.setContentsMargins(0, 8, 10, 0)
        self.scene().sigMouseMoved.connect(self._moved)

    def _moved(self, place: QPointF) -> None:
        box = self.getViewBox()
        inside = box.sceneBoundingRect().contains(place)
        self.hovered.emit(box.mapSceneToView(place).x() if inside else None)

    def _restyle(self) -> None:
        now = theme.current()
        self.setBackground(now.color("panel"))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setStyle(tickFont=tick_font())
            axis.setTextPen(now.color("text-3"))
            axis.setTickPen(now.color("line"))
