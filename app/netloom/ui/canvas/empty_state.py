"""What an empty canvas teaches: begin with what goes in."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import Caption, KeyHint

CARDS = (
    ("Dataset", "data", "Add a dataset", "Built in, and split\nfor you"),
    ("Input", "io", "Add an input", "Type a shape and bring\ndata later"),
    ("", "block", "Open a template", "Networks that train\nout of the box"),
)

KEYS = (("add", "adds a node at the cursor"), ("commands", "finds anything"))
"""Actions whose keys are told."""

PARTS = ("dataset", "layers", "output", "loss")
OUTLINE, OUTLINE_GAP, PORT = QSize(88, 56), 40, 16.5
TOP_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
MARGIN = 24


class EmptyState(QWidget):
    """Three ways to begin. `add_requested` carries a kind; `template_requested` asks for the gallery."""

    add_requested = Signal(str)
    template_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("empty-state")
        self._hints: dict[str, tuple[KeyHint, Caption]] = {}
        title = QLabel("Start with what goes in", self)
        title.setFont(theme.font("title"))
        line = QLabel("A dataset brings the shapes; every layer after it follows.", self)
        line.setProperty("level", "2")
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(line, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addLayout(self._cards())
        column.addSpacing(12)
        column.addLayout(self._keys())
        column.addSpacing(40)
        self._outline = _Outline(self)
        column.addWidget(self._outline, 0, Qt.AlignmentFlag.AlignHCenter)
        self.adjustSize()

    def fit_into(self, wide: int, high: int) -> None:
        """Stand in the middle of a canvas of this size; where it is low, without the sketch of what will come."""
        self._outline.show()
        self.adjustSize()
        if self.height() > high - 2 * MARGIN:
            self._outline.hide()
            self.adjustSize()
        self.move((wide - self.width()) // 2, (high - self.height()) // 2)

    def follow_key(self, name: str, action: QAction) -> None:
        """Tell the key of an action, whichever a person chooses; without one say nothing of it."""
        hint, words = self._hints[name]
        hint.follow(action)

        def tell() -> None:
            for widget in (hint, words):
                widget.setVisible(bool(hint.text))

        hint.changed.connect(tell)
        tell()

    def _cards(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for kind, category, title, text in CARDS:
            card = _Card(category, title, text, self)
            card.clicked.connect(lambda _checked=False, kind=kind: self._choose(kind))
            row.addWidget(card)
        return row

    def _choose(self, kind: str) -> None:
        if kind:
            self.add_requested.emit(kind)
        else:
            self.template_requested.emit()

    def _keys(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for name, text in KEYS:
            self._hints[name] = hint, words = KeyHint("", self), Caption(text, 2, self)
            for widget in (hint, words):
                row.addWidget(widget)
            row.addSpacing(12)
        row.addStretch(1)
        return row


class _Outline(QWidget):
    """What a network consists of, as dashed cards in a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        step = OUTLINE.width() + OUTLINE_GAP
        self.setFixedSize(step * len(PARTS) - OUTLINE_GAP, OUTLINE.height() + 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        dashed = QPen(look.color("line-strong"), 1, Qt.PenStyle.CustomDashLine)
        dashed.setDashPattern([4, 4])
        for index, words in enumerate(PARTS):
            card = QRectF(QPointF(index * (OUTLINE.width() + OUTLINE_GAP), 0), OUTLINE.toSizeF())
            painter.setPen(dashed)
            painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            if index:
                painter.drawLine(QPointF(card.left() - OUTLINE_GAP, PORT), QPointF(card.left(), PORT))
            painter.setPen(look.color("text-3"))
            painter.drawText(card.translated(0, card.height() + 8), TOP_MIDDLE, words)


class _Card(QAbstractButton):
    def __init__(self, category: str, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text.replace("\n", " "))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(self.sizeHint())
        self._category = category
        self._words = text

    def sizeHint(self) -> QSize:
        return QSize(160, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        border = "accent" if self.hasFocus() else "text-3" if self.underMouse() else "line-strong"
        painter.setPen(look.color(border))
        painter.setBrush(look.color("pressed" if self.isDown() else "card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.drawPixmap(16, 16, icons.tile(self._category, 24))
        painter.setFont(theme.font("strong"))
        painter.setPen(look.color("text"))
        painter.drawText(16, 52, 136, 18, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font("caption"))
        painter.setPen(look.color("text-2"))
        painter.drawText(16, 72, 136, 36, Qt.AlignmentFlag.AlignTop, self._words)
