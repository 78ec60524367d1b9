"""The decision boundary of a network with two features, live, with the data points on it."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.training.events import Boundary
from netloom.ui import theme
from netloom.ui.plots.title_row import Entry, TitleRow
from netloom.ui.theme import Theme

STRENGTH = 0.42
"""How far from the background a class that is quite sure is tinted."""
DOT = 2.25
MOST_POINTS = 1500


def plane(boundary: Boundary, look: Theme) -> QImage:
    """One pixel for each value: its class's colour, as strong as its certainty; the first row is at the bottom.

    A certainty no better than guessing has no tint at all, so the boundary is a line of the background.
    """
    ground = _rgb(look.color("well"))
    hues = np.array([_rgb(look.plot(place)) for place in range(8)])
    guess = 1 / max(2, int(boundary.labels.max(initial=0)) + 1)
    tint = STRENGTH * ((np.nan_to_num(boundary.certainty) - guess) / (1 - guess)).clip(0, 1)[..., None]
    mixed = ground * (1 - tint) + hues[boundary.values % 8] * tint
    red, green, blue = np.moveaxis(np.rint(mixed[::-1]).astype(np.uint32), 2, 0)
    pixels = np.ascontiguousarray(0xFF << 24 | red << 16 | green << 8 | blue, dtype=np.uint32)
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32).copy()


class DecisionView(QWidget):
    """The plane stretched smoothly over the largest part with the data's proportions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boundary: Boundary | None = None
        self._plane = QImage()
        self._dots = QPixmap()
        self._dots_of: tuple[object, ...] = ()
        self.setMinimumHeight(60)
        theme.signals.changed.connect(self._restyle)

    def set_boundary(self, boundary: Boundary) -> None:
        """Show this answer."""
        if boundary is not self._boundary:
            self._boundary = boundary
            self._restyle()

    def room(self) -> QRect:
        """Where the plane is drawn."""
        if self._boundary is None:
            return self.rect()
        left, right, bottom, top = self._boundary.extent
        wide, high = max(right - left, 1e-9), max(top - bottom, 1e-9)
        scale = min(self.width() / wide, self.height() / high)
        size = QSize(max(1, int(wide * scale)), max(1, int(high * scale)))
        return QRect((self.width() - size.width()) // 2, 0, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The plane, then the points from their cached picture."""
        if self._boundary is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.room(), self._plane)
        painter.drawPixmap(0, 0, self._points(self._boundary))
        painter.end()

    def _restyle(self) -> None:
        if self._boundary is not None:
            self._plane = plane(self._boundary, theme.current())
            self.update()

    def _points(self, boundary: Boundary) -> QPixmap:
        """The points change with size and theme, not with training."""
        key = (boundary.points.tobytes(), self.size().toTuple(), self.devicePixelRatioF(), theme.current().is_dark)
        if key != self._dots_of:
            self._dots_of, self._dots = key, self._painted_points(boundary)
        return self._dots

    def _painted_points(self, boundary: Boundary) -> QPixmap:
        dpr = self.devicePixelRatioF()
        picture = QPixmap(self.size() * dpr)
        picture.setDevicePixelRatio(dpr)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.current().color("panel"))
        every = -(-len(boundary.points) // MOST_POINTS) or 1
        places = self._places(boundary)[::every].tolist()
        for (x, y), label in zip(places, boundary.labels[::every].tolist(), strict=True):
            painter.setBrush(theme.current().plot(int(label) % 8))
            painter.drawEllipse(QPointF(x, y), DOT, DOT)
        painter.end()
        return picture

    def _places(self, boundary: Boundary) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        left, right, bottom, top = boundary.extent
        room = self.room()
        x = room.left() + (boundary.points[:, 0] - left) / max(right - left, 1e-9) * room.width()
        y = room.top() + (top - boundary.points[:, 1]) / max(top - bottom, 1e-9) * room.height()
        return np.stack([x, y], axis=1).astype(np.float64)


class DecisionCard(QWidget):
    """The boundary under its title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = TitleRow("Decision boundary")
        self.view = DecisionView()
        self.view.setAccessibleName("Decision boundary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 12)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.view, 1)

    def set_boundary(self, boundary: Boundary) -> None:
        """Show this answer."""
        self.view.set_boundary(boundary)
        self.title.set_entries(Entry(f"{len(boundary.points):,} points"))


def _rgb(color: QColor) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([color.red(), color.green(), color.blue()], np.float64)
