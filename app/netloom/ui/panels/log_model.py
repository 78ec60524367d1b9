"""The lines of a run's log with the time at which each was first seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from netloom.training.events import Logged

LINE_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log."""

    time: datetime
    logged: Logged

    @property
    def clock(self) -> str:
        """The time of day to the second."""
        return f"{self.time:%H:%M:%S}"

    def __str__(self) -> str:
        word = "" if self.logged.severity == "info" else f"{self.logged.severity}: "
        return f"{self.clock}  {word}{self.logged.text}"


def local_time() -> datetime:
    """Now, on the clock on the wall."""
    return datetime.now().astimezone()


class LogModel(QAbstractListModel):
    """A list that follows a growing log; one that begins with another line starts it anew."""

    def __init__(self, clock: Callable[[], datetime] = local_time) -> None:
        super().__init__()
        self._clock = clock
        self._lines: list[LogLine] = []

    def follow(self, log: Sequence[Logged]) -> int:
        """Take over what is new in a log, and let go what it has dropped at its beginning; the number of new lines."""
        gone = next((row for row, line in enumerate(self._lines) if log and line.logged is log[0]), len(self._lines))
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._lines[:gone]
            self.endRemoveRows()
        new = log[len(self._lines) :]
        if new:
            self._append([LogLine(self._clock(), logged) for logged in new])
        return len(new)

    def _append(self, lines: list[LogLine]) -> None:
        first = len(self._lines)
        self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
        self._lines += lines
        self.endInsertRows()

    @property
    def lines(self) -> Sequence[LogLine]:
        """All lines, oldest first."""
        return self._lines

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """The number of lines; a line has no children."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        """The line itself for painting, its text for everybody else."""
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return str(line)
        return line.logged.text if role == Qt.ItemDataRole.ToolTipRole else None
