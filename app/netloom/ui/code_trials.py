"""Tries out code of the user's own in a process of its own, so that no code can hold up the window."""

import sys
from collections.abc import Mapping
from functools import partial

import msgspec
from PySide6.QtCore import QByteArray, QObject, QProcess, QTimer, Signal

from netloom.compiler import custom
from netloom.compiler.custom import Inputs
from netloom.compiler.rules import Answer, Mismatch
from netloom.errors import GraphError
from netloom.graph.model import Value
from netloom.layers.custom import definition

LONGEST_MS = 30_000
ENDLESS = f"The code of {{node}} did not come to an end in {LONGEST_MS // 1000} seconds."
BROKEN = "The code of {node} ended the process that tried it out."


class CodeTrials(QObject):
    """Answers a planner's questions about custom code; `answered` says that one more can be answered now."""

    answered = Signal()

    def __init__(self, parent: QObject | None = None, longest_ms: int = LONGEST_MS) -> None:
        super().__init__(parent)
        self._longest_ms = longest_ms
        self._known: dict[bytes, custom.Reply] = {}
        self._running: dict[bytes, QProcess] = {}

    def __call__(self, kind: str, arguments: Mapping[str, Value], inputs: Inputs) -> Answer | Mismatch | None:
        """What the code answers, or None where it has just been started."""
        try:
            question = msgspec.json.encode(custom.request(kind, arguments, inputs))
            if question in self._known:
                return custom.answer(inputs, self._known[question], definition(kind, arguments))
        except Mismatch as mismatch:
            return mismatch
        except GraphError as error:
            return Mismatch(f"The code of {{node}} cannot be read: {error}.", None)
        if question not in self._running:
            self._start(question)
        return None

    def stop(self) -> None:
        """End what is still running."""
        for process in tuple(self._running.values()):
            process.kill()
            process.waitForFinished()

    def _start(self, question: bytes) -> None:
        process = self._running[question] = QProcess(self)
        process.finished.connect(partial(self._finish, question))
        process.start(sys.executable, ["-m", "netloom.compiler.trial"])
        process.write(QByteArray(question))
        process.closeWriteChannel()
        QTimer.singleShot(self._longest_ms, process, partial(self._end, question, process))

    def _end(self, question: bytes, process: QProcess) -> None:
        if question in self._running:
            self._known[question] = custom.Reply(error=ENDLESS)
            process.kill()

    def _finish(self, question: bytes, *_: object) -> None:
        process = self._running.pop(question)
        if question not in self._known:
            self._known[question] = _reply(bytes(process.readAllStandardOutput().data()))
        process.deleteLater()
        self.answered.emit()


def _reply(data: bytes) -> custom.Reply:
    try:
        return msgspec.json.decode(data, type=custom.Reply)
    except msgspec.DecodeError:
        return custom.Reply(error=BROKEN)
