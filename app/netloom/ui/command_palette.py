"""One field over everything that can be done: actions, nodes of this network, layers to add."""

from collections.abc import Callable, Sequence
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
from netloom.ui.announcing import announce
from netloom.ui.sheet import SHADOW, Floating
from netloom.ui.widgets import Hairline, SearchField

WIDTH = 560
ROWS = 10
ROW = 36
ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to choose, if it `can` be now; `hint` is its key or what it is, `also` more words that find it."""

    section: str
    text: str
    hint: str
    icon: QIcon
    run: Callable[[], object]
    also: str = ""
    can: bool = True


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
        self.list.setAccessibleName("What was found")
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
                self._add_words(section)
            self._add(entry)
        if self.list.count() == 0 and text.strip():
            self._add_words("Nothing called that.")
        self.list.setCurrentRow(-1)
        self._move(1)
        self.list.scrollToTop()

    def _add_words(self, words: str) -> None:
        QListWidgetItem(words, self.list).setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, entry: Entry) -> None:
        item = QListWidgetItem(entry.icon, entry.text, self.list)
        item.setData(ENTRY, entry)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in (entry.text, entry.hint) if part))
        if not entry.can:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _chosen(self, row: int) -> Entry | None:
        """The entry in a row that can be chosen."""
        found: Entry | None = self.list.item(row).data(ENTRY) if 0 <= row < self.list.count() else None
        return found if found is not None and found.can else None

    def _move(self, step: int) -> None:
        row = self.list.currentRow() + step
        while 0 <= row < self.list.count() and self._chosen(row) is None:
            row += step
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)
            announce(self.field, str(self.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)))

    def _run(self) -> None:
        entry = self._chosen(self.list.currentRow())
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
        painter.setOpacity(1.0 if entry.can else 0.5)
        entry.icon.paint(painter, QRect(room.left(), room.center().y() - 7, 16, 16))
        painter.setOpacity(1.0)
        painter.setFont(theme.font("field"))
        painter.setPen(look.color("text" if entry.can else "text-3"))
        painter.drawText(room.adjusted(28, 0, 0, 0), middle, entry.text)
        painter.setFont(theme.font("caption"))
        painter.setPen(look.color("text-2" if entry.can else "text-3"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, entry.hint)
