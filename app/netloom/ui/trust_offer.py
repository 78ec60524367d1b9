"""The strip that says that a document holds code, which runs only after the user has read and trusted it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from netloom.ui.notice import Notice
from netloom.ui.panels.code_view import CodeView
from netloom.ui.panels.texts import Words
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import Button

SIZE = (720, 420)
HINT = "It can do whatever you can do on this machine: trust code whose author you know, or that you understand."


class TrustOffer(Notice):
    """Offers to read the code of a document, and to trust it."""

    trusted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trust-offer")
        self.setAccessibleName("Code of this document")
        self._texts: tuple[str, ...] = ()
        self.add_button("Show the code", "trust-show").clicked.connect(self._show_code)
        self.add_button("Trust it", "trust-accept").clicked.connect(self.trusted)

    def offer(self, texts: Sequence[str]) -> None:
        """Ask about these texts; nothing to ask takes the strip away."""
        if tuple(texts) == self._texts:
            return
        self._texts = tuple(texts)
        if not texts:
            self.clear()
            return
        self.remind()

    def remind(self) -> None:
        """Ask again where there is still something to ask, also if the strip was dismissed."""
        if not self._texts:
            return
        texts = self._texts
        pieces = "a piece" if len(texts) == 1 else f"{len(texts)} pieces"
        self.show_text(f"This document holds {pieces} of Python code. It runs only after you trust it.", "warning")

    def _show_code(self) -> None:
        sheet = CodeShown("\n\n\n".join(text.strip("\n") for text in self._texts), self.window())
        sheet.trusted.connect(self.trusted)
        sheet.open()


class CodeShown(Sheet):
    """The code to read before it is trusted."""

    trusted = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__("Code of this document", "trust-sheet", parent)
        field = CodeView("trust-text")
        field.setAccessibleName("Code of this document")
        field.show_text(text)
        field.setMinimumSize(*SIZE)
        accept = Button("Trust this code", primary=True)
        accept.setObjectName("trust-sheet-accept")
        accept.clicked.connect(self._accept)
        self.body.setSpacing(12)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(Words(HINT, role="body"), 1)
        foot.addWidget(accept)
        self.body.addWidget(field)
        self.body.addLayout(foot)

    def _accept(self) -> None:
        self.trusted.emit()
        self.accept()
