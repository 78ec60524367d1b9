"""The field in which a node is renamed in place, over its name on the card."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from netloom.ui import theme
from netloom.ui.widgets import set_tone

LEAST_WIDTH = 96


class RenameField(QLineEdit):
    """`renamed` carries node id and new name on Enter or when the field is left; Escape leaves the old one."""

    renamed = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rename-field")
        self.setAccessibleName("Name of the node")
        self._canvas = parent
        self._node = ""
        self.textEdited.connect(lambda _text: self.refuse(""))
        self.hide()

    def open(self, node: str, name: str, room: QRect) -> None:
        """Come up over the name."""
        self._node = node
        self.refuse("")
        self.setFont(theme.font("strong"))
        self.setText(name)
        self.selectAll()
        self.setGeometry(room.x(), room.center().y() - 13, max(room.width(), LEAST_WIDTH), 26)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, reason: str) -> None:
        """Mark the text as no name, and say why; nothing takes the mark off."""
        set_tone(self, "invalid", "true" if reason else None)
        self.setToolTip(reason)
        if reason and self.isVisible():
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), reason, self)

    def close_field(self) -> None:
        """Go away; the keyboard goes back to the canvas."""
        self._node = ""
        self.hide()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Take the name and go, as the view moves away under the field."""
        if self._node:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_up(self) -> None:
        """Go away and take no name."""
        if self._node:
            self.close_field()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the name on Enter, leave on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the name when the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        if self._node:
            self._ask()

    def _ask(self) -> None:
        self.renamed.emit(self._node, self.text().strip())
