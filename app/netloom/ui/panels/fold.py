"""A section of a panel that can be folded away under its title."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from netloom.ui import icons, theme

HEIGHT = 28
CHEVRON = 14


class FoldTitle(QAbstractButton):
    """The title over a section with a chevron; what is inside is told in a few words while it is folded."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setObjectName(f"fold_{text.lower()}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._told = ""
        self.toggled.connect(lambda _: self._describe())
        self._describe()

    def tell(self, words: str) -> None:
        """Say this at the right while the section is folded."""
        if words != self._told:
            self._told = words
            self._describe()
            self.update()

    def _describe(self) -> None:
        state = "open" if self.isChecked() else "folded"
        self.setAccessibleName(f"{self.text()}, {', '.join(part for part in (state, self._told) if part)}")

    def sizeHint(self) -> QSize:
        """As high as a field."""
        return QSize(120, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, words and chevron; the keyboard shows by a ring around."""
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        inner = self.rect().adjusted(8, 0, -4, 0)
        chevron = QRect(inner.right() - CHEVRON, (self.height() - CHEVRON) // 2, CHEVRON, CHEVRON)
        icons.icon("chevron-down" if self.isChecked() else "chevron-right", "text-3").paint(painter, chevron)
        painter.setFont(theme.font("strong"))
        painter.setPen(look.color("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if not self.isChecked():
            painter.setFont(theme.font("caption"))
            painter.setPen(look.color("text-3"))
            room = inner.adjusted(80, 0, -CHEVRON - 8, 0)
            words = painter.fontMetrics().elidedText(self._told, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)


class Fold(QWidget):
    """Rows under a title that a press folds away and brings back; they are made when they are first wanted."""

    def __init__(self, title: str, rows: Callable[[], Iterable[QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = FoldTitle(title)
        self._rows = rows
        self._body: QWidget | None = None
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(8, 4, 8, 4)
        self._whole.setSpacing(0)
        self._whole.addWidget(self.title)
        self.title.toggled.connect(self._show)

    def _show(self, is_open: bool) -> None:
        if self._body is None:
            self._body = QWidget()
            column = QVBoxLayout(self._body)
            column.setContentsMargins(8, 0, 8, 8)
            column.setSpacing(0)
            for row in self._rows():
                column.addWidget(row)
            self._whole.addWidget(self._body)
        self._body.setVisible(is_open)

    @property
    def is_open(self) -> bool:
        """Whether its rows can be seen."""
        return self.title.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Fold it away, or bring it back."""
        self.title.setChecked(is_open)
