"""A sheet over the window to write code in. It closes with what was written only where that can be read."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from netloom.errors import GraphError
from netloom.ui import theme
from netloom.ui.panels.texts import Words
from netloom.ui.panels.value_editors import Check
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import Button

SIZE = QSize(640, 400)
INDENT = "    "


class CodeField(QPlainTextEdit):
    """Plain text in the font of code; Tab indents."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("code-text")
        self.setAccessibleName("Code")
        self.setFont(theme.font("code"))
        self.setTabStopDistance(QFontMetricsF(self.font()).horizontalAdvance(INDENT))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setMinimumSize(SIZE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab writes four spaces."""
        if event.key() == Qt.Key.Key_Tab:
            self.insertPlainText(INDENT)
        else:
            super().keyPressEvent(event)


class CodeSheet(Sheet):
    """`accepted_text` carries the text when it is taken over."""

    accepted_text = Signal(object)

    def __init__(self, text: str, check: Check, parent: QWidget) -> None:
        super().__init__("Edit code", "code-sheet", parent)
        self._check = check
        self.field = CodeField(text, self)
        self._refusal = Words("", "tone", "error", "body")
        self._refusal.setMinimumHeight(20)
        take = Button("Use this code", primary=True)
        take.setObjectName("code-accept")
        take.clicked.connect(self._take)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._refusal, 1)
        foot.addWidget(take)
        self.body.setSpacing(12)
        self.body.addWidget(self.field)
        self.body.addLayout(foot)
        self.field.textChanged.connect(self._judge)
        self._judge()
        self.field.setFocus()

    def _judge(self) -> None:
        self._refusal.setText(self._problem())

    def _problem(self) -> str:
        try:
            self._check(self.field.toPlainText())
        except GraphError as error:
            return str(error)
        return ""

    def _take(self) -> None:
        if not self._problem():
            self.accepted_text.emit(self.field.toPlainText())
            self.accept()
