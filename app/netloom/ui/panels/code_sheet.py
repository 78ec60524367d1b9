"""A sheet over the window to write code in. It closes with what was written only where that can be read."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from netloom.errors import GraphError
from netloom.layers import custom
from netloom.ui.panels.code_field import CodeField
from netloom.ui.panels.texts import Words
from netloom.ui.panels.value_editors import Check
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import Button, KeyHint, set_tone

PAUSE_MS = 400
"""What is being typed is no mistake yet."""
LEFT_BEHIND = "This is what you had written when the sheet was closed. Ctrl+Z brings back the code of the node."


class CodeSheet(Sheet):
    """`accepted_text` carries the text when it is taken over, `left_text` one that was written and not taken.

    A `draft` is what was left so: it stands there at first, and undo brings back the text.
    """

    accepted_text = Signal(object)
    left_text = Signal(str)

    def __init__(self, text: str, check: Check, parent: QWidget, draft: str = "") -> None:
        super().__init__("Edit code", "code-sheet", parent)
        self._check, self._original = check, text
        self.field = CodeField(text, self)
        if draft:
            self.field.replace_all(draft)
        self.verdict = Words("", "tone", "error", "body")
        self.verdict.setObjectName("code-verdict")
        self.verdict.setMinimumHeight(20)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._judge)
        self._fill_body()
        self.field.textChanged.connect(self._follow)
        self.field.taken.connect(self._take)
        self.rejected.connect(self._leave)
        self._judge()
        if draft:
            self._say(LEFT_BEHIND, is_wrong=False)
        self.field.setFocus()

    def _fill_body(self) -> None:
        take = Button("Use this code", primary=True)
        take.setObjectName("code-accept")
        take.clicked.connect(self._take)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.verdict, 1)
        foot.addWidget(KeyHint("Ctrl Enter"))
        foot.addWidget(take)
        self.body.setSpacing(12)
        self.body.addWidget(self.field)
        self.body.addLayout(foot)

    def _follow(self) -> None:
        """Take an error away at once where there is none any more; tell of a new one after a pause."""
        if self._problem()[0]:
            self._pause.start()
        else:
            self._judge()

    def _judge(self) -> bool:
        self._pause.stop()
        problem, line = self._problem()
        self.field.mark_lines([line] if line else [], "error-soft")
        self._say(problem or _meaning(self.field.toPlainText()), is_wrong=bool(problem))
        return not problem

    def _say(self, text: str, *, is_wrong: bool) -> None:
        self.verdict.setText(text)
        set_tone(self.verdict, "tone", "error" if is_wrong else None)
        set_tone(self.verdict, "level", None if is_wrong else "2")

    def _problem(self) -> tuple[str, int]:
        """What is wrong with the text, and in which line; nothing where it can be read."""
        text = self.field.toPlainText()
        fault = custom.fault(text)
        if fault is not None:
            return fault.text, fault.line
        try:
            self._check(text)
        except GraphError as error:
            return str(error), 0
        return "", 0

    def _take(self) -> None:
        if self._judge():
            self.accepted_text.emit(self.field.toPlainText())
            self.accept()

    def _leave(self) -> None:
        if self.field.toPlainText() != self._original:
            self.left_text.emit(self.field.toPlainText())


def _meaning(text: str) -> str:
    """What a text will be as a node: its name and its ports."""
    found = custom.definition("Python", {"code": text})
    taken = [port.name + (" (optional)" if port.optional else "") for port in found.inputs]
    given = ", ".join(port.name for port in found.outputs)
    return f"{found.name} takes {', '.join(taken) or 'nothing'} and gives {given}."
