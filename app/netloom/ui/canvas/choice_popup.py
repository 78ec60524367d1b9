"""A search field over a short list, at a place of the canvas: type a few letters, Enter takes the chosen row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from netloom.ui import theme
from netloom.ui.announcing import announce
from netloom.ui.widgets import Caption, SearchField, surface

Index: TypeAlias = QModelIndex | QPersistentModelIndex
WIDTH, ROWS, ROW = 300, 9, 28
MOST = 60
"""Rows of one search: further down nobody scrolls, and each costs time at every key."""
VALUE, ASIDE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: what it stands for, its words, and quiet words at its right."""

    value: Any
    text: str
    aside: str
    icon: QIcon
    tip: str = ""


class ChoicePopup(QFrame):
    """Shows what `find` gives for a text. `chosen` carries the value of a row; `closed` comes whenever it goes away."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget, title: str, rows: str, find: Callable[[str], Iterable[Choice]]) -> None:
        super().__init__(parent)
        self._canvas = parent
        self._find = find
        self.setAccessibleName(title)
        surface(self, "overlay")
        self.setFixedWidth(WIDTH)
        self.field = SearchField(title, parent=self)
        self.field.setProperty("frameless", "true")
        self.list = QListWidget(self)
        self.list.setAccessibleName(rows)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = Caption("Nothing called that.", 2, self)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(8, 2, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        for widget in (self.field, self.list, self.empty):
            column.addWidget(widget)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._accept)
        self.field.moved.connect(self._move)
        self.list.currentItemChanged.connect(lambda *_: self._tell())
        self.list.itemClicked.connect(lambda _item: self._accept())
        self.field.installEventFilter(self)

    def show_at(self, at: QPoint) -> None:
        """Come up at a place of the parent, with all rows."""
        self.field.clear()
        self._fill("")
        room = self._canvas.rect().adjusted(8, 8, -8, -8)
        x = max(room.left(), min(at.x(), room.right() - self.width()))
        y = max(room.top(), min(at.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_search(self) -> None:
        """Go away without choosing anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _fill(self, text: str) -> None:
        self.list.clear()
        for choice in islice(self._find(text), MOST):
            item = QListWidgetItem(choice.icon, choice.text)
            item.setData(VALUE, choice.value)
            item.setData(ASIDE, choice.aside)
            item.setToolTip(choice.tip)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        count = self.list.count()
        self.list.setFixedHeight(max(1, min(count, ROWS)) * ROW)
        self.list.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        self.adjustSize()

    def _tell(self) -> None:
        """Say which row is chosen: the keyboard stays in the field."""
        index = self.list.currentIndex()
        announce(self.field, f"{index.data()}, {index.data(ASIDE)}" if index.isValid() else "")

    def _move(self, step: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def _accept(self) -> None:
        if self.list.currentRow() >= 0:
            self.chosen.emit(self.list.currentItem().data(VALUE))
            self.close_search()
        else:
            self._miss()

    def _miss(self) -> None:
        """Do what Enter means where nothing was found."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the field leaves over, such as Enter, are not for the canvas: it would open the new block."""
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on Escape, and when the field loses the keyboard to something outside."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.close_search()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.close_search()
        return super().eventFilter(watched, event)


class _Row(QStyledItemDelegate):
    """Icon, words, and quietly those at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(WIDTH - 12, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        room = option.rect
        item = index.data
        is_current = bool(option.state & option.state.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("accent-soft") if is_current else QColor(Qt.GlobalColor.transparent))
        painter.drawRoundedRect(room, 4, 4)
        item(Qt.ItemDataRole.DecorationRole).paint(painter, room.left() + 8, room.top() + 6, 16, 16)
        painter.setFont(theme.font("body"))
        painter.setPen(look.color("text"))
        painter.drawText(room.adjusted(34, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, item(Qt.ItemDataRole.DisplayRole))
        painter.setFont(theme.font("caption"))
        painter.setPen(look.color("text-3"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(room.adjusted(34, 0, -10, 0), right, item(ASIDE))
        painter.restore()
