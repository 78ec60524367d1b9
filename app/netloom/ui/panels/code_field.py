"""Code to write: colours while it is typed, and indents that keep themselves."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QWidget

from netloom.ui.panels.numbered_text import NumberedText

SIZE = QSize(720, 420)
INDENT = "    "
ENDS = ("return", "raise", "pass", "break", "continue")
"""A line that begins so is the last of its depth."""


class CodeField(NumberedText):
    """Tab and Shift+Tab indent, Enter keeps the depth; `taken` says that Ctrl+Enter was pressed."""

    taken = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__("code-text", parent)
        self.setAccessibleName("Code")
        self.setTabStopDistance(QFontMetricsF(self.font()).horizontalAdvance(INDENT))
        self.setMinimumSize(SIZE)
        self._text = ""
        self.textChanged.connect(self._colour)
        self.setPlainText(text)

    def replace_all(self, text: str) -> None:
        """Write another text in one step that can be undone."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def _colour(self) -> None:
        text = self.toPlainText()
        if text != self._text:  # colouring tells of a change as well
            self._text = text
            self._colours.follow(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that mean something else in code."""
        act = self._act(Qt.Key(event.key()), event.modifiers())
        if act is None:
            super().keyPressEvent(event)
        else:
            act()
            self.ensureCursorVisible()

    def _act(self, key: Qt.Key, held: Qt.KeyboardModifier) -> Callable[[], object] | None:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.taken.emit if held & Qt.KeyboardModifier.ControlModifier else self._break_line
        if key == Qt.Key.Key_Tab:
            return self._indent if self.textCursor().hasSelection() else self._fill
        if key == Qt.Key.Key_Backtab:
            return self._outdent
        if key == Qt.Key.Key_Backspace and not held and self._stands_in_indent():
            return self._delete_indent
        return None

    def _break_line(self) -> None:
        """The next line begins as deep as this one, deeper after a colon, and less deep after a return."""
        cursor = self.textCursor()
        before = cursor.block().text()[: _column(cursor)] if not cursor.hasSelection() else ""
        depth = _depth(before)
        code = before.split("#")[0].strip()
        if code.endswith(":"):
            depth += len(INDENT)
        elif code.split(" ")[0] in ENDS:
            depth = max(0, depth - len(INDENT))
        cursor.insertText("\n" + " " * depth)
        self.setTextCursor(cursor)

    def _fill(self) -> None:
        cursor = self.textCursor()
        cursor.insertText(" " * (len(INDENT) - _column(cursor) % len(INDENT)))

    def _indent(self) -> None:
        self._on_lines(lambda line: line.insertText(INDENT) if line.block().text().strip() else None)

    def _outdent(self) -> None:
        self._on_lines(lambda line: _delete(line, min(len(INDENT), _depth(line.block().text()))))

    def _on_lines(self, change: Callable[[QTextCursor], object]) -> None:
        """Change every line that the selection touches, in one step."""
        chosen = self.textCursor()
        line, last = self._lines_of(chosen)
        chosen.beginEditBlock()
        while line.isValid() and line.blockNumber() <= last:
            change(QTextCursor(line))
            line = line.next()
        chosen.endEditBlock()

    def _lines_of(self, chosen: QTextCursor) -> tuple[QTextBlock, int]:
        """The first line that is touched, and the number of the last; one that is only reached is left out."""
        document = self.document()
        first, end = document.findBlock(chosen.selectionStart()), document.findBlock(chosen.selectionEnd())
        is_reached = chosen.selectionEnd() == end.position() and end != first
        return first, end.blockNumber() - is_reached

    def _stands_in_indent(self) -> bool:
        cursor = self.textCursor()
        column = _column(cursor)
        return not cursor.hasSelection() and column > 0 and not cursor.block().text()[:column].strip(" ")

    def _delete_indent(self) -> None:
        cursor = self.textCursor()
        for _ in range((_column(cursor) - 1) % len(INDENT) + 1):
            cursor.deletePreviousChar()

    def sizeHint(self) -> QSize:
        """Room for a small class."""
        return SIZE


def _column(cursor: QTextCursor) -> int:
    return cursor.position() - cursor.block().position()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _delete(line: QTextCursor, count: int) -> None:
    for _ in range(count):
        line.deleteChar()
