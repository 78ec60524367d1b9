"""Every key at a glance, found by a word, and changed by pressing another one."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from netloom.ui import theme
from netloom.ui.action_spec import ActionSpec
from netloom.ui.action_table import ACTIONS
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import Button, Caption, SearchField

WIDTH, HEIGHT, ROW, TITLE_ROW = 640, 560, 28, 32
SPEC = Qt.ItemDataRole.UserRole
KEYS = Qt.ItemDataRole.UserRole + 1
NATIVE = QKeySequence.SequenceFormat.NativeText
HOW = "Enter or a double click changes a key, Backspace takes it away."
MOUSE = (
    ("Drag the ground", "Select what a frame touches; with Shift more, with Ctrl the others, with both fewer"),
    ("Alt+drag the ground", "Draw a lasso"),
    ("Middle drag, Space+drag", "Move what is seen; so do two fingers"),
    ("Wheel, pinch", "Come nearer or step back at the cursor"),
    ("Drag a port", "Draw a wire; dropped on the ground it searches for what fits"),
    ("Drag a wire near its end", "Move that end"),
    ("Drag a wire, double click it", "Bend it by a dot"),
    ("Ctrl+drag with the right button", "Cut every wire that the line crosses"),
    ("Drag a card onto a wire", "Put the node into it"),
    ("Double click the ground", "Search for a node to add"),
    ("Double click a card", "Rename, set values, or open the block"),
)
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class KeySheet(Sheet):
    """All actions with their keys, and what the mouse does. `keys_changed` carries the keys that differ from usual."""

    keys_changed = Signal(object)

    def __init__(self, chosen: Mapping[str, Sequence[str]], parent: QWidget) -> None:
        super().__init__("Keyboard shortcuts", "key-sheet", parent)
        self._chosen = {name: tuple(keys) for name, keys in chosen.items()}
        self._wanted: tuple[ActionSpec, str] | None = None
        self.field = SearchField("Find a key or what it does", parent=self)
        self.list = KeyList(self)
        self.note = Caption(HOW, 2, self)
        self.take = Button("Use it here", parent=self)
        self.reset = Button("Reset this key", parent=self)
        self.reset_all = Button("Reset all keys", parent=self)
        self._fill_body()
        self._connect()
        self._fill()

    def _fill_body(self) -> None:
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)
        self.list.setFixedSize(WIDTH, HEIGHT)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.note.setWordWrap(True)
        row.addWidget(self.note, 1)
        for button in (self.take, self.reset, self.reset_all):
            row.addWidget(button)
        self.body.addLayout(row)
        self.take.hide()

    def _connect(self) -> None:
        self.field.textChanged.connect(self._fill)
        self.field.moved.connect(self.list.step)
        self.field.returnPressed.connect(self.list.listen)
        self.list.pressed_keys.connect(self._propose)
        self.list.currentItemChanged.connect(lambda *_: self._say(HOW))
        self.take.clicked.connect(self._take_over)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)

    def _fill(self) -> None:
        spec, words = self.list.spec, self.field.text().lower().split()
        self.list.clear()
        for title, rows in self._sections():
            found = [row for row in rows if all(word in f"{row[0]} {row[1]} {title}".lower() for word in words)]
            if found:
                self.list.add_title(title)
            for text, keys, action in found:
                self.list.add_row(text, keys, action)
        self.list.choose(spec)
        self._show_resets()

    def _sections(self) -> Iterator[tuple[str, list[tuple[str, str, ActionSpec | None]]]]:
        """The titles with what stands under them: words, keys, and the action where there is one."""
        for menu in dict.fromkeys(spec.menu for spec in ACTIONS):
            specs = [spec for spec in ACTIONS if spec.menu == menu]
            yield menu, [(spec.text.rstrip("…"), self._keys(spec), spec) for spec in specs]
        yield "Mouse", [(words, hand, None) for hand, words in MOUSE]

    def _keys(self, spec: ActionSpec) -> str:
        return "   ".join(QKeySequence(key).toString(NATIVE) for key in self._now(spec))

    def _now(self, spec: ActionSpec) -> Sequence[str]:
        return self._chosen.get(spec.id, spec.shortcuts)

    def _propose(self, keys: str) -> None:
        """Give the chosen action a key, or none; where another action has it, ask first."""
        spec = self.list.spec
        if spec is None:
            return
        wanted = QKeySequence(keys).toString()
        others = (each for each in ACTIONS if each is not spec and each.meets(spec))
        owner = next((each for each in others if wanted and wanted in map(_plain, self._now(each))), None)
        if owner is None:
            self._give(spec, (keys,) if keys else ())
            return
        self._wanted = (spec, keys)
        native = QKeySequence(keys).toString(NATIVE)
        self._say(f"{native} is the key of {owner.text.rstrip('…')}.", can_take=True)

    def _take_over(self) -> None:
        if self._wanted is not None:
            spec, keys = self._wanted
            for other in (each for each in ACTIONS if each.meets(spec)):
                if _plain(keys) in map(_plain, self._now(other)):
                    self._chosen[other.id] = tuple(key for key in self._now(other) if _plain(key) != _plain(keys))
            self._give(spec, (keys,))

    def _give(self, spec: ActionSpec, keys: tuple[str, ...]) -> None:
        self._chosen[spec.id] = keys
        self._tell()

    def _reset(self) -> None:
        if self.list.spec is not None:
            self._chosen.pop(self.list.spec.id, None)
            self._tell()

    def _reset_all(self) -> None:
        self._chosen.clear()
        self._tell()

    def _tell(self) -> None:
        usual = {spec.id: spec.shortcuts for spec in ACTIONS}
        self._chosen = {name: keys for name, keys in self._chosen.items() if keys != usual.get(name)}
        self.keys_changed.emit(dict(self._chosen))
        self._fill()
        self._say(HOW)

    def _say(self, text: str, *, can_take: bool = False) -> None:
        self.note.setText(text)
        self.take.setVisible(can_take)
        self._show_resets()

    def _show_resets(self) -> None:
        spec = self.list.spec
        self.reset.setEnabled(spec is not None and spec.id in self._chosen)
        self.reset_all.setEnabled(bool(self._chosen))


def _plain(key: str) -> str:
    return QKeySequence(key).toString()


class KeyList(QListWidget):
    """Rows of actions; while it listens, the next key is for the row. `pressed_keys` carries that key, or nothing."""

    pressed_keys = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("key-list")
        self.setAccessibleName("Keys")
        self.setItemDelegate(_Row(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.is_listening = False
        self.itemDoubleClicked.connect(lambda _item: self.listen())
        self.currentItemChanged.connect(lambda *_: self._stop())

    def add_title(self, text: str) -> None:
        """Add the title of a section."""
        QListWidgetItem(text, self).setFlags(Qt.ItemFlag.NoItemFlags)

    def add_row(self, text: str, keys: str, spec: ActionSpec | None) -> None:
        """Add an action, or what the mouse does."""
        item = QListWidgetItem(text, self)
        item.setData(SPEC, spec)
        item.setData(KEYS, keys)
        if spec is not None:
            item.setToolTip(spec.tip)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}, {keys or 'no key'}")

    @property
    def spec(self) -> ActionSpec | None:
        """The action of the row that is chosen."""
        item = self.currentItem()
        found: ActionSpec | None = item.data(SPEC) if self.currentRow() >= 0 else None
        return found

    def choose(self, spec: ActionSpec | None) -> None:
        """Choose the row of an action, else the first row of one."""
        rows = [row for row in range(self.count()) if self.item(row).data(SPEC) is not None]
        same = [row for row in rows if self.item(row).data(SPEC) is spec]
        self.setCurrentRow((same or rows or [-1])[0])

    def step(self, steps: int) -> None:
        """Go on to another row."""
        rows = [row for row in range(self.count()) if self.item(row).data(KEYS) is not None]
        if rows:
            place = rows.index(self.currentRow()) if self.currentRow() in rows else 0
            self.setCurrentRow(rows[min(max(place + steps, 0), len(rows) - 1)])

    def listen(self) -> None:
        """Wait for the key that the chosen action is to have."""
        if self.spec is not None:
            self.is_listening = True
            self.setFocus()
            self.viewport().update()

    def _stop(self) -> None:
        self.is_listening = False
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """While it listens, every key is taken before anything else can act on it."""
        if isinstance(event, QKeyEvent) and self.is_listening:
            event.accept()
            if event.type() == QKeyEvent.Type.KeyPress:
                self._take(event)
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        if event.key() in MODIFIERS:
            return
        self._stop()
        if event.key() != Qt.Key.Key_Escape:
            self.pressed_keys.emit(QKeySequence(event.keyCombination()).toString())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter changes the key of a row, Backspace and Delete take it away."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.listen()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.pressed_keys.emit("")
        else:
            super().keyPressEvent(event)


class _Row(QStyledItemDelegate):
    """What is done at the left, its keys at the right."""

    def __init__(self, rows: KeyList) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """28 for a row, 32 for a title."""
        return QSize(0, TITLE_ROW if index.data(KEYS) is None else ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        look, room = theme.current(), QRect(option.rect.adjusted(10, 0, -10, 0))
        if index.data(KEYS) is None:
            painter.setFont(theme.font("strong"))
            painter.setPen(look.color("text"))
            painter.drawText(room.adjusted(0, 6, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
            return
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent-soft"))
            painter.drawRoundedRect(room.adjusted(-6, 1, 6, -1), 4, 4)
        listening = is_chosen and self._rows.is_listening
        keys = "Press the key…" if listening else str(index.data(KEYS))
        painter.setFont(theme.font("shape"))
        painter.setPen(look.color("accent" if listening else "text-2"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, keys)
        painter.setFont(theme.font("body"))
        painter.setPen(look.color("text"))
        left = room.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(keys) - 24, 0)
        words = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, words)
