"""The field in the top bar that opens the command palette; a button, for it only looks like a field."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import KeyHint

WIDTH = 264
NARROW_WIDTH = 28
WORDS_FROM = 190
HEIGHT = 28


class CommandField(QPushButton):
    """Shows a magnifier, words and the key; the magnifier alone where it is narrow."""

    def __init__(self, words: str, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("command-field")
        self.setAccessibleName(words)
        self.setToolTip(action.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        self._icon = QLabel(self)
        self._words = QLabel(words, self)
        self._words.setFont(theme.font("body"))
        self._words.setProperty("level", "3")
        self._key = KeyHint("", self)
        self._key.follow(action)
        self._action = action
        action.changed.connect(self._follow)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(8)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._key)
        theme.signals.changed.connect(self.restyle)
        self.restyle()

    def _follow(self) -> None:
        self.setToolTip(self._action.toolTip())

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show the magnifier alone, or as much as there is room for."""
        self.setMaximumWidth(NARROW_WIDTH if is_narrow else WIDTH)

    def sizeHint(self) -> QSize:
        """Room for everything."""
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for the magnifier."""
        return QSize(NARROW_WIDTH, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._words.setVisible(self.width() >= WORDS_FROM)
        self._key.setVisible(self.width() >= WIDTH - 40)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self._icon.setPixmap(icons.pixmap("search", 16, "text-3"))
