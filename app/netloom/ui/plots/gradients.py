"""The gradient norm of each layer as horizontal bars."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.plots.chart import tick_font
from netloom.ui.plots.numbers import compact, tick
from netloom.ui.plots.scale import SteadyAxis
from netloom.ui.plots.title_row import Entry, TitleRow

PLOT = 2
MOST_ROW = 24
LEAST_ROW = 14
BAR = 8
VALUE_WIDTH = 56
AXIS_HEIGHT = 18
ROOM_FOR_THREE = 96


class GradientBars(QWidget):
    """One row for each layer, in the order of the graph: name, bar, value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, float]] = []
        self._axis = SteadyAxis()
        self.setMinimumHeight(60)
        theme.signals.changed.connect(self.update)

    def set_rows(self, rows: list[tuple[str, float]]) -> None:
        """Show these names and norms."""
        if rows != self._rows:
            self._rows = rows
            self.update()

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def shown(self) -> list[tuple[str, float]]:
        """The rows that have room: where not all do, those with the largest norms."""
        fit = max(1, (self.height() - AXIS_HEIGHT) // LEAST_ROW)
        if len(self._rows) <= fit:
            return self._rows
        least = sorted((norm for _, norm in self._rows), reverse=True)[fit - 1]
        return [row for row in self._rows if row[1] >= least][:fit]

    def sizeHint(self) -> QSize:
        """Room for the names and a bar worth reading."""
        return QSize(240, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """All rows and the axis below."""
        rows = self.shown()
        if not rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mono = theme.font("shape")
        painter.setFont(mono)
        widest = max(painter.fontMetrics().horizontalAdvance(name) for name, _ in rows)
        left = min(widest + 16, self.width() * 2 // 5)
        track = QRectF(left, 0, max(16, self.width() - left - VALUE_WIDTH), BAR)
        pitch = min(MOST_ROW, (self.height() - AXIS_HEIGHT) // len(rows))
        limits = self._axis.follow(0.0, max(norm for _, norm in rows) or 1.0)
        for place, (name, norm) in enumerate(rows):
            track.moveTop(place * pitch + (pitch - BAR) // 2)
            self._paint_row(painter, name, norm, norm / limits.high, track, pitch)
        self._paint_axis(painter, limits.high, track, len(rows) * pitch)
        painter.end()

    def _paint_row(self, painter: QPainter, name: str, norm: float, share: float, track: QRectF, pitch: int) -> None:
        now = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        top = track.center().y() - pitch / 2
        painter.setPen(now.color("text-2"))
        elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, int(track.left()) - 8)
        painter.drawText(QRectF(0, top, track.left() - 8, pitch), middle, elided)
        box = QRectF(track.right(), top, self.width() - track.right(), pitch)
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, compact(norm))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("well"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(now.plot(PLOT))
        long = max(2.0, min(1.0, share) * track.width())
        painter.drawRoundedRect(QRectF(track.left(), track.top(), long, BAR), 2, 2)

    def _paint_axis(self, painter: QPainter, high: float, track: QRectF, top: int) -> None:
        painter.setFont(tick_font())
        painter.setPen(theme.current().color("text-3"))
        for share in (0.0, 0.5, 1.0) if track.width() >= ROOM_FOR_THREE else (0.0, 1.0):
            box = QRectF(track.left() + share * track.width() - 24, top, 48, AXIS_HEIGHT)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tick(share * high, high / 2))


class GradientCard(QWidget):
    """The bars under their title. Layers are named by `set_names`, else by their ids."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Mapping[str, str] = {}
        self.title = TitleRow("Gradient norm by layer")
        self.bars = GradientBars()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.bars, 1)

    def set_names(self, names: Mapping[str, str]) -> None:
        """Names of layers by node id, in the order in which rows are shown."""
        self._names = names

    def set_norms(self, norms: Mapping[str, float]) -> None:
        """Show these norms, by node id."""
        known = [key for key in self._names if key in norms]
        keys = known + [key for key in norms if key not in self._names]
        self.bars.set_rows([(self._names.get(key, key), norms[key]) for key in keys])
        self._describe()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height has room for other rows."""
        super().resizeEvent(event)
        self._describe()

    def _describe(self) -> None:
        shown, total = self.bars.shown(), self.bars.total
        self.title.set_entries(*([Entry(f"{len(shown)} of {total}")] if len(shown) < total else []))
        self.bars.setAccessibleName(", ".join(f"{name} {compact(norm)}" for name, norm in shown))
