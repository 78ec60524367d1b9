"""Offers what an end without warning left in the journals, at the next start."""

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from netloom.graph import recovery
from netloom.graph.recovery import Left
from netloom.runs import home
from netloom.ui.notice import Notice
from netloom.ui.words import age, counted


def found() -> list[Left]:
    """What there is to offer, the latest first."""
    return recovery.found(home.journals_folder())


class RescueOffer(Notice):
    """Offers one document after the other. `open_requested` carries what was Left; it stays until `resolve`."""

    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rescue-offer")
        self.setAccessibleName("Not saved")
        self._waiting: list[Left] = []
        self.add_button("Open it", "rescue-open").clicked.connect(self._open)
        self.add_button("Discard", "rescue-discard").clicked.connect(self._discard)
        self.close_button.setObjectName("rescue-later")
        self.close_button.setToolTip("Not now; ask again at the next start")

    def offer(self, lefts: list[Left]) -> None:
        """Offer these documents, one at a time."""
        self._waiting = list(lefts)
        self._show_next()

    def _show_next(self) -> None:
        if not self._waiting:
            self.clear()
            return
        left = self._waiting[0]
        steps = f"; {counted(left.steps, 'step is', 'steps are')} kept" if left.steps else ""
        more = f" ({len(self._waiting) - 1} more)" if len(self._waiting) > 1 else ""
        ended = f"when Netloom ended {age(time.time() - left.when)}"
        self.show_text(f"{left.name} was not saved {ended}{steps}{more}.", "info")

    def resolve(self, left: Left) -> None:
        """The document is open, or dropped: offer the next."""
        self._waiting = [each for each in self._waiting if each != left]
        self._show_next()

    def _open(self) -> None:
        self.open_requested.emit(self._waiting[0])

    def _discard(self) -> None:
        recovery.drop(self._waiting[0].place)
        self.resolve(self._waiting[0])
