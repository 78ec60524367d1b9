"""The small kit that every panel uses: buttons, search field, segments, key hints, titles, switches, hairlines."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from netloom.ui import icons, theme


def surface(widget: QWidget, name: str) -> None:
    """Give a widget a background: window, panel, card, well or overlay."""
    widget.setProperty("surface", name)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def set_tone(widget: QWidget, name: str, value: str | None) -> None:
    """Set one of the properties `level`, `tone`, `soft` or `invalid` and show it at once; None takes it off."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Button(QPushButton):
    """A button with words; `primary` is the one filled button of a window. Tab focuses it, a click does not."""

    def __init__(self, text: str, icon: str = "", *, primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._primary = primary
        self.setProperty("primary", "true" if primary else "false")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setIconSize(QSize(16, 16))
        self.setFont(theme.font("body"))
        theme.signals.changed.connect(self._restyle)
        self._restyle()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon = name
        self._restyle()

    def _restyle(self) -> None:
        if self._icon:
            self.setIcon(icons.icon(self._icon, "on-accent" if self._primary else "text-2"))


class IconButton(QToolButton):
    """A square button with an icon, and its words as tip and screen-reader name."""

    def __init__(
        self, icon: str, tip: str, *, framed: bool = False, size: int = 28, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._color = icon, "text-2"
        self.setProperty("framed", "true" if framed else "false")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setAutoRaise(True)
        self.setFixedSize(size, size)
        self.setIconSize(QSize(16, 16))
        theme.signals.changed.connect(self._restyle)
        self._restyle()

    def set_icon(self, name: str, color: str = "text-2") -> None:
        """Show another icon, or the same in another colour token."""
        self._icon, self._color = name, color
        self._restyle()

    def setDefaultAction(self, action: QAction) -> None:
        """Take over an action, but keep the look of this button."""
        super().setDefaultAction(action)
        self.setAccessibleName(action.text())
        self._restyle()

    def _restyle(self) -> None:
        self.setIcon(icons.icon(self._icon, self._color))


class SearchField(QLineEdit):
    """A line to search with: magnifier at the left, the key that leads here at the right, arrow keys passed on.

    `moved` carries -1 or 1 when Up or Down is pressed; Escape clears a text first.
    """

    moved = Signal(int)

    def __init__(self, placeholder: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFont(theme.font("body"))
        self._magnifier = QAction(self)
        self.addAction(self._magnifier, QLineEdit.ActionPosition.LeadingPosition)
        self._hint = KeyHint(key, self) if key else None
        self.textChanged.connect(lambda _: self._place_hint())
        theme.signals.changed.connect(self._restyle)
        self._restyle()

    def follow_key(self, action: QAction) -> None:
        """Show the key that leads here, whichever a person chooses."""
        if self._hint is not None:
            self._hint.changed.connect(self._place_hint)
            self._hint.follow(action)

    def _restyle(self) -> None:
        self._magnifier.setIcon(icons.icon("search", "text-3"))

    def _place_hint(self) -> None:
        if self._hint is not None:
            hint = self._hint.sizeHint()
            self._hint.setGeometry(
                self.width() - hint.width() - 6, (self.height() - hint.height()) // 2, hint.width(), hint.height()
            )
            self._hint.setVisible(not self.text())

    def resizeEvent(self, event: object) -> None:
        """Keep the key hint at the right."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_hint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass Up and Down on; clear the text on Escape before anybody else hears of it."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class Segmented(QWidget):
    """A row of words of which one is chosen. `chosen` carries it when the person picks another."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[str], value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons = {option: _Segment(option, self) for option in options}
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for button in self._buttons.values():
            self._group.addButton(button)
            row.addWidget(button)
            button.toggled.connect(self._let_in)
        self.set_value(value or next(iter(options)))
        self._let_in()
        self._group.buttonClicked.connect(lambda button: self.chosen.emit(button.text()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _let_in(self) -> None:
        """Tab stops at the chosen word; arrow keys go to the others."""
        for button in self._buttons.values():
            stops = Qt.FocusPolicy.TabFocus if button.isChecked() else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(stops)

    @property
    def value(self) -> str:
        """The chosen word."""
        return next(option for option, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Choose a word without saying so."""
        self._buttons[value].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame around all segments."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        painter.setPen(look.color("line-strong"))
        painter.setBrush(look.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class _Segment(QAbstractButton):
    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)
        self.setFont(theme.font("body"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Room for the words and 12 on each side."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 24, 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the word, over a ground where chosen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        bright = self.isChecked() or self.underMouse()
        painter.setPen(look.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("pressed") if self.isChecked() else Qt.BrushStyle.NoBrush)
        if self.isChecked() or self.hasFocus():
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.setPen(look.color("text" if bright else "text-2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class KeyHint(QWidget):
    """A key as it stands on the keyboard, small and framed. `changed` says that it is another."""

    changed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setFont(theme.font("caption"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._action: QAction | None = None

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def follow(self, action: QAction) -> None:
        """Show the key of an action from now on, whichever a person chooses."""
        self._action = action
        action.changed.connect(self._take_key)
        self._take_key()

    def _take_key(self) -> None:
        keys = self._action.shortcut() if self._action is not None else QKeySequence()
        text = keys.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")
        if text != self._text:
            self._text = text
            self.updateGeometry()
            self.update()
            self.changed.emit()

    def sizeHint(self) -> QSize:
        """Room for the words, at least a square."""
        return QSize(max(18, self.fontMetrics().horizontalAdvance(self._text) + 10), 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and the words; nothing where an action has no key."""
        if not self._text:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        painter.setPen(look.color("line-strong"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(look.color("text-2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class SectionTitle(QLabel):
    """The title of a section in a panel."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font("strong"))


class Caption(QLabel):
    """Small quiet words; `level` 2 or 3 says how quiet."""

    def __init__(self, text: str = "", level: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font("caption"))
        self.setProperty("level", str(level))


class Toggle(QAbstractButton):
    """A switch for yes and no."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _: self.update())

    def sizeHint(self) -> QSize:
        """28 × 20, the switch itself 28 × 16."""
        return QSize(28, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the groove and the knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        groove = QRectF(0.5, 2.5, 27, 15)
        on = self.isChecked()
        painter.setPen(QPen(look.color("accent")) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look.color(("accent-fill" if on else "line-strong") if self.isEnabled() else "line"))
        painter.drawRoundedRect(groove, 7.5, 7.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("on-accent" if on else "text-2"))
        painter.drawEllipse(QPointF(20 if on else 8, 10), 5, 5)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew when enabled or disabled."""
        super().changeEvent(event)
        self.update()


class Hairline(QWidget):
    """A line of one pixel between parts."""

    def __init__(self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("hairline", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if orientation == Qt.Orientation.Horizontal:
            self.setFixedHeight(1)
        else:
            self.setFixedWidth(1)
