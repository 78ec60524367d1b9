"""Code to read, which changes under the reader."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from netloom.ui.panels.code_colours import Line
from netloom.ui.panels.numbered_text import LINE_HEIGHT, NumberedText


class CodeView(NumberedText):
    """Shows text that changes under the reader: what stays the same stays where it is. `line_chosen` counts from 1."""

    line_chosen = Signal(int)

    def __init__(self, name: str = "code", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setAccessibleName("PyTorch code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setUndoRedoEnabled(False)
        self._pressed = QPoint()

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

    def show_line(self, line: int) -> None:
        """Scroll as far as is needed to see a line."""
        block = self.document().findBlockByNumber(line - 1)
        rect = self.blockBoundingGeometry(block).translated(self.contentOffset())
        bar = self.verticalScrollBar()
        if rect.top() < 0:
            bar.setValue(line - 1)
        elif rect.bottom() > self.viewport().height():
            bar.setValue(line - self.viewport().height() // LINE_HEIGHT + 1)

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
