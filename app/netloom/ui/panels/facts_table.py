"""A quiet table of facts: names at the left, a column of values for each run; and the words for what they say."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from netloom.runs import Comparison, RunRecord
from netloom.ui import theme
from netloom.ui.panels.run_cells import NONE, number, share
from netloom.ui.words import counted, duration

ROW_HEIGHT = 22
NAME_WIDTH, VALUE_WIDTH = 140, 88
Row = tuple[str, Sequence[str]]
Section = tuple[str, Sequence[Row]]


class FactsTable(QTableWidget):
    """Sections with a title each. Where a value is another than the first run's, it is bright."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run-facts")
        self.setAccessibleName("What is known of the runs")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setStyleSheet("QHeaderView::section { padding-left: 11px; }")  # as the cells below
        self.horizontalHeader().setFont(theme.font("caption"))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        theme.signals.changed.connect(self._restyle)
        self._shown: tuple[Sequence[str], Sequence[Section]] = ((), ())

    def show_facts(self, titles: Sequence[str], sections: Sequence[Section]) -> None:
        """Show sections of rows, with a column for each title; without titles there is no header."""
        self._shown = (titles, sections)
        columns = 1 + max(1, len(titles))
        rows = [*self._cells(sections, columns)]
        self.setColumnCount(columns)
        self.setRowCount(len(rows))
        self.setHorizontalHeaderLabels(["", *titles] if titles else [""] * columns)
        self.horizontalHeader().setVisible(bool(titles))
        for row, cells in enumerate(rows):
            for column, item in enumerate(cells):
                self.setItem(row, column, item)
        self._size_columns()

    def _cells(self, sections: Sequence[Section], columns: int) -> Sequence[Sequence[QTableWidgetItem]]:
        found = []
        for title, rows in sections:
            found.append([_item(title, "text", "strong"), *(_item("", "text") for _ in range(columns - 1))])
            for name, values in rows:
                tones = ["text" if value != values[0] or len(values) == 1 else "text-2" for value in values]
                cells = [_item(value, tone) for value, tone in zip(values, tones, strict=True)]
                found.append([_item(name, "text-2"), *cells])
        return found

    def _size_columns(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        values = self.columnCount() - 1
        room = max(self.viewport().width() - NAME_WIDTH, 0)
        header.resizeSection(0, NAME_WIDTH)
        for column in range(1, values + 1):
            header.resizeSection(column, max(VALUE_WIDTH, room // values))

    def resizeEvent(self, event: object) -> None:
        """Give the values what room there is."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._size_columns()

    def _restyle(self) -> None:
        self.show_facts(*self._shown)


def _item(text: str, color: str, role: theme.FontRole = "body") -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setFont(theme.font(role))
    item.setForeground(theme.current().color(color))
    item.setToolTip(text if len(text) > 16 else "")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, text or "empty")
    return item


def facts_of(run: RunRecord) -> Sequence[Section]:
    """All that is known of one run."""
    outcome: list[Row] = [
        ("state", [run.state]),
        *([("message", [run.message])] if run.message else []),
        ("trained", [f"{counted(run.epochs, 'epoch')}, {counted(run.steps, 'step')}, {duration(run.seconds)}"]),
        *((f"loss {name}", [number(value)]) for name, value in run.losses.items()),
        *((name, [share(value)]) for name, value in run.measured.items()),
    ]
    tuning = [(name, [str(value)]) for name, value in run.tuning.get("choices", {}).items()]
    gain = run.tuning.get("gain", 1)
    sections: list[Section] = [("Outcome", outcome), ("Settings", _settings(run))]
    if tuning:
        sections.append((f"Chosen for speed, {gain:.2f} × the plain choice", tuning))
    if run.curves.marks:
        sections.append(("Changed meanwhile", [(f"step {mark.step}", [mark.text]) for mark in run.curves.marks]))
    origin = [*((name, [value]) for name, value in run.versions.items()), ("data", [run.data[:16] or NONE])]
    sections.append(("Made with", origin))
    return sections


def _settings(run: RunRecord) -> list[Row]:
    return [*((_plain(name), [str(value)]) for name, value in run.settings.items()), ("device used", [run.device])]


def differences_of(found: Comparison) -> Sequence[Section]:
    """What is not the same in all runs, after how they came out."""
    runs = found.runs
    names = dict.fromkeys(name for run in runs for name in run.measured)
    losses = dict.fromkeys(name for run in runs for name in run.losses)
    outcome = [
        *((name, [share(run.measured.get(name)) for run in runs]) for name in names),
        *(
            (f"loss {name}" if name != "loss" else name, [number(run.losses.get(name)) for run in runs])
            for name in losses
        ),
        ("epochs", [str(run.epochs) for run in runs]),
        ("time", [duration(run.seconds) for run in runs]),
    ]
    sections: list[Section] = [("Outcome", outcome)]
    for title, part in (("Settings that differ", found.settings), ("Network", found.network)):
        rows = [(_plain(name), [_value(value) for value in values]) for name, values in part.items()]
        sections.append((title, rows or [("the same in all", [""] * len(runs))]))
    return sections


def _plain(name: str) -> str:
    return name if "." in name else name.replace("_", " ")


def _value(value: object) -> str:
    return "not there" if value is None else str(value)


def titles(runs: Sequence[RunRecord]) -> Sequence[str]:
    """The names over the columns."""
    return [run.name or run.id for run in runs]
