"""The head of the inspector: what the node is, its name, and the shapes that go in and come out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from netloom.ui import icons, theme, widgets
from netloom.ui.panels.texts import Line, Words

TILE = 28
MARGIN = 16
GAP = 8


class NameEdit(QLineEdit):
    """The name of a node as its title; it becomes a field when the keyboard or the mouse comes to it.

    `name_requested` carries the text on Enter and on leaving; Escape takes it back.
    """

    name_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setObjectName("node_name")
        self.setAccessibleName("Name")
        self.setToolTip("The name in the code. Click to change it.")
        self.setFont(theme.font("title"))
        self.setMinimumWidth(40)
        self.setProperty("frameless", "true")

    def show_name(self, name: str) -> None:
        """Show the node's name; what is being typed stays."""
        if name == self._name and self.isModified():
            return
        self._name = name
        if self.text() != name:
            self.setText(name)
            self.setCursorPosition(0 if not self.hasFocus() else len(name))
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for the name, Escape takes it back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._name:
            self.setText(self._name)
            self._ask()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Look like a field."""
        super().focusInEvent(event)
        widgets.set_tone(self, "frameless", None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving asks for the name that was typed."""
        super().focusOutEvent(event)
        widgets.set_tone(self, "frameless", "true")
        self._ask()
        self.setCursorPosition(0)

    def commit(self) -> None:
        """Ask for the name that is being typed."""
        if self.isModified():
            self._ask()

    def _ask(self) -> None:
        if self.isModified() or self.text() == self._name:
            self.name_requested.emit(self.text().strip())


class ShapeLine(QWidget):
    """Kind left, shapes right; where they do not fit side by side the shapes take a line of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = Line("", "shape", "text-2")
        self.before, self.after = Line("", "shape", "text-2"), Line("", "shape", "text")
        self._arrow = Line("→", "shape", "text-3")
        self._shapes = QWidget()
        row = QHBoxLayout(self._shapes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for part in (self.before, self._arrow, self.after):
            row.addWidget(part)
        row.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._box.addWidget(self.kind)
        self._box.addStretch(1)
        self._box.addWidget(self._shapes)

    def show_flow(self, kind: str, before: str, after: str) -> None:
        """Show these; either shape may be empty."""
        self.kind.setText(kind)
        self.before.setText(before)
        self.after.setText(after)
        self.before.setVisible(bool(before))
        self.after.setVisible(bool(after))
        self._arrow.setVisible(bool(before and after))
        self._fold()

    def _fold(self) -> None:
        wanted = self.kind.sizeHint().width() + self._shapes.sizeHint().width() + GAP
        is_wide = wanted <= self.width()
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold."""
        super().resizeEvent(event)
        self._fold()


class NodeHeader(QWidget):
    """Glyph, name, kind and shapes. `name_requested` carries another name; `refuse` says what is wrong with it."""

    name_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._category = "io"
        self._tile = QLabel()
        self._tile.setFixedSize(TILE, TILE)
        self.name = NameEdit()
        self.name.name_requested.connect(self.name_requested)
        self._refusal = Words("", "tone", "error")
        self._refusal.setObjectName("refusal_name")
        self._refusal.hide()
        self.flow = ShapeLine()
        self._lay_out()
        theme.signals.changed.connect(self._restyle)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._tile)
        row.addWidget(self.name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 12, MARGIN, 12)
        column.setSpacing(GAP)
        column.addLayout(row)
        column.addWidget(self._refusal)
        column.addWidget(self.flow)

    def show_node(self, category: str, name: str, kind: str, shapes: tuple[str, str], summary: str) -> None:
        """Show a node."""
        self._category = category
        self.name.show_name(name)
        self.flow.show_flow(kind, *shapes)
        self.flow.kind.set_tip(summary)
        self._restyle()

    def refuse(self, sentence: str) -> None:
        """Say what is wrong with the name that was typed, or that nothing is."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))
        widgets.set_tone(self.name, "invalid", "true" if sentence else None)

    def _restyle(self) -> None:
        self._tile.setPixmap(icons.tile(self._category, TILE))
