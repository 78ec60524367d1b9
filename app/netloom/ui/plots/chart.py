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
HEADROOM = 0.02
"""Share of the height above and below the limits, so that a curve on the last gridline is not cut in half."""


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


class Chart(pg.GraphicsView):  # type: ignore[misc]
    """Axes without mouse zoom or menu. `hovered` gives the x under the mouse, or None when it leaves."""

    hovered = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"chart-{name}")
        self.setAccessibleName(f"{name} curve")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # A clip made of many small regions makes Qt draw a long thick curve ten times slower.
        self.setViewportUpdateMode(Chart.ViewportUpdateMode.FullViewportUpdate)
        self._limits: tuple[Limits, Limits] | None = None
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._left, self._bottom = _TickAxis("left"), pg.AxisItem("bottom")
        self._lay_out()
        self.scene().sigMouseMoved.connect(self._moved)
        theme.signals.changed.connect(self._restyle)
        self._restyle()

    def add(self, *items: pg.GraphicsObject) -> None:
        """Draw these, the later ones on top; none has a say in the limits."""
        for item in items:
            self.box.addItem(item, ignoreBounds=True)

    def set_limits(self, x: Limits, y: Limits, factor: float = 1.0) -> None:
        """Show this part; tick labels are the values times `factor`."""
        if self._limits == (x, y):
            return
        self._limits = (x, y)
        room = HEADROOM * (y.high - y.low)
        self.box.setRange(xRange=(x.low, x.high), yRange=(y.low - room, y.high + room), padding=0)
        self._bottom.setTicks([[(place, tick(place, x.step)) for place in x.ticks]])
        self._left.setTicks([[(place, tick(place * factor, y.step * factor)) for place in y.ticks]])

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse left: no step is read any more."""
        self.hovered.emit(None)
        super().leaveEvent(event)

    def _lay_out(self) -> None:
        grid = pg.GraphicsLayout()
        grid.setContentsMargins(0, 8, 10, 0)
        grid.setSpacing(0)
        grid.addItem(self._left, 0, 0)
        grid.addItem(self.box, 0, 1)
        grid.addItem(self._bottom, 1, 1)
        self.setCentralItem(grid)
        for axis in (self._left, self._bottom):
            axis.linkToView(self.box)
            axis.setStyle(tickLength=0, tickTextOffset=6, tickAlpha=255, hideOverlappingLabels=False)
            axis.setStyle(autoExpandTextSpace=False)
            axis.enableAutoSIPrefix(False)
            axis.setPen(None)
        self._left.setGrid(255)
        self._left.setZValue(-1000)
        self._left.setWidth(AXIS_WIDTH)
        self._bottom.setHeight(AXIS_HEIGHT)

    def _moved(self, place: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(place)
        self.hovered.emit(self.box.mapSceneToView(place).x() if inside else None)

    def _restyle(self) -> None:
        now = theme.current()
        self.setBackground(now.color("panel"))
        for axis in (self._left, self._bottom):
            axis.setStyle(tickFont=tick_font())
            axis.setTextPen(now.color("text-3"))
            axis.setTickPen(now.color("line"))
