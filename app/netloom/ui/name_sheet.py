"""A sheet that asks for one name, and says at once why a text cannot be one."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from netloom.ui import theme
from netloom.ui.panels.texts import Words
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import Button

WIDTH = 320

Problem = Callable[[str], str]
"""What is wrong with a name, as a sentence, or nothing."""


class NameSheet(Sheet):
    """`named` carries the name when it is taken."""

    named = Signal(str)

    def __init__(self, title: str, verb: str, name: str, problem: Problem, parent: QWidget) -> None:
        super().__init__(title, "name-sheet", parent)
        self._problem = problem
        self.field = QLineEdit(name, self)
        self.field.setObjectName("name-field")
        self.field.setAccessibleName("Name")
        self.field.setFont(theme.font("field"))
        self.field.setFixedWidth(WIDTH)
        self.field.selectAll()
        self._refusal = Words("", "tone", "error")
        self._refusal.setMinimumHeight(32)
        self._take = Button(verb, primary=True)
        self._take.setObjectName("name-accept")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._take)
        self.body.setSpacing(8)
        for widget in (self.field, self._refusal):
            self.body.addWidget(widget)
        self.body.addLayout(foot)
        self.field.textChanged.connect(self._judge)
        self.field.returnPressed.connect(self._accept)
        self._take.clicked.connect(self._accept)
        self._judge()
        self.field.setFocus()

    def _judge(self) -> None:
        problem = self._problem(self.field.text().strip())
        self._refusal.setText(problem)
        self._take.setEnabled(not problem)

    def _accept(self) -> None:
        name = self.field.text().strip()
        if not self._problem(name):
            self.accept()
            self.named.emit(name)
