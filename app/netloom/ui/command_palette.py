"""One field over everything that can be done: actions, nodes of this network, layers to add."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from netloom.ui import theme
from netloom.ui.sheet import SHADOW, Floating
from netloom.ui.widgets import Hairline, SearchField

WIDTH = 560
ROWS = 10
ROW = 36
MOST_OF_A_SECTION = 8
ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be chosen; `hint` is its key or what it is, `also` more words by which it is found."""

    section: str
    text: str
    hint: str
    icon: QIcon
    run: Callable[[], object]
    also: str = ""


class CommandPalette(Floating):
    """Shows the entries that `find` gives for a text, and runs the chosen one after it has closed."""

    def __init__(
        self, find: Callable[[str], Sequence[Entry]], parent: QWidget, what: str = "Search or run a command"
    ) -> None:
        super().__init__("Commands", "command-palette", parent)
        self._find = find
        self.field = SearchField(what, parent=self)
        self.field.setObjectName("command-text")
        self.field.setProperty("frameless", "true")
        self.list = QListWidget(self)
        self.list.setObjectName("command-list")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Row(self.list))
        self._lay_out()
        self.field.textChanged.connect(self._fill)
        self.field.moved.connect(self._move)
        self.field.returnPressed.connect(self._run)
        self.list.itemClicked.connect(lambda _item: self._run())
        self._fill("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 6, SHADOW + 8, SHADOW + 6, SHADOW + 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(Hairline(parent=self))
        column.addWidget(self.list)
        self.list.setFixedHeight(ROWS * ROW)
        self.setFixedWidth(WIDTH + 2 * SHADOW)

    def _fill(self, text: str) -> None:
        self.list.clear()
        section = ""
        for entry in self._find(text.strip()):
            if entry.section != section:
                section = entry.section
                title = QListWidgetItem(section, self.list)
                title.setFlags(Qt.ItemFlag.NoItemFlags)
            item = QListWidgetItem(entry.icon, entry.text, self.list)
            item.setData(ENTRY, entry)
        if self.list.count() == 0 and text.strip():
            QListWidgetItem("Nothing called that.", self.list).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(1 if self.list.count() > 1 else -1)

    def _move(self, step: int) -> None:
        row = self.list.currentRow() + step
        while 0 <= row < self.list.count() and self.list.item(row).data(ENTRY) is None:
            row += step
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)

    def _run(self) -> None:
        item = self.list.currentItem()
        entry = None if self.list.currentRow() < 0 else item.data(ENTRY)
        if entry is not None:
            self.accept()
            entry.run()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the place at the top of the parent's middle."""
        super().showEvent(event)
        self.place(top=56)
        self.field.setFocus()


class _Row(QStyledItemDelegate):
    """Icon and words at the left, the hint at the right; a section's title is small and quiet."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """36 for an entry, 28 for a title."""
        return QSize(0, ROW if index.data(ENTRY) else 28)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        look = theme.current()
        room: QRect = option.rect.adjusted(10, 0, -10, 0)
        entry = index.data(ENTRY)
        middle = Qt.AlignmentFlag.AlignVCenter
        if entry is None:
            painter.setFont(theme.font("caption"))
            painter.setPen(look.color("text-3"))
            painter.drawText(room, middle, str(index.data()))
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent-soft"))
            painter.drawRoundedRect(room.adjusted(-8, 1, 8, -1), 6, 6)
        entry.icon.paint(painter, QRect(room.left(), room.center().y() - 7, 16, 16))
        painter.setFont(theme.font("field"))
        painter.setPen(look.color("text"))
        painter.drawText(room.adjusted(28, 0, 0, 0), middle, entry.text)
        painter.setFont(theme.font("caption"))
        painter.setPen(look.color("text-2"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, entry.hint)


def matching(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries of one section that hold all words of a text, those that begin with it first."""
    return found_by(entries, text)[: MOST_OF_A_SECTION if text else None]


def found_by(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries that hold all words of a text, those whose own words begin with it first."""
    words = text.lower().split()
    found = [entry for entry in entries if all(word in f"{entry.text} {entry.also}".lower() for word in words)]
    found.sort(key=lambda entry: not entry.text.lower().startswith(text.lower()))
    return found


def best_first(sections: Sequence[Sequence[Entry]], text: str) -> list[Entry]:
    """The entries of all sections in a row, those sections first in which something begins with the text."""
    begins = text.lower()
    ranked = sorted(sections, key=lambda entries: not any(each.text.lower().startswith(begins) for each in entries))
    return [entry for entries in ranked for entry in entries]
