"""The runs that wait: each begins when the one before it has ended, however it ended."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from netloom.compiler.plan import Plan
from netloom.graph import Document, file
from netloom.ui.run_controller import Phase, RunController
from netloom.ui.words import counted


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version of a document that is to be trained, or with `resume` the id of a run that is to go on."""

    key: str
    document: Document
    name: str
    home: object
    plan: Plan
    resume: str = ""


class RunQueue(QObject):
    """Lasts as long as the window. `changed` says that others wait now, `begun` that one of them begins."""

    changed = Signal()
    begun = Signal()
    message_requested = Signal(str, str)

    def __init__(self, controller: RunController) -> None:
        super().__init__(controller)
        self._controller = controller
        self._waiting: list[Waiting] = []
        self._keys = (f"queue {number}" for number in itertools.count(1))
        controller.phase_changed.connect(self._follow)

    @property
    def waiting(self) -> Sequence[Waiting]:
        """What waits, in its order."""
        return tuple(self._waiting)

    def add(self, document: Document, name: str, home: object, plan: Plan, *, resume: str = "") -> None:
        """Train a copy of this document when its turn comes: at once, where nothing is trained."""
        frozen = file.loads(file.dumps(document))
        self._waiting.append(Waiting(next(self._keys), frozen, name, home, plan, resume))
        if self._controller.is_active:
            before = len(self._waiting) - 1
            after = f" and {counted(before, 'other')}" if before else ""
            self.message_requested.emit(f"{name} is in the queue, after the run that goes on{after}.", "info")
        self.changed.emit()
        self._begin_next()

    def remove(self, keys: Collection[str]) -> None:
        """Let these wait no more."""
        self._waiting = [each for each in self._waiting if each.key not in keys]
        self.changed.emit()

    def move(self, keys: Collection[str], steps: int) -> None:
        """Let these begin earlier (-1) or later (1) by one place."""
        order = range(len(self._waiting)) if steps < 0 else reversed(range(len(self._waiting)))
        for place in list(order):
            other = place + steps
            row = self._waiting
            if row[place].key in keys and 0 <= other < len(row) and row[other].key not in keys:
                row[place], row[other] = row[other], row[place]
        self.changed.emit()

    def clear(self) -> None:
        """Let nothing wait: the window closes."""
        self.remove([each.key for each in self._waiting])

    def _follow(self, phase: Phase) -> None:
        """After everybody has heard how the last one ended, the next begins."""
        if phase in ("ended", "idle") and self._waiting:
            QTimer.singleShot(0, self, self._begin_next)

    def _begin_next(self) -> None:
        if self._waiting and not self._controller.is_active:
            first = self._waiting.pop(0)
            self.changed.emit()
            self.begun.emit()
            self._controller.start(first.document, first.name, first.home, resume=first.resume, plan=first.plan)
