"""An export on a thread of its own."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from netloom.errors import NetloomError
from netloom.graph import Document, file

_log = logging.getLogger(__name__)


class _CancelledError(Exception):
    """Raised from within an export to end it."""


class ExportJob(QObject):
    """`stage_changed` carries words, `done` the ExportReport, `failed` why not; the text is empty after a cancel."""

    stage_changed = Signal(str)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, path: Path, weights: Path | None) -> None:
        super().__init__()
        self._document = file.loads(file.dumps(document))
        self._path = path
        self._weights = weights
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="netloom-export", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """End at the next stage and leave nothing behind."""
        self._cancelled.set()

    def join(self, timeout: float) -> None:
        """Wait for the end, at most so many seconds."""
        self._thread.join(timeout)

    def _run(self) -> None:
        from netloom.exchange import export

        try:
            report = export(self._document, self._path, weights=self._weights, progress=self._say)
        except _CancelledError:
            self.failed.emit("")
        except NetloomError as error:  # a cancel in the middle of a conversion comes as the converter's failure
            self.failed.emit("" if self._cancelled.is_set() else str(error))
        except Exception as error:  # noqa: BLE001  (whatever ends it must be shown in the dialog)
            _log.exception("an export failed")
            self.failed.emit(f"{self._path.name} was not written: {type(error).__name__}: {error}")
        else:
            self.done.emit(report)

    def _say(self, stage: str) -> None:
        if self._cancelled.is_set():
            raise _CancelledError
        self.stage_changed.emit(stage)
