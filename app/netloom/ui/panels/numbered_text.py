"""Text with line numbers and colours, every line of one height, some of them on a soft ground."""

from collections.abc import Collection

from PySide6.QtCore import QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextBlock, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QWidget

from netloom.ui import theme
from netloom.ui.panels.code_colours import CodeColours

LINE_HEIGHT = 20
LIFT = 2
"""How far a line of 20 begins above its text, which is 16 high."""
GAP = 16


class LineNumbers(QWidget):
    """The strip left of the code."""

    def __init__(self, view: "NumberedText") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        """Room for the longest number."""
        return QSize(self._view.number_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The numbers of the lines that are in sight."""
        painter = QPainter(self)
        painter.setFont(theme.font("shape"))
        painter.setPen(theme.current().color("text-3"))
        for number, top, height in self._view.lines_in_sight(event.rect()):
            room = QRect(0, top - LIFT, self.width() - GAP, height)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number))


class EvenLines(QPlainTextDocumentLayout):
    """Gives every line the same height, which Qt offers for rich text only."""

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The place of one line."""
        rect = super().blockBoundingRect(block)
        return QRectF(rect.topLeft(), QSizeF(rect.width(), LINE_HEIGHT))


class NumberedText(QPlainTextEdit):
    """What the code that is read and the code that is written have in common."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFont(theme.font("code"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        document = QTextDocument(self)
        document.setDefaultFont(theme.font("code"))
        document.setDocumentLayout(EvenLines(document))
        self.setDocument(document)
        self._marked: frozenset[int] = frozenset()
        self._ground = "accent-soft"
        self._colours = CodeColours(self.document())
        self._numbers = LineNumbers(self)
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._follow_scroll)
        theme.signals.changed.connect(self._restyle)
        self._make_room()
        self._restyle()

    def mark_lines(self, lines: Collection[int], ground: str = "accent-soft") -> None:
        """Put these lines, counted from 1, on a ground of this colour token."""
        if (frozenset(lines), ground) != (self._marked, self._ground):
            self._marked, self._ground = frozenset(lines), ground
            self.viewport().update()

    @property
    def marked_lines(self) -> frozenset[int]:
        """The lines on a soft ground."""
        return self._marked

    def paintEvent(self, event: QPaintEvent) -> None:
        """The soft ground first, then the text in the middle of its line."""
        painter = QPainter(self.viewport())
        for number, top, height in self.lines_in_sight(event.rect()):
            if number in self._marked:
                ground = QRect(0, top - LIFT, self.viewport().width(), height)
                painter.fillRect(ground, theme.current().color(self._ground))
        painter.end()
        super().paintEvent(event)

    def number_width(self) -> int:
        """Room for the line numbers and the gap beside them."""
        return 12 + self.fontMetrics().horizontalAdvance("9") * max(2, len(str(self.blockCount()))) + GAP

    def lines_in_sight(self, rect: QRect) -> list[tuple[int, int, int]]:
        """Number, top and height of each line that touches a rectangle."""
        found: list[tuple[int, int, int]] = []
        block: QTextBlock = self.firstVisibleBlock()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > rect.bottom():
                break
            found.append((block.blockNumber() + 1, round(place.top()), round(place.height())))
            block = block.next()
        return found

    def _make_room(self) -> None:
        self.setViewportMargins(self.number_width(), 4, 0, 0)

    def _follow_scroll(self, rect: QRect, down: int) -> None:
        if down:
            self._numbers.scroll(0, down)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers beside the code."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(inside.left(), inside.top() + 4, self.number_width(), inside.height() - 4)

    def _restyle(self) -> None:
        look = theme.current()
        self.setStyleSheet(
            f"QPlainTextEdit#{self.objectName()} {{ background: {look.color('well').name()}; border: 0; }}"
        )
        self._colours.rehighlight()
        self.viewport().update()
