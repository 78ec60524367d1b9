"""A strip above the canvas for what must not be missed: a file that cannot be opened, a run that failed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import IconButton, set_tone


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
        self._close = IconButton("x", "Dismiss", size=24, parent=self)
        self._close.setObjectName("notice-close")
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.label, 1)
        row.addWidget(self._close)
        self.hide()
        theme.signals.changed.connect(self.restyle)

    def show_text(self, text: str, severity: str) -> None:
        """Show a sentence."""
        self._severity = severity
        self.label.setText(text)
        self.restyle()
        self.show()

    def clear(self) -> None:
        """Take the strip away."""
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        name = "circle-alert" if self._severity == "error" else "triangle-alert"
        self._icon.setPixmap(icons.pixmap(name, 16, self._severity))
        set_tone(self, "soft", self._severity)
