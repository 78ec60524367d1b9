"""The field in which a note, the title of a frame or a comment is written where it stands."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from netloom.ui.canvas.card import screen_font

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

PAUSE = 400
"""Milliseconds without a key after which what is typed is handed on, so that no crash takes more of it."""
LEAST_WIDTH, MOST_HEIGHT = 160, 320
LEAST_LETTERS, MOST_LETTERS = 12, 28
LETTERS = 12
ENDING = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WordsField(QPlainTextEdit):
    """Lies over a place of the scene and goes along with it. It is gone for good when it is left.

    `room` is that place, or None where there is nothing to write on any more. `write` takes the text at each pause and
    at the end; Escape hands it the text of the beginning, if there was any. `leave` is called after that. With `lines`
    Enter begins a new line and Ctrl+Enter ends, without it Enter ends.
    """

    def __init__(
        self,
        canvas: "Canvas",
        text: str,
        room: Callable[[], QRectF | None],
        write: Callable[[str], None],
        leave: Callable[[], None],
        *,
        name: str,
        lines: bool,
        inset: float = 0.0,
    ) -> None:
        super().__init__(canvas)
        self.setObjectName("words-field")
        self.setAccessibleName(name)
        self.setPlaceholderText(f"{name}, Ctrl+Enter ends" if lines else name)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._canvas, self._first, self._lines, self._inset = canvas, text, lines, inset
        self._room, self._write, self._leave = room, write, leave
        self._is_over = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(lambda: write(self.toPlainText()))
        self.setPlainText(text)
        self.selectAll()
        self.textChanged.connect(self._typed)
        canvas.view_changed.connect(self.follow)
        self.follow()
        self.show()
        self.raise_()
        self.follow()  # only now it is known in how many lines the text is broken
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        self._pause.start()
        self.follow()

    def follow(self) -> None:
        """Lie where the place is now; where it is gone, go."""
        room = None if self._is_over else self._room()
        if room is None:
            self._end()
            return
        zoom = self._canvas.zoom
        self.setFont(screen_font("body", min(max(LETTERS * zoom, LEAST_LETTERS), MOST_LETTERS)))
        margin = max(self._inset * zoom - 1, 3.0)
        if self.document().documentMargin() != margin:
            self.document().setDocumentMargin(margin)
        spot = self._canvas.mapFromScene(room).boundingRect()
        wide = max(spot.width(), LEAST_WIDTH)
        if wide != self.width():
            self.resize(wide, self.height())
        high = max(spot.height(), min(self._height(margin), MOST_HEIGHT))
        self.setGeometry(spot.left(), spot.top(), wide, high)

    def _height(self, margin: float) -> int:
        """What all lines of the text take up."""
        count = self.document().size().height() if self._lines else 1
        return int(count * self.fontMetrics().lineSpacing() + 2 * margin + 4)

    def event(self, event: QEvent) -> bool:
        """Have the keys that end it before an action of the window has them; hand on the text before any other key."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in ENDING:
                event.accept()
                return True
            if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
                self._hand_on()
        return super().event(event)

    def _hand_on(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._write(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the text on Enter, take the old one back on Escape; where there was none, what is new stays."""
        ends = not self._lines or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self._finish(self._first or self.toPlainText())
        elif event.key() in ENDING and ends:
            self._finish(self.toPlainText())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the text when the keyboard goes elsewhere, but not for the field's own menu."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self._is_over:
            self._finish(self.toPlainText())

    def _finish(self, text: str) -> None:
        if self._is_over:
            return
        has_keyboard = self.hasFocus()
        self._end()
        self._write(text)
        self._leave()
        if has_keyboard:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        """Go, and write no more."""
        if self._is_over:
            return
        self._is_over = True
        self._pause.stop()
        self._canvas.view_changed.disconnect(self.follow)
        self.hide()
        self.deleteLater()
