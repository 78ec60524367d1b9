"""Work that would make one frame late, spread over several."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

FRAME = 16
"""Milliseconds between two pieces."""


class Turns(QObject):
    """Does one piece of work in each frame. What is painted after each piece is less, too."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=FRAME)
        self._timer.timeout.connect(self._do_next)

    def take(self, pieces: Iterable[Callable[[], object]], *, at_once: bool = False) -> None:
        """Do these from now on, after all that still waits; or `at_once`."""
        self.finish()
        self._waiting.extend(pieces)
        if at_once:
            self.finish()
        elif self._waiting:
            self._do_next()

    def finish(self) -> None:
        """Do all that waits."""
        while self._waiting:
            self._waiting.popleft()()

    def _do_next(self) -> None:
        if self._waiting:
            self._waiting.popleft()()
        if self._waiting:
            self._timer.start()
