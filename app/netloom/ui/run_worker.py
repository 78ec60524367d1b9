"""Does what takes time with the run store on a thread of its own, one thing after the other."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Signal

from netloom.errors import NetloomError
from netloom.runs import Store

_log = logging.getLogger(__name__)
Found = TypeVar("Found")
Job: TypeAlias = tuple[Callable[[Store], Any], Callable[[Any], object]]


class RunWorker(QObject):
    """`failed` says why something was not done, `warned` that the store was damaged. Its thread ends in `close`."""

    failed = Signal(str)
    warned = Signal(str)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._done.connect(self._deliver)

    def ask(self, work: Callable[[Store], Found], then: Callable[[Found], object] = lambda _found: None) -> None:
        """Do this with the store when it is its turn, then that with what came of it, on the caller's thread."""
        if self._is_closed:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="netloom-runs", daemon=True)
            self._thread.start()
        self._jobs.put((work, then))

    def close(self) -> None:
        """Do what was asked for, and end."""
        self._is_closed = True
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        store = Store()
        said = ""
        while (job := self._jobs.get()) is not None:
            self._do(store, *job)
            if store.warning not in ("", said):
                said = store.warning
                self.warned.emit(said)

    def _do(self, store: Store, work: Callable[[Store], Any], then: Callable[[Any], object]) -> None:
        try:
            self._done.emit(then, work(store))
        except NetloomError as error:
            self.failed.emit(str(error))
        except Exception as error:  # noqa: BLE001  (what one run holds must not end the work for all others)
            _log.exception("the run store could not do it")
            self.failed.emit(f"That could not be done with the run store: {error}")

    def _deliver(self, then: Callable[[Any], object], found: Any) -> None:
        if not self._is_closed:
            then(found)
