"""The title row of a plot: its name, and at the right the legend with the current values."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from netloom.ui import strokes, theme

HEIGHT = 28
DASH, STROKE = 10, 16
GAP = 12


class Entry(NamedTuple):
    """A word and its value; with `plot` a dash in that plot colour before them, or the stroke of that run."""

    word: str = ""
    value: str = ""
    plot: int | None = None
    dashed: bool = False


class TitleRow(QWidget):
    """Painted, not laid out, so that a changing number costs one small repaint and moves nothing else."""

    def __init__(self, title: str, role: theme.FontRole = "strong", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._role = role
        self._entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        theme.signals.changed.connect(self.update)

    @property
    def text(self) -> str:
        """The row in words."""
        return " ".join([self._title, *(word for entry in self._entries for word in (entry.word, entry.value) if word)])

    def set_title(self, title: str) -> None:
        """Name what is shown."""
        if title != self._title:
            self._title = title
            self._changed()

    def set_entries(self, *entries: Entry) -> None:
        """Show these words and values, right aligned."""
        if entries != self._entries:
            self._entries = entries
            self._changed()

    def sizeHint(self) -> QSize:
        """As high as every title row."""
        return QSize(120, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any dock."""
        return QSize(60, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Entries from the right, then the title in what is left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = self.width()
        for entry in reversed(self.fitting()):
            right = self._paint_entry(painter, entry, right) - GAP
        painter.setFont(theme.font(self._role))
        painter.setPen(theme.current().color("text" if self._role == "strong" else "text-2"))
        room = max(0, right)
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, title)
        painter.end()

    def fitting(self) -> tuple[Entry, ...]:
        """The entries beside which the title has room: all, else those with a dash, else their values alone."""
        title = min(QFontMetrics(theme.font(self._role)).horizontalAdvance(self._title), self.width() // 2)
        dashed = tuple(entry for entry in self._entries if entry.plot is not None)
        wordless = tuple(entry._replace(word="") for entry in dashed)
        choices = (self._entries, dashed, wordless) if dashed else (self._entries,)
        room = self.width() - title - GAP - 2
        return next((choice for choice in choices if _width(choice) <= room), choices[-1])

    def _changed(self) -> None:
        self.setAccessibleName(self.text)
        self.update()

    def _paint_entry(self, painter: QPainter, entry: Entry, right: int) -> int:
        now = theme.current()
        word, value = _fonts()
        right = self._paint_right(painter, entry.value, value, now.color("text"), right)
        right -= 4 if entry.value and entry.word else 0
        quiet = now.color("text-2" if entry.value else "text-3")
        right = self._paint_right(painter, entry.word, word, quiet, right)
        if entry.plot is None:
            return right
        if entry.dashed:
            right -= STROKE + 4
            strokes.draw_sample(painter, right, self.height() / 2, STROKE, entry.plot)
            return right
        right -= DASH + 4
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.plot(entry.plot))
        painter.drawRoundedRect(QRectF(right, self.height() / 2 - 1, DASH, 2), 1, 1)
        return right

    def _paint_right(self, painter: QPainter, text: str, font: QFont, color: QColor, right: int) -> int:
        if not text:
            return right
        left = right - QFontMetrics(font).horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QRectF(left, 0, right - left + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return left


def _fonts() -> tuple[QFont, QFont]:
    """The fonts of a word and of a value."""
    value = theme.font("caption")
    value.setWeight(QFont.Weight.Medium)
    return theme.font("caption"), value


def _width(entries: tuple[Entry, ...]) -> int:
    word, value = (QFontMetrics(font) for font in _fonts())
    widths = [
        word.horizontalAdvance(entry.word)
        + value.horizontalAdvance(entry.value)
        + (4 if entry.word and entry.value else 0)
        + (0 if entry.plot is None else 4 + (STROKE if entry.dashed else DASH))
        for entry in entries
    ]
    return sum(widths) + GAP * max(0, len(widths) - 1)
