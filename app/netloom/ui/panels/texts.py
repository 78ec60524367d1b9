"""Labels in the look: sentences that wrap, and lines that end in … where there is no room."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from netloom.ui import theme
from netloom.ui.words import breakable

CORNER = 12


def place_in_corner(widget: QWidget) -> None:
    """Lay a widget over the top right corner of its parent, where it needs no row of its own."""
    parent = widget.parentWidget()
    if parent is not None:
        widget.adjustSize()
        widget.move(parent.width() - widget.width() - CORNER, CORNER)


class Words(QLabel):
    """A sentence that wraps, in a text level ("2", "3") or a tone ("error", "warning", "ok") of the style sheet."""

    def __init__(
        self,
        text: str = "",
        channel: Literal["level", "tone"] = "level",
        value: str = "2",
        role: theme.FontRole = "caption",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(breakable(text), parent)
        self.setProperty(channel, value)
        self.setFont(theme.font(role))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Show another sentence; names that are longer than a line go on in the next."""
        super().setText(breakable(text))


class Line(QWidget):
    """One line that ends in … where there is no room; all of it is in the tip then."""

    def __init__(
        self, text: str = "", role: theme.FontRole = "body", color: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._color = text, color
        self._tip = ""
        self.setFont(theme.font(role))
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_tip(self, tip: str) -> None:
        """Say this in the tip, whether the line is elided or not."""
        self._tip = tip
        self.setToolTip(tip)

    def sizeHint(self) -> QSize:
        """Room for all of the text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._text) + 1, max(16, self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        """A few letters are enough."""
        return QSize(min(24, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text, or as much of it as there is room for."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.current().color(self._color if self.isEnabled() else "text-off"))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        if not self._tip:
            self.setToolTip(self._text if text != self._text else "")
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
