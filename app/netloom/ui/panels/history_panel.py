"""Every step of the document that is shown, by name; a click goes back to it or on to it."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from netloom.graph import History
from netloom.graph.history import Deed
from netloom.ui import theme, widgets

ROW_HEIGHT = 24
DOT_LEFT, TEXT_LEFT, RIGHT = 16, 32, 16
DOT, RING = 6, 5
SAVED = "Saved"
FIRST = "Beginning"

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """The steps as rows: row 0 is the beginning, row 1 the first step. A deed touches its own rows only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._labels: list[str] = []
        self.done = 0
        self.saved: int | None = None

    @property
    def labels(self) -> Sequence[str]:
        """The names of all rows."""
        return self._labels

    def set_history(self, history: History | None) -> None:
        """Show the steps of another history, or let go of all."""
        if self._history is not None:
            self._history.observers.remove(self._follow)
        self.beginResetModel()
        self._history = history
        self._labels = [] if history is None else [FIRST, *history.labels]
        self.done = 0 if history is None else history.done
        if history is not None:
            history.observers.append(self._follow)
        self.endResetModel()

    def set_saved(self, saved: int | None) -> None:
        """Mark the row that is on disk, if any is."""
        before, self.saved = self.saved, saved
        self._tell_changed(before, saved)

    def _tell_changed(self, *rows: int | None) -> None:
        found = [row for row in rows if row is not None and row < len(self._labels)]
        if found:
            self.dataChanged.emit(self.index(min(found)), self.index(max(found)))

    def _follow(self, deed: Deed) -> None:
        history = self._history
        if history is None:
            return
        label = history.undo_label or ""
        if deed.way == "do":
            self._cut(history.done)
            self._add(label)
        elif deed.way == "join":
            self._cut(history.done + 1)
            self._rename(history.done, label)
        before, self.done = self.done, history.done
        self._tell_changed(before, self.done)

    def _cut(self, kept: int) -> None:
        """Let go of the rows from a row on."""
        if kept < len(self._labels):
            self.beginRemoveRows(QModelIndex(), kept, len(self._labels) - 1)
            del self._labels[kept:]
            self.endRemoveRows()

    def _add(self, label: str) -> None:
        row = len(self._labels)
        self.beginInsertRows(QModelIndex(), row, row)
        self._labels.append(label)
        self.endInsertRows()

    def _rename(self, row: int, label: str) -> None:
        if row and self._labels[row] != label:
            self._labels[row] = label
            self._tell_changed(row)

    def rowCount(self, parent: Index | None = None) -> int:
        """The number of rows; a step has no children."""
        return 0 if parent is not None and parent.isValid() else len(self._labels)

    def data(self, index: Index, role: int = 0) -> object:
        """The name; for those who cannot see, with what is said by colour and mark."""
        row = index.row()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            marks = [word for word, holds in self._marks(row) if holds]
            return ", ".join((self._labels[row], *marks))
        return self._labels[row] if role == Qt.ItemDataRole.DisplayRole else None

    def _marks(self, row: int) -> Sequence[tuple[str, bool]]:
        return (("current", row == self.done), ("undone", row > self.done), ("saved", row == self.saved))


class HistoryDelegate(QStyledItemDelegate):
    """A dot and a name; the current step bright, undone ones quiet, the saved one with a word."""

    def __init__(self, model: HistoryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One step."""
        look, rect, row, model = theme.current(), option.rect, index.row(), self._model
        is_current, is_undone = row == model.done, row > model.done
        painter.save()
        self._draw_ground(painter, option, is_current=is_current)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if not is_undone else look.color("text-3"))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_undone else look.color("accent" if is_current else "line-strong"))
        size = RING if is_undone else DOT
        painter.drawEllipse(DOT_LEFT - size // 2, rect.center().y() - size // 2, size, size)
        self._draw_words(painter, rect, row)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, is_current: bool) -> None:
        look = theme.current()
        state = option.state
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(option.rect, look.color("accent-soft"))
        elif is_current or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, look.color("hover"))

    def _draw_words(self, painter: QPainter, rect: QRect, row: int) -> None:
        look, model, room = theme.current(), self._model, rect.adjusted(TEXT_LEFT, 0, -RIGHT, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if row == model.saved:
            painter.setFont(theme.font("caption"))
            painter.setPen(look.color("text-3"))
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, SAVED)
            room = room.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(SAVED) - 8, 0)
        painter.setFont(theme.font("body"))
        painter.setPen(look.color("text" if row == model.done else "text-3" if row > model.done else "text-2"))
        words = painter.fontMetrics().elidedText(model.labels[row], Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, words)


class HistoryView(QTableView):
    """The steps; a table, for a list view lays out thousands of rows anew for each one more.

    `chosen` carries how many are to be done.
    """

    chosen = Signal(int)

    def __init__(self, model: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history-steps")
        self.setAccessibleName("Steps")
        self.setModel(model)
        self.setItemDelegate(HistoryDelegate(model, self))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        theme.signals.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the step under the keyboard."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class HistoryPanel(QWidget):
    """Follows the history of one document while it is shown. `step_requested` carries how many steps are to be done."""

    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName("History")
        widgets.surface(self, "panel")
        self._history: History | None = None
        self.model = HistoryModel(self)
        self.view = HistoryView(self.model, self)
        self.view.chosen.connect(self.step_requested)
        self.model.rowsInserted.connect(self._follow_done)
        self.model.dataChanged.connect(self._follow_done)
        self.setFocusProxy(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self.view)

    def set_history(self, history: History) -> None:
        """Show the steps of another document; once it is seen, if it is not yet."""
        self._history = history
        if self.isVisible():
            self._show()

    def set_saved(self, saved: int | None) -> None:
        """Mark the step after which the document was saved, if it is in a file."""
        if saved != self.model.saved:
            self.model.set_saved(saved)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the history from now on."""
        super().showEvent(event)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """What cannot be seen is not followed."""
        super().hideEvent(event)
        self.model.set_history(None)

    def _show(self) -> None:
        self.model.set_history(self._history)
        self._follow_done()

    def _follow_done(self) -> None:
        """Keep the current step in sight."""
        index = self.model.index(self.model.done)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
