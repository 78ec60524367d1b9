"""What is known of the runs that are selected: curves, facts or differences, notes."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from netloom.runs import RunLine
from netloom.ui import theme
from netloom.ui.panels.facts_table import FactsTable, Section
from netloom.ui.widgets import Hairline, Segmented

CURVES, FACTS, NOTES = "Curves", "Details", "Notes"
HINT = "Select a run to see its curves, several to compare them."
ONE_ONLY = "Select one run to write notes to it."


class RunDetails(QWidget):
    """`notes_written` carries the id of a run and its notes, `shown` the name of the page that came to the front."""

    notes_written = Signal(str, str)
    shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run-details")
        self.setAccessibleName("Details of the selected runs")
        self.pages = Segmented((CURVES, FACTS, NOTES))
        self.pages.chosen.connect(self.show_page)
        self.facts = FactsTable()
        self.notes = QPlainTextEdit()
        self._noted: RunLine | None = None
        self._count = 0
        self._corner = QHBoxLayout()
        self._curves = QVBoxLayout()
        self._hint = QLabel(HINT)
        self._set_up()
        self._stack = self._laid_out()
        self.show_lines(())

    def _set_up(self) -> None:
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setFont(theme.font("body"))
        self._hint.setWordWrap(True)
        self._hint.setProperty("level", "3")
        self.notes.setObjectName("run-notes")
        self.notes.setAccessibleName("Notes of the run")
        self.notes.setPlaceholderText("What did you try, what came out?")
        self.notes.setFont(theme.font("body"))
        self.notes.setTabChangesFocus(True)
        self.notes.installEventFilter(self)

    def _laid_out(self) -> QStackedWidget:
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.pages)
        row.addStretch(1)
        row.addLayout(self._corner)
        stack = QStackedWidget()
        stack.addWidget(self._hint)
        for layout, margins in ((self._curves, (0, 0, 0, 0)), (_holding(self.facts), (4, 0, 0, 0))):
            stack.addWidget(_page(layout, margins))
        stack.addWidget(_page(_holding(self.notes), (12, 2, 12, 10)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Hairline())
        column.addWidget(stack, 1)
        return stack

    def set_curves(self, curves: QWidget, chooser: QWidget) -> None:
        """Take the plot in, and what chooses its curve; they are slow to import and come later."""
        self._curves.addWidget(curves)
        self._corner.addWidget(chooser)
        self._chooser = chooser
        self.show_page(self.pages.value)

    @property
    def page(self) -> str:
        """The name of the page that is chosen."""
        return self.pages.value

    def show_page(self, name: str) -> None:
        """Bring curves, facts or notes to the front."""
        self.commit()
        self.pages.set_value(name)
        can = self._count == 1 if name == NOTES else self._count > 0
        self._hint.setText(ONE_ONLY if name == NOTES and self._count > 1 else HINT)
        self._stack.setCurrentIndex(1 + (CURVES, FACTS, NOTES).index(name) if can else 0)
        if self._corner.count():
            self._chooser.setVisible(name == CURVES and can)
        self.shown.emit(name)

    def show_lines(self, lines: Sequence[RunLine]) -> None:
        """Say which runs are selected; curves and facts follow once they are read."""
        self.commit()
        self._count = len(lines)
        self._noted = lines[0] if len(lines) == 1 else None
        self.notes.setPlainText(self._noted.notes if self._noted else "")
        self.show_page(self.pages.value)

    def show_facts(self, titles: Sequence[str], sections: Sequence[Section]) -> None:
        """Show facts of one run, or what differs between several."""
        self.facts.show_facts(titles, sections)

    def write_notes(self) -> None:
        """Take the keyboard to the notes."""
        self.show_page(NOTES)
        self.notes.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Hand over notes that were changed."""
        text = self.notes.toPlainText()
        if self._noted is not None and text != self._noted.notes:
            key, self._noted = self._noted.id, None
            self.notes_written.emit(key, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes are written when the keyboard goes elsewhere."""
        if watched is self.notes and event.type() == QEvent.Type.FocusOut:
            noted, text = self._noted, self.notes.toPlainText()
            self.commit()
            self._noted = noted and _with_notes(noted, text)
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing that was typed is lost with the page."""
        super().hideEvent(event)
        self.commit()


def _with_notes(line: RunLine, text: str) -> RunLine:
    import msgspec

    return msgspec.structs.replace(line, notes=text)


def _holding(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.addWidget(widget)
    return layout


def _page(layout: QVBoxLayout, margins: tuple[int, int, int, int]) -> QWidget:
    page = QWidget()
    layout.setContentsMargins(*margins)
    page.setLayout(layout)
    return page
