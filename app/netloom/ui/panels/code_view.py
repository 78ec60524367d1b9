"""Code to read: colours, line numbers, and the lines of the selected node on a soft ground."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout, QPlainTextEdit, QWidget

from netloom.ui import theme
from netloom.ui.panels.code_colours import CodeColours, Line

LINE_HEIGHT = 20
LIFT = 2
"""How far a line of 20 begins above its text, which is 16 high."""
GAP = 16


class LineNumbers(QWidget):
    """The strip left of the code."""

    def __init__(self, view: "CodeView") -> None:
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


class CodeView(QPlainTextEdit):
    """Shows text that changes under the reader: what stays the same stays where it is. `line_chosen` counts from 1."""

    line_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self.setAccessibleName("PyTorch code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(theme.font("code"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        document = QTextDocument(self)
        document.setDefaultFont(theme.font("code"))
        document.setDocumentLayout(EvenLines(document))
        document.setUndoRedoEnabled(False)
        self.setDocument(document)
        self._marked: frozenset[int] = frozenset()
        self._pressed = QPoint()
        self._colours = CodeColours(self.document())
        self._numbers = LineNumbers(self)
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._follow_scroll)
        theme.signals.changed.connect(self._restyle)
        self._make_room()
        self._restyle()

    def show_text(self, text: str, colours: Sequence[Line] | None = None) -> None:
        """Show another text: only the lines between the first and the last that differ are replaced.

        `colours` are those of the text, where they are known already.
        """
        old, new = self.toPlainText().split("\n"), text.split("\n")
        if old == new:
            return
        self._colours.read(text, colours)
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._replace(old, new)
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)
        self.viewport().update()

    def _replace(self, old: list[str], new: list[str]) -> None:
        head = _same(old, new)
        tail = _same(old[head:][::-1], new[head:][::-1])
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.setPosition(self.document().findBlockByNumber(head).position() if head < len(old) else _end(self))
        last = self.document().findBlockByNumber(len(old) - tail - 1)
        middle = new[head : len(new) - tail]
        if head < len(old) - tail:
            cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
            if middle:
                cursor.insertText("\n".join(middle))
            else:
                _remove_lines(cursor, is_last=tail == 0)
        else:
            cursor.insertText("".join(f"{line}\n" for line in middle) if tail else "\n" + "\n".join(middle))
        cursor.endEditBlock()

    def mark_lines(self, lines: Collection[int]) -> None:
        """Put these lines, counted from 1, on a soft ground."""
        if frozenset(lines) != self._marked:
            self._marked = frozenset(lines)
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
                painter.fillRect(ground, theme.current().color("accent-soft"))
        painter.end()
        super().paintEvent(event)

    def show_line(self, line: int) -> None:
        """Scroll as far as is needed to see a line."""
        block = self.document().findBlockByNumber(line - 1)
        rect = self.blockBoundingGeometry(block).translated(self.contentOffset())
        bar = self.verticalScrollBar()
        if rect.top() < 0:
            bar.setValue(line - 1)
        elif rect.bottom() > self.viewport().height():
            bar.setValue(line - self.viewport().height() // LINE_HEIGHT + 1)

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click began."""
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that selects no text chooses its line."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        is_click = (place - self._pressed).manhattanLength() < QApplication.startDragDistance()
        if event.button() == Qt.MouseButton.LeftButton and is_click and not self.textCursor().hasSelection():
            self.line_chosen.emit(self.cursorForPosition(place).blockNumber() + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the line of the cursor."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_chosen.emit(self.textCursor().blockNumber() + 1)
        else:
            super().keyPressEvent(event)

    def _restyle(self) -> None:
        look = theme.current()
        self.setStyleSheet(f"QPlainTextEdit#code {{ background: {look.color('well').name()}; border: 0; }}")
        self._colours.rehighlight()
        self.viewport().update()


def _same(first: list[str], second: list[str]) -> int:
    pairs = zip(first, second, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def _end(view: QPlainTextEdit) -> int:
    return view.document().characterCount() - 1


def _remove_lines(cursor: QTextCursor, *, is_last: bool) -> None:
    cursor.removeSelectedText()
    if is_last:
        cursor.deletePreviousChar()
    else:
        cursor.deleteChar()
