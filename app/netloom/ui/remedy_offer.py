"""The strip under which a run that failed can go on: a button for each thing that would help."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from netloom.training.events import Remedy, RunEnded
from netloom.ui.notice import Notice
from netloom.ui.widgets import Button


class RemedyOffer(Notice):
    """`accepted` carries the id of the run and the remedy."""

    accepted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remedy-offer")
        self.setAccessibleName("What would let the run go on")
        self._buttons: list[Button] = []

    def offer(self, ended: RunEnded) -> None:
        """Offer what helps this run."""
        self._drop_buttons()
        for number, remedy in enumerate(ended.remedies, 1):
            button = self.add_button(remedy.text, f"remedy-{number}")
            button.clicked.connect(lambda _=False, remedy=remedy: self._accept(ended.run, remedy))
            self._buttons.append(button)
        self.show_text(ended.message, "error")

    def _accept(self, run: str, remedy: Remedy) -> None:
        self.clear()
        self.accepted.emit(run, remedy)

    def _drop_buttons(self) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
