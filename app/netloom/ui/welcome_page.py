"""The first thing a person sees: three ways to begin, what was open before, and the gallery."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.gallery import Choice, Gallery, file_choice, grid, template_choices
from netloom.ui.widgets import Button, SearchField, surface

if TYPE_CHECKING:
    from netloom.templates import Template

MARGIN = 40
ABOVE, BELOW = 36, 24
SEARCH_WIDTH = 264
MOST_RECENT = 5
NAMED_DAYS = 7


class WelcomePage(QWidget):
    """Asks for what a person chooses, `left` for the canvas.

    `file_requested` carries a Path, `template_requested` a new Document and its name.
    """

    new_requested = Signal()
    open_requested = Signal()
    left = Signal()
    file_requested = Signal(object)
    template_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName("Welcome")
        surface(self, "window")
        self.new = Button("New network", "plus", primary=True, parent=self)
        self.new.setObjectName("welcome-new")
        self.open = Button("Open…", "folder-open", parent=self)
        self.open.setObjectName("welcome-open")
        self.search = SearchField("Find a network", parent=self)
        self.search.setObjectName("welcome-search")
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.gallery = Gallery(MARGIN, self)
        self._column = QVBoxLayout(self)
        self._head = QVBoxLayout()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        title = QLabel("Welcome to Netloom", self)
        title.setFont(theme.font("page"))
        line = QLabel("Build a network, watch it learn, take it away as code.", self)
        line.setProperty("level", "2")
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(self.new)
        ways.addWidget(self.open)
        ways.addStretch(1)
        ways.addWidget(self.search)
        self._head.setSpacing(0)
        self._head.addWidget(title)
        self._head.addSpacing(4)
        self._head.addWidget(line)
        self._head.addSpacing(20)
        self._head.addLayout(ways)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._head)
        self._column.addWidget(self.gallery, 1)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_requested)
        self.open.clicked.connect(self.open_requested)
        self.search.textChanged.connect(self.gallery.search)
        self.search.returnPressed.connect(lambda: self.gallery.choose_first() if self.search.text() else None)
        self.search.moved.connect(lambda step: self.gallery.enter() if step > 0 else None)
        self.gallery.left.connect(self.search.setFocus)
        self.gallery.typed.connect(self._type)
        self.gallery.chosen.connect(self._choose)

    def fill(self, recent: Sequence[Path]) -> None:
        """Show these files and all templates."""
        files = (_recent(number, path) for number, path in enumerate(recent[:MOST_RECENT]))
        self.gallery.set_choices([*(each for each in files if each is not None), *template_choices()])

    def begin(self) -> None:
        """Start at the top, with the keyboard in the field."""
        self.search.clear()
        self.gallery.verticalScrollBar().setValue(0)
        self.search.setFocus()

    def _type(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)

    def _choose(self, what: "Template | Path") -> None:
        if isinstance(what, Path):
            self.file_requested.emit(what)
        else:
            self.template_requested.emit(what.build(), what.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads to the canvas; the field clears its text before that."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand over the cards, from the first to the last."""
        super().resizeEvent(event)
        place = grid(self.width(), MARGIN)
        side = self.width() - place.left - place.width
        self._head.setContentsMargins(place.left, ABOVE, side, BELOW)
        self._column.activate()


def _recent(number: int, path: Path) -> Choice | None:
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except OSError:
        return None
    return file_choice(number, path, short_folder(path.parent), when(changed, datetime.now().astimezone()))


def short_folder(folder: Path, home: Callable[[], Path] = Path.home) -> str:
    """A folder as people write it, with ~ for their own."""
    return f"~/{folder.relative_to(home())}".removesuffix("/.") if folder.is_relative_to(home()) else str(folder)


def when(then: datetime, now: datetime) -> str:
    """When something was: the time today, the day this week, else the date."""
    days = (now.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    if days == 1:
        return "Yesterday"
    if 1 < days < NAMED_DAYS:
        return f"{then:%A}"
    return f"{then.day} {then:%b}" if then.year == now.year else f"{then.day} {then:%b %Y}"
