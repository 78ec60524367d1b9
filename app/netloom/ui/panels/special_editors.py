"""Editors for values that are no line of text: a list of nodes to check, and a text of many lines."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from netloom.graph import Value
from netloom.layers.spec import Param
from netloom.ui import icons, theme
from netloom.ui.compositing import Menu
from netloom.ui.panels.code_sheet import CodeSheet
from netloom.ui.panels.value_editors import CHEVRON, Check

Choice = tuple[str, str]
"""A node's id and its name."""


class StayingMenu(Menu):
    """A menu of things to check, which stays open while they are checked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an entry turns it, and nothing closes."""
        action = cast(QAction | None, self.actionAt(event.position().toPoint()))
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


class WordButton(QToolButton):
    """A field that shows a few words and opens something."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """As high as a line of text; as wide as there is room."""
        return QSize(60, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words, and at the right what a press does."""
        painter = QPainter(self)
        painter.setFont(theme.font("shape"))
        painter.setPen(theme.current().color("text-2" if self.property("level") == "2" else "text"))
        room = self.rect().adjusted(8, 0, -CHEVRON - 8, 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        place = QRect(self.width() - CHEVRON - 4, (self.height() - CHEVRON) // 2, CHEVRON, CHEVRON)
        icons.icon(self._icon, "text-3").paint(painter, place)


class NodesEditor(WordButton):
    """Which nodes a value names. None of them means all."""

    committed = Signal(object)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__("chevron-down", parent)
        self.setToolTip(param.help)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._choices: tuple[Choice, ...] = ()
        self._value: tuple[str, ...] = ()
        self._list = StayingMenu(parent=self)
        self._list.aboutToShow.connect(self._fill)
        self.setMenu(self._list)

    def set_nodes(self, choices: Sequence[Choice]) -> None:
        """Offer these nodes."""
        self._choices = tuple(choices)
        self._write()

    def show_value(self, value: Value) -> None:
        """Show which nodes are named."""
        self._value = tuple(str(item) for item in value) if isinstance(value, list) else ()
        self._write()

    def _write(self) -> None:
        names = [name for key, name in self._choices if key in self._value]
        few = ", ".join(names) if len(names) < 3 else f"{len(names)} of {len(self._choices)} nodes"
        self.setText(few if names else "all")

    def _fill(self) -> None:
        self._list.clear()
        whole = self._list.addAction("All that the losses depend on")
        whole.setCheckable(True)
        whole.setChecked(not self._value)
        whole.triggered.connect(lambda: self._send(()))
        self._list.addSeparator()
        for key, name in self._choices:
            action = self._list.addAction(name)
            action.setCheckable(True)
            action.setChecked(key in self._value)
            action.triggered.connect(lambda checked, key=key: self._turn(key, is_on=checked))

    def _turn(self, key: str, *, is_on: bool) -> None:
        kept = [each for each, _ in self._choices if each in self._value and each != key]
        order = [each for each, _ in self._choices if each in kept or (is_on and each == key)]
        self._send(tuple(order))

    def _send(self, value: tuple[str, ...]) -> None:
        self._value = value
        for action, key in zip(self._list.actions(), ("", "-", *(key for key, _ in self._choices)), strict=False):
            action.setChecked(key in value if key else not value)
        self._write()
        self.committed.emit(list(value))


class CodeEditor(WordButton):
    """A text of many lines: its first line, and a sheet to edit it."""

    committed = Signal(object)

    def __init__(self, param: Param, check: Check, parent: QWidget | None = None) -> None:
        super().__init__("pencil", parent)
        self.setToolTip("Edit code")
        self._check, self._name = check, param.name
        self._value = ""
        self._draft = ("", "")
        self.clicked.connect(self._open)

    def show_value(self, value: Value) -> None:
        """Show the first line of a text."""
        self._value = value if isinstance(value, str) else ""
        self.setText(next((line.strip() for line in self._value.splitlines() if line.strip()), "empty"))

    def _open(self) -> None:
        value, draft = self._draft
        sheet = CodeSheet(self._value, self._check, self.window(), draft if value == self._value else "")
        sheet.accepted_text.connect(self.committed)
        sheet.left_text.connect(lambda text, value=self._value: self._keep(value, text))
        sheet.open()

    def _keep(self, value: str, draft: str) -> None:
        """Keep what was written and not taken, for the next time that this same text is edited."""
        self._draft = (value, draft)
