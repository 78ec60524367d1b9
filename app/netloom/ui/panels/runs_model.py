"""The table of runs as Qt's views read it: the queue, then the runs that are wanted."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from netloom.runs import RunLine
from netloom.ui.panels.run_cells import COLUMNS, NAME, TAGS, Line, QueueLine, cell, spoken
from netloom.ui.panels.runs_shelf import Shelf, Wish

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class RunsModel(QAbstractTableModel):
    """`rows` are the lines that are shown. `edited` carries the line, the column and the new words."""

    edited = Signal(object, int, str)

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self.shelf = Shelf()
        self.wish = Wish()
        self._queue: Sequence[QueueLine] = ()
        self.rows: list[Line] = []
        self.strokes: Mapping[str, int] = {}

    def set_shelf(self, shelf: Shelf) -> None:
        """Show all runs of a store that was read anew."""
        shelf.sort(self.shelf.column, falls=self.shelf.falls)
        self.shelf = shelf
        self.refresh()

    def set_queue(self, queue: Sequence[QueueLine]) -> None:
        """Show what waits, in its order, above the runs."""
        self._queue = tuple(queue)
        self.refresh()

    def set_wish(self, wish: Wish) -> None:
        """Show other runs."""
        self.wish = wish
        self.refresh()

    def set_strokes(self, strokes: Mapping[str, int]) -> None:
        """Say which runs have a curve, and which."""
        if strokes != self.strokes:
            self.strokes = dict(strokes)
            self._tell(range(len(self.rows)))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column."""
        self.shelf.sort(column, falls=order == Qt.SortOrder.DescendingOrder)
        self.refresh()

    def refresh(self) -> None:
        """Show what is wanted now. Where the same lines stay, only those that say something else are told of."""
        before = self.rows
        found: list[Line] = [*(self._queue if self.wish.is_empty else ()), *self.shelf.found(self.wish)]
        if len(before) == len(found) and all(old.id == new.id for old, new in zip(before, found, strict=True)):
            self.rows = found
            self._tell([row for row, line in enumerate(found) if line is not before[row]])
            return
        self.beginResetModel()
        self.rows = found
        self.endResetModel()

    def _tell(self, rows: Sequence[int]) -> None:
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), len(COLUMNS) - 1))

    def places(self, keys: Collection[str]) -> list[int]:
        """The rows of these lines."""
        return [row for row, line in enumerate(self.rows) if line.id in keys] if keys else []

    def rowCount(self, parent: Index | None = None) -> int:
        """The number of lines; a line has no children."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """The number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names and tags of runs can be edited."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_run = index.isValid() and isinstance(self.rows[index.row()], RunLine)
        return usual | Qt.ItemFlag.ItemIsEditable if is_run and index.column() in (NAME, TAGS) else usual

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """The words of a cell; for who does not see it, the whole line at the first."""
        line = self.rows[index.row()]
        if role == Role.AccessibleTextRole:
            return spoken(line) if index.column() == 0 else cell(line, index.column())
        if role == Role.EditRole and isinstance(line, RunLine) and index.column() == NAME:
            return line.name
        if role == Role.ToolTipRole:
            return _tip(line, index.column())
        return cell(line, index.column()) if role in (Role.DisplayRole, Role.EditRole) else None

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        """Ask for another name or other tags; they are shown once they are in the store."""
        line, words = self.rows[index.row()], str(value).strip()
        if role != Role.EditRole or words == self.data(index, Role.EditRole):
            return False
        self.edited.emit(line, index.column(), words)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """The titles of the columns."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return COLUMNS[section].title if role in (Role.DisplayRole, Role.AccessibleTextRole) else None


def _tip(line: Line, column: int) -> str | None:
    if isinstance(line, QueueLine):
        return "Starts when the runs before it have ended. The queue is kept while this window is open."
    if column == 0:
        return f"{line.state}. {line.message}" if line.message else line.state
    return line.notes or None if column == NAME else None
