"""The field in the top bar that opens the command palette; a button, for it only looks like a field."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import KeyHint

WIDTH = 264
NARROW_WIDTH = 28


class CommandField(QPushButton):
    """Shows a magnifier, words and the key; the magnifier alone where it is narrow."""

    def __init__(self, words: str, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("command-field")
        self.setAccessibleName(words)
        self.setToolTip(action.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(28)
        self.clicked.connect(action.trigger)
        self._icon = QLabel(self)
        self._words = QLabel(words, self)
        self._words.setFont(theme.font("body"))
        self._words.setProperty("level", "3")
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")
        self._key = KeyHint(key, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._key)
        self.set_narrow(is_narrow=False)
        theme.signals.changed.connect(self.restyle)
        self.restyle()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show the magnifier alone, or everything."""
        self._words.setHidden(is_narrow)
        self._key.setHidden(is_narrow)
        self.setFixedWidth(NARROW_WIDTH if is_narrow else WIDTH)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self._icon.setPixmap(icons.pixmap("search", 16, "text-3"))
