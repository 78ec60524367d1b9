"""The table of runs: sorted by its header, edited in place, selected by mouse and keys."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from netloom.runs import RunLine
from netloom.ui import theme
from netloom.ui.panels.run_cells import COLUMNS, NAME, STARTED, STATE, TAGS, Line
from netloom.ui.panels.runs_delegate import RunsDelegate
from netloom.ui.panels.runs_model import Index, RunsModel

ROW_HEIGHT, HEADER_HEIGHT = 24, 26
STATE_WIDTH, NAME_WIDTH = 60, 144
LEAST = (6, 5, 4, TAGS, 3, STARTED)
"""The columns that go where there is no room for names: device, time, epochs, tags, loss, beginning."""


class RunsTable(QTableView):
    """`picked` says that another selection is made, `opened` that a row was double clicked, `menu_requested` where."""

    picked = Signal()
    opened = Signal()
    menu_requested = Signal(object)

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs-table")
        self.setAccessibleName("Runs")
        self.runs = model
        self._is_renewing = False
        self._kept: tuple[set[str], str | None] = (set(), None)
        self.setModel(model)
        self.painter_of_rows = RunsDelegate(model, self)
        self.setItemDelegate(self.painter_of_rows)
        self._set_up()
        self._set_up_header()
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._bring_back)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.entered.connect(lambda index: self._hover(index.row()))
        theme.signals.changed.connect(self.viewport().update)

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setFont(theme.font("caption"))
        header.setFixedHeight(HEADER_HEIGHT)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for place, column in enumerate(COLUMNS):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
            if column.width:
                header.resizeSection(place, STATE_WIDTH if place == STATE else column.width)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self.sort_by)
        self._show_order()

    def sort_by(self, column: int) -> None:
        """Order by a column; the same once more turns the order round."""
        shelf = self.runs.shelf
        falls = not shelf.falls if column == shelf.column else COLUMNS[column].falls
        self.runs.sort(column, Qt.SortOrder.DescendingOrder if falls else Qt.SortOrder.AscendingOrder)
        self._show_order()

    def sort_next(self) -> None:
        """Order by the next column that is shown."""
        column = self.runs.shelf.column
        while True:
            column = (column + 1) % len(COLUMNS)
            if not self.isColumnHidden(column):
                self.sort_by(column)
                return

    def _show_order(self) -> None:
        shelf = self.runs.shelf  # Qt's arrow points the other way than people read it: up is for what rises
        order = Qt.SortOrder.AscendingOrder if shelf.falls else Qt.SortOrder.DescendingOrder
        self.horizontalHeader().setSortIndicator(shelf.column, order)

    @property
    def selected(self) -> Sequence[Line]:
        """The lines that are selected, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.runs.rows[row] for row in rows]

    def select(self, keys: Collection[str]) -> None:
        """Select these lines, where they are shown, and go to the first."""
        places = self.runs.places(keys)
        with self._renewing():
            self.selectionModel().select(self._span(places), QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if places:
                self._set_current(places[0])
        self._tell()

    def _span(self, places: Sequence[int]) -> QItemSelection:
        found = QItemSelection()
        for row in places:
            found.select(self.runs.index(row, 0), self.runs.index(row, len(COLUMNS) - 1))
        return found

    def _set_current(self, row: int) -> None:
        index = self.runs.index(row, NAME)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)

    def step(self, steps: int) -> None:
        """Select the row so many further, from a field above the table."""
        if self.runs.rows:
            row = min(max(self.currentIndex().row() + steps, 0), len(self.runs.rows) - 1)
            self.select([self.runs.rows[row].id])

    def edit_cell(self, column: int) -> None:
        """Type another name, or other tags, for the current row."""
        row = self.currentIndex().row()
        if row >= 0 and isinstance(self.runs.rows[row], RunLine):
            if self.isColumnHidden(column):
                self.setColumnHidden(column, False)
            self.edit(self.runs.index(row, column))

    @property
    def is_editing(self) -> bool:
        """Whether somebody types into a cell."""
        return self.state() == QAbstractItemView.State.EditingState

    def _keep(self) -> None:
        rows, current = self.runs.rows, self.currentIndex().row()
        self._kept = ({line.id for line in self.selected}, rows[current].id if 0 <= current < len(rows) else None)

    def _bring_back(self) -> None:
        keys, current = self._kept
        with self._renewing():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().select(self._span(self.runs.places(keys)), flags)
            for row in self.runs.places({current} if current else ()):
                self.selectionModel().setCurrentIndex(
                    self.runs.index(row, NAME), QItemSelectionModel.SelectionFlag.NoUpdate
                )
        if {line.id for line in self.selected} != keys:
            self.picked.emit()

    @contextmanager
    def _renewing(self) -> Iterator[None]:
        """While it lasts, what changes in the selection is not the person's doing."""
        self._is_renewing = True
        try:
            yield
        finally:
            self._is_renewing = False

    def _tell(self) -> None:
        if not self._is_renewing:
            self.viewport().update()
            self.picked.emit()

    def _hover(self, row: int) -> None:
        if row != self.painter_of_rows.hovered:
            self.painter_of_rows.hovered = row
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard needs a row to stand on."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.runs.rows:
            self._set_current(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ground of selected rows is another one now."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with what is selected."""
        self.menu_requested.emit(event.globalPos())

    def resizeEvent(self, event: object) -> None:
        """Where there is no room, the less important columns go."""
        wide = STATE_WIDTH + NAME_WIDTH + sum(column.width for column in COLUMNS[NAME:])
        for column in LEAST:
            is_hidden = wide > self.width()
            self.setColumnHidden(column, is_hidden)
            wide -= COLUMNS[column].width if is_hidden else 0
        super().resizeEvent(event)  # type: ignore[arg-type]

    def scroll_to_top(self) -> None:
        """Show the first rows."""
        self.verticalScrollBar().setValue(0)

    def edits(self, column: int) -> bool:
        """Whether cells of a column can be typed into."""
        return column in (NAME, TAGS)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Repaint the mark of the row under the keyboard."""
        super().currentChanged(current, previous)
        self.viewport().update()
