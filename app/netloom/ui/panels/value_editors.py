"""What a person types or chooses in: a line of text, a list of choices, a switch. Each holds one parameter's value."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton, QWidget

from netloom.errors import GraphError
from netloom.graph import Value
from netloom.layers.spec import Param
from netloom.layers.typed import NONE, parsed
from netloom.ui import icons, theme
from netloom.ui.compositing import Menu
from netloom.ui.panels.param_text import STEPPED, shown, stepped

Check: TypeAlias = Callable[[Value], None]
"""Raises GraphError where a parameter cannot have this value."""

SETTLE_MS = 400
STEP_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
CHEVRON = 14
UNDO_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
WINDOW_KEYS = (QKeySequence("Ctrl+E"), QKeySequence("Ctrl+K"))
"""Keys of the window that a line of text would take for its own: go to the end, delete up to the end."""


class TextEditor(QLineEdit):
    """A value as text. It is read after a pause, on Enter and on leaving; what is no value stays where it is, refused.

    `committed` carries the new value, `emptied` asks for the default, `refused` carries a sentence or nothing,
    `left` says that the keyboard is gone and everything is read.
    """

    committed = Signal(object)
    emptied = Signal()
    refused = Signal(str)
    left = Signal()

    def __init__(self, param: Param, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._param = param
        self._check = check
        self._value: Value = None
        self._wheel = 0
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.commit)
        self.setProperty("frameless", "true")
        self.setTextMargins(-3, 0, -8, 0)
        self.setFont(theme.font("shape"))
        self.textEdited.connect(lambda _: self._settle.start())

    @property
    def is_stepped(self) -> bool:
        """Whether arrow keys change the value."""
        return self._param.type in STEPPED

    def choose(self, word: str) -> None:
        """Take a word instead of a number, where the parameter knows it."""
        self.forget()
        self._send(word)
        self._tidy()

    def show_value(self, value: Value) -> None:
        """Show a value; text that means it already, and text that is being typed, stays as it is."""
        is_same = value == self._value and type(value) is type(self._value)
        self._value = value
        if self.isModified() and (is_same or self._settle.isActive()):
            return
        if not (self.hasFocus() and self._means(value)):
            self._write(shown(self._param, value))
        self.refused.emit("")

    def _means(self, value: Value) -> bool:
        try:
            return bool(self.text()) and parsed(self._param, self.text()) == value
        except GraphError:
            return False

    def _write(self, text: str) -> None:
        if text != self.text():
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(place if self.hasFocus() else 0)
        self.setModified(False)

    def commit(self) -> None:
        """Read what was typed; nothing happens where nothing was."""
        self._settle.stop()
        if not self.isModified():
            return
        if not self.text().strip() and self._has_default():
            self._accept()
            self.emptied.emit()
            return
        try:
            value = parsed(self._param, self.text())
            self._check(value)
        except GraphError as error:
            self.refused.emit(str(error))
        else:
            self._accept()
            self._send(value)

    def forget(self) -> None:
        """Drop what is typed and not read."""
        self._settle.stop()
        self._accept()
        self._tidy()

    def _has_default(self) -> bool:
        param = self._param
        return param.type != "text" and (param.optional or param.default is not None or param.derived is not None)

    def _accept(self) -> None:
        self.setModified(False)
        self.refused.emit("")

    def _send(self, value: Value) -> None:
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.committed.emit(value)

    def _tidy(self) -> None:
        if not self.isModified():
            self._write(shown(self._param, self._value))

    def step(self, steps: int) -> None:
        """Count up or down from the value, as far as the parameter allows."""
        self.commit()
        value = stepped(self._param, self._value, steps)
        if self.isModified() or value == self._value:
            return
        try:
            self._check(value)
        except GraphError as error:
            self.refused.emit(str(error))
            return
        self._send(value)
        self._tidy()
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Leave to the window its own keys, and undo where nothing here waits to be read."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_windows(event):
            event.ignore()
            return False
        return super().event(event)

    def _is_windows(self, event: QKeyEvent) -> bool:
        is_undo = not self.isModified() and any(event.matches(key) for key in UNDO_KEYS)
        return is_undo or QKeySequence(event.keyCombination()) in WINDOW_KEYS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows count, Enter reads, Escape takes back what was typed."""
        key = Qt.Key(event.key())
        if key in STEP_KEYS and self.is_stepped:
            self.step(STEP_KEYS[key] * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            self._tidy()
            self.selectAll()
        elif key == Qt.Key.Key_Escape and self.isModified():
            self.forget()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel counts where the keyboard is; elsewhere it scrolls the panel."""
        if not (self.hasFocus() and self.is_stepped):
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        steps, self._wheel = int(self._wheel / 120), self._wheel - int(self._wheel / 120) * 120
        if steps:
            self.step(steps)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving reads what was typed."""
        super().focusOutEvent(event)
        self.commit()
        self._tidy()
        self.left.emit()


class ChoiceEditor(QComboBox):
    """One of a few words."""

    committed = Signal(object)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        choices: list[Value] = [*([None] if param.optional else []), *param.choices]
        self.set_choices([(choice, NONE if choice is None else str(choice)) for choice in choices])
        self.setFont(theme.font("shape"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.activated.connect(lambda index: self.committed.emit(self.itemData(index)))

    def set_choices(self, choices: Sequence[tuple[Value, str]]) -> None:
        """Offer these values, each under its title; the chosen one stays chosen where it is among them."""
        value = self.currentData()
        self.clear()
        for choice, title in choices:
            self.addItem(title, choice)
        self.show_value(value)

    def show_value(self, value: Value) -> None:
        """Show a value; one that is no choice leaves the field empty."""
        values = [self.itemData(index) for index in range(self.count())]
        self.setCurrentIndex(values.index(value) if value in values else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel chooses where the keyboard is; elsewhere it scrolls the panel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The chosen word and a chevron; the field around it is painted by the row."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.current().color("text-2" if self.property("level") == "2" else "text"))
        room = self.rect().adjusted(8, 0, -CHEVRON - 8, 0)
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        place = QRect(QPoint(self.width() - CHEVRON - 4, (self.height() - CHEVRON) // 2), QSize(CHEVRON, CHEVRON))
        icons.icon("chevron-down", "text-3").paint(painter, place)


class WordMenu(QToolButton):
    """The words that may stand instead of a number, such as "same" for a padding."""

    chosen = Signal(str)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"Words for {param.name}")
        self.setToolTip(", ".join(param.choices))
        self.setFixedSize(20, 24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = Menu(parent=self)
        for word in param.choices:
            menu.addAction(word).triggered.connect(partial(self._choose, word))
        self.setMenu(menu)

    def _choose(self, word: str) -> None:
        self.chosen.emit(word)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A chevron like that of a list of choices."""
        place = QRect((self.width() - CHEVRON) // 2, (self.height() - CHEVRON) // 2, CHEVRON, CHEVRON)
        token = "accent" if self.hasFocus() else "text-3"
        icons.icon("chevron-down", token).paint(QPainter(self), place)


class StepArrows(QWidget):
    """Two small arrows that count up and down."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(20)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The upper half counts up, the lower half down."""
        self.stepped.emit(1 if event.position().y() < self.height() / 2 else -1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second quick press counts again."""
        self.mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The arrows."""
        place = QRect((self.width() - CHEVRON) // 2, (self.height() - CHEVRON) // 2, CHEVRON, CHEVRON)
        icons.icon("chevrons-up-down", "text-3").paint(QPainter(self), place)
