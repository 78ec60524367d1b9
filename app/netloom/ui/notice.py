"""A strip above the canvas for what must not be missed: a file that cannot be opened, a run that failed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import Button, IconButton, set_tone

ICONS = {"error": "circle-alert", "warning": "triangle-alert", "info": "info"}


class Notice(QWidget):
    """One sentence with an icon, until it is dismissed or replaced."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName("Notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._severity = "error"
        self._icon = QLabel(self)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setFont(theme.font("body"))
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = IconButton("x", "Dismiss", size=24, parent=self)
        self.close_button.setObjectName("notice-close")
        self.close_button.clicked.connect(self.clear)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self.close_button)
        self.hide()
        theme.signals.changed.connect(self.restyle)

    def add_button(self, text: str, name: str) -> Button:
        """Add a button with words after the sentence."""
        button = Button(text, parent=self)
        button.setObjectName(name)
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def show_text(self, text: str, severity: str) -> None:
        """Show a sentence."""
        self._severity = severity
        self.label.setText(text)
        self.restyle()
        self.show()

    def settle(self, text: str) -> None:
        """Take the strip away if it says this."""
        if self.label.text() == text:
            self.clear()

    def clear(self) -> None:
        """Take the strip away."""
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        is_quiet = self._severity == "info"
        self._icon.setPixmap(icons.pixmap(ICONS[self._severity], 16, "text-2" if is_quiet else self._severity))
        set_tone(self, "soft", None if is_quiet else self._severity)
