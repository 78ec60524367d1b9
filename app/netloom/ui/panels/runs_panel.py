"""The dock's Runs page: all runs that are kept and the queue, searched and filtered; beside it the selected ones."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QIcon, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from netloom.runs import RunLine
from netloom.ui import theme
from netloom.ui.notice import Notice
from netloom.ui.panels.run_cells import NAME, STATES, TAGS, QueueLine
from netloom.ui.panels.run_details import FACTS, RunDetails
from netloom.ui.panels.runs_model import RunsModel
from netloom.ui.panels.runs_shelf import Shelf, Wish
from netloom.ui.panels.runs_table import RunsTable
from netloom.ui.panels.texts import Line
from netloom.ui.widgets import Button, Hairline, IconButton, SearchField, surface
from netloom.ui.words import counted

EMPTY = "Each training is kept here."
READING = "Reading the runs …"
NOTHING = "No run is called or tagged like that."
ANY_STATE = "All states"
DETAILS_FROM = 760
"""Pixels from which on there is room for details beside the table."""
WORDS_FROM = 540
"""Pixels of the table from which on there is room for the words of all filters."""
SMALL, WIDEST = 32, 1 << 16
SETTLE_MS = 120
"""A selection that runs through the table is read when it rests."""


class FilterButton(Button):
    """Lets only some runs through while it is pressed. It has words, or where there is no room an icon."""

    def __init__(self, text: str, icon: str, tip: str) -> None:
        super().__init__(text)
        self._words, self._picture = text, icon
        self.setCheckable(True)
        self.setProperty("flat", "true")
        self.setToolTip(tip)
        self.setAccessibleName(text)

    def set_small(self, is_small: bool) -> None:
        """Show the icon alone, or the words alone."""
        self.setText("" if is_small else self._words)
        self.setIcon(QIcon())
        self.set_icon(self._picture if is_small else "")
        self.setMaximumWidth(SMALL if is_small else WIDEST)


class RunsPanel(QWidget):
    """Asks for what it shows by `refresh_requested`; `details_requested` carries the runs to read, `changed` run id,
    field and value; `picked` says that another selection is made, `undo_requested` wants deleted runs back.
    """

    refresh_requested = Signal()
    details_requested = Signal(object)
    changed = Signal(str, str, object)
    picked = Signal()
    opened = Signal()
    menu_requested = Signal(object)
    undo_requested = Signal()
    graph_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs-panel")
        self.setAccessibleName("Runs")
        surface(self, "panel")
        self.model = RunsModel(self)
        self.search = SearchField("Find a run")
        self.states = QComboBox()
        self.here = FilterButton("This network", "network", "Only runs of the network that is shown, as it is now")
        self.pinned = FilterButton("Pinned", "pin", "Only pinned runs")
        self.hidden = FilterButton("Hidden", "eye-off", "Only hidden runs")
        self.count = Line("", "caption", "text-3")
        self.more = IconButton("ellipsis", "What can be done with runs")
        self.table = RunsTable(self.model)
        self.details = RunDetails()
        self.undo = Notice()
        self._graph = ""
        self._message = QLabel(READING)
        self._rest = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._is_read = self._is_waiting = False
        self._name_parts()
        self._stack = self._laid_out()
        self._connect()

    def _name_parts(self) -> None:
        for widget, name in (
            (self.search, "runs-search"),
            (self.states, "runs-states"),
            (self.here, "runs-here"),
            (self.pinned, "runs-pinned"),
            (self.hidden, "runs-hidden"),
            (self.more, "runs-more"),
            (self.undo, "runs-undo"),
        ):
            widget.setObjectName(name)
        self.states.setAccessibleName("State")
        self.states.setFont(theme.font("body"))
        self.states.addItem(ANY_STATE, "")
        for name, look in STATES.items():
            if name != "queued":
                self.states.addItem(look.word[:1].upper() + look.word[1:], name)
        self.undo.setAccessibleName("Deleted runs")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setFont(theme.font("body"))
        self._message.setProperty("level", "3")

    def _laid_out(self) -> QStackedWidget:
        self.undo_button = self.undo.add_button("Bring back", "runs-bring-back")
        stack = QStackedWidget()
        stack.addWidget(self._message)
        stack.addWidget(self.table)
        self._left = left = QWidget()
        left.installEventFilter(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar())
        column.addWidget(Hairline())
        column.addWidget(self.undo)
        column.addWidget(stack, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        for widget, stretch in ((left, 62), (self.details, 38)):
            self._split.addWidget(widget)
            self._split.setStretchFactor(self._split.count() - 1, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        return stack

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(4)
        self.search.setMinimumWidth(88)
        self.states.setMinimumWidth(104)
        self.search.setMaximumWidth(220)
        row.addWidget(self.search, 3)
        row.addSpacing(4)
        for widget in (self.states, self.here, self.pinned, self.hidden):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.count)
        row.addSpacing(4)
        row.addWidget(self.more)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The bar has as many words as there is room for."""
        if watched is self._left and event.type() == QEvent.Type.Resize:
            is_small = self._left.width() < WORDS_FROM
            for button in (self.here, self.pinned, self.hidden):
                button.set_small(is_small)
            self.count.setVisible(not is_small)
        return super().eventFilter(watched, event)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._wish)
        self.search.moved.connect(self.table.step)
        self.search.returnPressed.connect(self._enter_table)
        self.states.activated.connect(self._wish)
        for button in (self.pinned, self.hidden):
            button.toggled.connect(self._wish)
        self.here.toggled.connect(self.graph_wanted)
        self.more.clicked.connect(self._open_menu)
        self.table.picked.connect(self._follow)
        self.table.opened.connect(self.opened)
        self.table.menu_requested.connect(self.menu_requested)
        self.table.itemDelegate().closeEditor.connect(self._catch_up)
        self.model.edited.connect(self._edited)
        self.details.notes_written.connect(lambda key, text: self.changed.emit(key, "notes", text))
        self.undo_button.clicked.connect(self.undo_requested)
        self._rest.timeout.connect(self._read_details)

    @property
    def selected(self) -> Sequence[RunLine]:
        """The runs that are selected, from top to bottom."""
        return [line for line in self.table.selected if isinstance(line, RunLine)]

    @property
    def queued(self) -> Sequence[str]:
        """What is selected of the queue."""
        return [line.id for line in self.table.selected if isinstance(line, QueueLine)]

    def set_shelf(self, shelf: Shelf, *, is_whole: bool = True) -> None:
        """Show all runs of the store, or at first the newest ones."""
        self._is_read = is_whole
        self.model.set_shelf(shelf)
        self._synchronize()

    def put(self, lines: Sequence[RunLine]) -> None:
        """Take over new runs, and what has become of others."""
        if lines:
            self.model.shelf.put(lines)
            self._refresh()

    def drop(self, keys: Sequence[str]) -> None:
        """Runs were deleted; the row that comes in their place is selected."""
        places = self.model.places(keys)
        self.model.shelf.drop(keys)
        self._refresh()
        if places and self.model.rows:
            self.table.select([self.model.rows[min(places[0], len(self.model.rows) - 1)].id])

    def set_queue(self, queue: Sequence[QueueLine]) -> None:
        """Show what waits."""
        self.model.set_queue(queue)
        self._synchronize()

    def set_graph(self, fingerprint: str) -> None:
        """Show the runs of one network only, or with "" all."""
        self._graph = fingerprint
        self._wish()

    def offer_undo(self, count: int) -> None:
        """Say that runs were deleted, as long as they can be brought back."""
        if count:
            self.undo.show_text(f"{counted(count, 'run')} deleted; gone for good when the window closes.", "info")
        else:
            self.undo.clear()

    def rename(self) -> None:
        """Type another name for the current run."""
        self.table.edit_cell(NAME)

    def edit_tags(self) -> None:
        """Type the tags of the current run."""
        self.table.edit_cell(TAGS)

    def write_notes(self) -> None:
        """Take the keyboard to the notes of the selected run."""
        self.details.show()
        self.details.write_notes()

    def compare(self) -> None:
        """Show what differs between the selected runs."""
        self.details.show()
        self.details.show_page(FACTS)

    def _edited(self, line: RunLine, column: int, words: str) -> None:
        if column == NAME:
            self.changed.emit(line.id, "name", words)
        else:
            self.changed.emit(line.id, "tags", words.split(","))

    def _refresh(self) -> None:
        """Show what the shelf holds now; what is being typed into a cell is not taken away."""
        self._is_waiting = self.table.is_editing
        if not self._is_waiting:
            self.model.refresh()
            self._synchronize()

    def _catch_up(self) -> None:
        if self._is_waiting:
            QTimer.singleShot(0, self._refresh)

    def _wish(self) -> None:
        state = str(self.states.currentData())
        is_pinned, is_hidden = self.pinned.isChecked(), self.hidden.isChecked()
        self.model.set_wish(Wish(self.search.text(), state, self._graph, is_pinned, is_hidden))
        self.table.scroll_to_top()
        self._synchronize()

    def _synchronize(self) -> None:
        shown, known = len(self.model.rows), len(self.model.shelf)
        if shown:
            self._stack.setCurrentWidget(self.table)
        else:
            self._message.setText(READING if not self._is_read else NOTHING if known else EMPTY)
            self._stack.setCurrentWidget(self._message)
        whole = counted(known, "run") if shown >= known else f"{shown:,} of {known:,}"
        self.count.setText(whole if self._is_read and known else "")

    def _follow(self) -> None:
        lines = self.selected
        self.model.set_strokes({line.id: place for place, line in enumerate(lines[:8])} if len(lines) > 1 else {})
        self.details.show_lines(lines)
        self._rest.start()
        self.picked.emit()

    def _read_details(self) -> None:
        self.details_requested.emit(self.selected)

    def _enter_table(self) -> None:
        if self.model.rows:
            self.table.setFocus(Qt.FocusReason.TabFocusReason)
            self.table.select([self.model.rows[0].id])

    def _open_menu(self) -> None:
        self.menu_requested.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the page was hidden."""
        super().showEvent(event)
        self.refresh_requested.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is typed is kept."""
        super().hideEvent(event)
        self.details.commit()

    def resizeEvent(self, event: object) -> None:
        """Where there is no room, the table stands alone."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.details.setVisible(self.width() >= DETAILS_FROM)
