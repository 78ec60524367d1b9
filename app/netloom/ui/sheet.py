"""Frameless dialogs in the look: one card with a shadow, and where wanted a title row and a body."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.compositing import draw_card, shape
from netloom.ui.widgets import Hairline, IconButton

SHADOW = 20


class Floating(QDialog):
    """A modal card without a window frame, drawn with its shadow; `SHADOW` is the room that this takes on each side."""

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._over = parent
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        theme.signals.changed.connect(self.update)

    def place(self, top: int | None = None) -> None:
        """Stand in the middle of the parent, or `top` pixels below its upper edge."""
        window = self._over.window()
        left = (window.width() - self.width()) // 2
        above = max((window.height() - self.height()) // 2, 0) if top is None else top
        self.move(window.mapToGlobal(QPoint(left, above)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the shadow out where it would be drawn on black."""
        super().resizeEvent(event)
        shape(self, SHADOW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shadow and the card."""
        draw_card(self, SHADOW)


class Sheet(Floating):
    """A floating card with a title row; Escape and the cross close it. Subclasses fill `body` and `corner`."""

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(title, name, parent)
        self.title = QLabel(title, self)
        self.title.setFont(theme.font("title"))
        self.corner = QHBoxLayout()
        self.body = QVBoxLayout()
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 12)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addLayout(self.corner)
        close = IconButton("x", "Close", parent=self)
        close.setObjectName("sheet-close")
        close.clicked.connect(self.reject)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline(parent=self))
        column.addLayout(self.body)
        self.body.setContentsMargins(20, 16, 20, 20)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the place in the middle of the parent."""
        super().showEvent(event)
        self.place()
