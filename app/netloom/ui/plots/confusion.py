"""The confusion matrix of the validation split: rows are what is true, columns what was predicted."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.plots.chart import tick_font
from netloom.ui.plots.title_row import Entry, TitleRow

Counts = npt.NDArray[np.int64]
Colours = npt.NDArray[np.uint8]

LABEL = 16
CAPTION = 14
READABLE = 12
"""Cells of fewer pixels carry no number."""
ROOMY = 28
"""From here on those of the diagonal carry one, too."""


def wrong_text(counts: Counts) -> str:
    """How many of all were wrong."""
    total = int(counts.sum())
    return f"{total - int(np.trace(counts)):,} of {total:,} wrong"


class ConfusionView(QWidget):
    """The matrix as squares; a tool tip tells a cell in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self._classes: tuple[str, ...] = ()
        self.setMinimumHeight(60)
        theme.signals.changed.connect(self.update)

    def set_counts(self, counts: Counts, classes: tuple[str, ...] = ()) -> None:
        """Show classes × classes counts."""
        self._counts = counts
        self._classes = classes if len(classes) == len(counts) else ()
        self.update()

    def cell_text(self, true: int, predicted: int) -> str:
        """A cell in words."""
        if self._counts is None:
            return ""
        return f"{self._name(true)} taken for {self._name(predicted)}: {self._counts[true, predicted]:,}"

    def cell_at(self, place: QPoint) -> tuple[int, int] | None:
        """Row and column under a point of the widget."""
        if self._counts is None:
            return None
        cell, origin = self._geometry(len(self._counts))
        column, row = (place.x() - origin.x()) // cell, (place.y() - origin.y()) // cell
        inside = 0 <= row < len(self._counts) and 0 <= column < len(self._counts)
        return (row, column) if inside else None

    def event(self, event: QEvent) -> bool:
        """Answer the question for a tool tip with the cell in words."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.cell_text(*cell) if cell else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cells, their counts and the class labels."""
        if self._counts is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(tick_font())
        cell, origin = self._geometry(len(self._counts))
        self._paint_empty(painter, cell, origin)
        for row, column in zip(*np.nonzero(self._counts), strict=True):
            box = QRect(origin.x() + int(column) * cell, origin.y() + int(row) * cell, cell, cell)
            self._paint_cell(painter, int(row), int(column), box)
        self._paint_labels(painter, cell, origin)
        painter.end()

    def _geometry(self, classes: int) -> tuple[int, QPoint]:
        """The side of a cell, and the place of the first."""
        cell = max(2, min(self.width() - LABEL, self.height() - LABEL - CAPTION) // classes)
        spare = self.width() - LABEL - cell * classes
        return cell, QPoint(LABEL + max(spare, 0) // 2, 0)

    def _paint_empty(self, painter: QPainter, cell: int, origin: QPoint) -> None:
        side = cell * len(self._counts) if self._counts is not None else 0
        room = QRect(origin.x(), origin.y(), side, side)
        painter.fillRect(room, theme.current().color("well"))
        if cell < READABLE:
            return
        for place in range(cell, side, cell):
            painter.fillRect(QRect(room.left() + place, room.top(), 1, side), theme.current().color("panel"))
            painter.fillRect(QRect(room.left(), room.top() + place, side, 1), theme.current().color("panel"))

    def _paint_cell(self, painter: QPainter, row: int, column: int, box: QRect) -> None:
        color = self._color(row, column)
        inner = QRectF(box).adjusted(1, 1, 0, 0) if box.width() >= READABLE else QRectF(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        radius = 2.0 if box.width() >= READABLE else 0.0
        painter.drawRoundedRect(inner, radius, radius)
        if box.width() >= (ROOMY if row == column else READABLE) and self._counts is not None:
            painter.setPen(_readable_on(color))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, f"{self._counts[row, column]}")

    def _color(self, row: int, column: int) -> QColor:
        """The diagonal by its share of the row, mistakes by their share of the worst."""
        counts, now = self._counts, theme.current()
        if counts is None:
            return QColor()
        if row == column:
            return _entry(now.sequential, 0.35 + 0.4 * counts[row, row] / counts[row].sum())
        worst = int((counts - np.diag(np.diag(counts))).max())
        return _entry(now.error, 0.55 + 0.45 * (counts[row, column] - 1) / max(1, worst - 1))

    def _paint_labels(self, painter: QPainter, cell: int, origin: QPoint) -> None:
        classes = len(self._counts) if self._counts is not None else 0
        painter.setPen(theme.current().color("text-3"))
        centre = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        every = -(-10 // cell)
        for place in range(0, classes, every):
            along = place * cell
            painter.drawText(QRect(origin.x() + along, origin.y() + cell * classes, cell, LABEL), centre, str(place))
            painter.drawText(QRect(origin.x() - LABEL, origin.y() + along, LABEL - 2, cell), centre, str(place))
        painter.setFont(theme.font("caption"))
        under = QRect(origin.x(), origin.y() + cell * classes + LABEL - 2, cell * classes, CAPTION)
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, "predicted")

    def _name(self, place: int) -> str:
        return self._classes[place] if self._classes else str(place)


class ConfusionCard(QWidget):
    """The matrix under its title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Counts | None = None
        self.title = TitleRow("Confusion, val")
        self.matrix = ConfusionView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.matrix, 1)

    def set_counts(self, counts: Counts, classes: tuple[str, ...] = ()) -> None:
        """Show these counts."""
        if self._shown is not None and np.array_equal(counts, self._shown):
            return
        self._shown = counts
        self.matrix.set_counts(counts, classes)
        self.title.set_entries(Entry(wrong_text(counts)))
        self.matrix.setAccessibleName(f"Confusion matrix, {wrong_text(counts)}")


def _entry(colours: Colours, share: float) -> QColor:
    red, green, blue, _ = colours[round(255 * min(1.0, share))].tolist()
    return QColor(red, green, blue)


def _readable_on(color: QColor) -> QColor:
    """The text or the well colour, whichever differs more from `color`."""
    now = theme.current()
    choices = (now.color("text"), now.color("well"))
    return max(choices, key=lambda choice: abs(choice.lightnessF() - color.lightnessF()))
