"""The program's own log: what is shown in the Log tab, and where every stray error ends up."""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from netloom.training.events import Logged

LONGEST = 2_000
_SEVERITIES = ((logging.ERROR, "error"), (logging.WARNING, "warning"), (logging.NOTSET, "info"))


class ProgramLog(QObject):
    """Lines in the order in which they came. `write` may be called from any thread; `lines` belongs to the window's."""

    written = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Logged] = []
        self._arrived.connect(self._append)

    def write(self, line: Logged) -> None:
        """Add one line; the same one twice in a row is kept once."""
        self._arrived.emit(line)

    def _append(self, line: Logged) -> None:
        if self.lines and line == self.lines[-1]:
            return
        self.lines.append(line)
        del self.lines[:-LONGEST]
        self.written.emit(line)


class ProgramLogHandler(logging.Handler):
    """Brings what the package logs into the log."""

    def __init__(self, log: ProgramLog) -> None:
        super().__init__(logging.INFO)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as one line."""
        severity = next(name for level, name in _SEVERITIES if record.levelno >= level)
        self._log.write(Logged(self.format(record), severity))  # type: ignore[arg-type]


@contextmanager
def collected(log: ProgramLog) -> Iterator[None]:
    """While this holds, log records and uncaught exceptions of all threads go to the log; the program lives on."""
    handler = ProgramLogHandler(log)
    logger = logging.getLogger("netloom")
    hooks = sys.excepthook, threading.excepthook
    logger.addHandler(handler)
    sys.excepthook = lambda kind, error, trace: _caught(log, kind, error, trace)
    threading.excepthook = lambda args: _caught(log, args.exc_type, args.exc_value, args.exc_traceback)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        sys.excepthook, threading.excepthook = hooks


def _caught(
    log: ProgramLog, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if error is None or issubclass(kind, (KeyboardInterrupt, SystemExit)):
        return
    text = "".join(traceback.format_exception(kind, error, trace)).rstrip()
    sys.stderr.write(text + "\n")
    log.write(Logged(f"Something in Netloom failed: {str(error) or kind.__name__}. Your network is unharmed.", "error"))
    log.write(Logged(text))
