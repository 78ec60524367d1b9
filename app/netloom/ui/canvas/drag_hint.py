"""The small panel that travels with the cursor and says why a wire does not fit, and what would help."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import Button, Caption, surface

OFFSET = QPoint(18, 20)
WIDTH = 300


class DragHint(QFrame):
    """A panel over the canvas. It follows the hand until it is left standing with buttons to press."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("drag-hint")
        surface(self, "overlay")
        self._icon = QLabel(self)
        self._text = QLabel(self)
        self._more = QLabel(self)
        self._more.setProperty("level", "2")
        for label in (self._text, self._more):
            label.setWordWrap(True)
        self._choices = QWidget(self)
        self._note = Caption("", 2, self)
        self._fix = Button("", "wand-sparkles", parent=self)
        self._anyway = Button("Connect anyway", parent=self)
        self._slots: dict[Button, Callable[[], None]] = {}
        for button in (self._fix, self._anyway):
            button.clicked.connect(lambda _checked=False, button=button: self._choose(button))
        self._layout()
        self.hide()

    def _layout(self) -> None:
        column, top, words, row = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self._choices)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        top.setSpacing(8)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words.setSpacing(4)
        words.addWidget(self._text)
        words.addWidget(self._more)
        top.addLayout(words, 1)
        row.setSpacing(8)
        row.setContentsMargins(24, 0, 0, 0)
        for widget in (self._fix, self._anyway, self._note):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(top)
        column.addWidget(self._choices)

    @property
    def text(self) -> str:
        """The reason that stands there; nothing while it is hidden."""
        return f"{self._text.text()} {self._more.text()}".strip() if self.isVisible() else ""

    def follow(self, at: QPoint, text: str, fix: str = "", *, can_force: bool = False) -> None:
        """Show a reason beside the cursor, with the label of the first fix; the mouse goes through."""
        self._show(text, f"Release to choose: {fix}" if fix else "Hold Alt to connect anyway" if can_force else "")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self._fix.hide()
        self._anyway.hide()
        self._choices.setVisible(not self._note.isHidden())
        self._place(at)

    def offer(self, at: QPoint, text: str, fix: str, use_fix: Callable[[], None], connect: Callable[[], None]) -> None:
        """Stay with buttons: the fix, where there is one, and to connect all the same."""
        self._show(text, "")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self._slots = {self._fix: use_fix, self._anyway: connect}
        self._fix.setText(fix)
        self._fix.setVisible(bool(fix))
        self._anyway.show()
        self._choices.show()
        self._place(at)

    def _choose(self, button: Button) -> None:
        self.hide()
        self._slots[button]()

    def _show(self, text: str, note: str) -> None:
        self._icon.setPixmap(icons.pixmap("circle-alert", 16, "error"))
        first, _, rest = text.partition(". ")
        self._write(self._text, first, "strong")
        self._write(self._more, rest, "body")
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _write(self, label: QLabel, words: str, font: theme.FontRole) -> None:
        """Give a label as much room as its words take, in lines of a fixed length."""
        label.setFont(theme.font(font))
        label.setText(words)
        label.setVisible(bool(words))
        wide = min(WIDTH, label.fontMetrics().horizontalAdvance(words) + 4)
        label.setFixedSize(wide, max(16, label.heightForWidth(wide)))

    def _place(self, at: QPoint) -> None:
        for layout in self.findChildren(QLayout):
            layout.invalidate()
        self.resize(self.sizeHint())
        room = self._canvas.rect().adjusted(4, 4, -4, -4)
        corner = at + OFFSET
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        if corner.y() + self.height() > room.bottom():
            corner.setY(at.y() - OFFSET.y() - self.height())
        self.move(corner)
        self.show()
        self.raise_()
