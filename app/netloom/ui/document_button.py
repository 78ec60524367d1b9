"""The open document in the top bar: its name, a dot while it is not saved, and the File menu."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from netloom.ui import icons, theme

MOST = 200
DOT = 6
ARROW = 14


class DocumentButton(QToolButton):
    """A filled tab; it opens the File menu."""

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document")
        self.setAccessibleName("Document")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFont(theme.font("body"))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFixedHeight(28)
        self.is_dirty = False

    def show_document(self, name: str, *, is_dirty: bool) -> None:
        """Show a name, with a dot where there is something to save."""
        self.is_dirty = is_dirty
        self.setText(name)
        self.setAccessibleDescription("Not saved" if is_dirty else "Saved")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The name and the arrow of a menu, and always room for the dot, so that nothing moves at the first change."""
        return QSize(min(self.fontMetrics().horizontalAdvance(self.text()) + 60, MOST), 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tab."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("pressed" if self.underMouse() else "hover"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        room = self.rect().adjusted(12, 0, -44, 0)
        painter.setPen(look.color("text"))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        if self.is_dirty:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("text-2"))
            painter.drawEllipse(QPointF(self.width() - 34, self.height() / 2), DOT / 2, DOT / 2)
        arrow = QRect(self.width() - ARROW - 8, (self.height() - ARROW) // 2, ARROW, ARROW)
        icons.icon("chevron-down").paint(painter, arrow)
