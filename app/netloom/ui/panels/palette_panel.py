"""The palette: every kind of node, found by category or by words, and added by key, double click or drag."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QShowEvent, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QVBoxLayout, QWidget

from netloom.layers import catalogue
from netloom.layers.spec import LayerSpec
from netloom.ui import theme, widgets
from netloom.ui.offers import Offers, is_mine, key
from netloom.ui.panels.kind_drag import kind_drag
from netloom.ui.panels.kind_help import KindHelp
from netloom.ui.panels.palette_delegate import PaletteDelegate, plus_rect
from netloom.ui.panels.palette_model import ROW_ROLE, fill, fill_found, spec_of

MOST_RECENT = 4
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

Index = QModelIndex | QPersistentModelIndex


class PaletteTree(QTreeView):
    """The rows. `chosen` carries the LayerSpec that is to be added, `pointed` the one under mouse or keyboard.

    `menu_requested` carries one, and the place on the screen where its menu is wanted.
    """

    chosen = Signal(object)
    pointed = Signal(object)
    menu_requested = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette_tree")
        self.setAccessibleName("Nodes")
        self.rows = QStandardItemModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(PaletteDelegate(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.entered.connect(self._point)

    def _point(self, index: Index) -> None:
        spec = spec_of(index)
        if spec is not None:
            self.pointed.emit(spec)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The keyboard points as the mouse does."""
        super().currentChanged(current, previous)
        self._point(current)

    def current_spec(self) -> LayerSpec | None:
        """The kind in the current row."""
        return spec_of(self.currentIndex())

    def step(self, steps: int) -> None:
        """Move the current row, over titles and whatever else cannot be added or opened."""
        index = self.currentIndex()
        index = self._beside(index, steps) if index.isValid() else self.rows.index(0, 0)
        while index.isValid() and index.data(ROW_ROLE) in ("title", "empty"):
            index = self._beside(index, steps)
        if index.isValid():
            self.setCurrentIndex(index)

    def _beside(self, index: QModelIndex, steps: int) -> QModelIndex:
        return self.indexBelow(index) if steps > 0 else self.indexAbove(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move and open, Enter adds."""
        key, index = event.key(), self.currentIndex()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in ENTER:
            self.activate()
        elif key == Qt.Key.Key_Left and index.data(ROW_ROLE) == "member":
            self.setCurrentIndex(index.parent())
        else:
            super().keyPressEvent(event)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Fill the rows anew, but keep the current row, and keep it where it is on the screen."""
        current, top = self.currentIndex(), self.visualRect(self.currentIndex()).top()
        text, row, place = current.data(), current.data(ROW_ROLE), self.verticalScrollBar().value()
        yield
        exactly = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        same = self.rows.match(self.rows.index(0, 0), 0, text, -1, exactly) if text else []
        found = next((index for index in same if index.data(ROW_ROLE) == row), None)
        if found is not None:
            self.setCurrentIndex(found)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(place)
        if found is not None:
            self.verticalScrollBar().setValue(place + self.visualRect(found).top() - top)

    def activate(self) -> None:
        """Add the current kind, or open the current category."""
        spec = self.current_spec()
        if spec is not None:
            self.chosen.emit(spec)
        elif self.currentIndex().data(ROW_ROLE) == "category":
            self.setExpanded(self.currentIndex(), not self.isExpanded(self.currentIndex()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the plus sign adds, on a category opens it."""
        index = self.indexAt(event.position().toPoint())
        spec = spec_of(index)
        is_left = event.button() == Qt.MouseButton.LeftButton
        super().mousePressEvent(event)
        if is_left and spec is not None and plus_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self.chosen.emit(spec)
        elif is_left and index.data(ROW_ROLE) == "category":
            self.setExpanded(index, not self.isExpanded(index))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click adds; on the plus sign each click has added already."""
        index = self.indexAt(event.position().toPoint())
        spec = spec_of(index)
        if spec is None or plus_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self.mousePressEvent(event)
        else:
            self.chosen.emit(spec)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what is under the mouse, or of the current row."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(event.pos())
        spec = spec_of(index)
        if spec is not None:
            at = self.visualRect(index).center() if is_key else event.pos()
            self.menu_requested.emit(spec, self.viewport().mapToGlobal(at))

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Carry the current kind away."""
        spec = self.current_spec()
        if spec is not None:
            kind_drag(spec, self).exec(Qt.DropAction.CopyAction)


class PaletteSearch(widgets.SearchField):
    """The search field; `entered` says that Enter was pressed."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds and keeps the text, so that it can be pressed again."""
        if event.key() in ENTER:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class PalettePanel(QWidget):
    """Shows what can be added. `add_requested` carries the key of what is wanted, `recent_changed` those used last.

    `open_changed` carries the titles of the open sections, `mine_menu_requested` a block of the person's own and where
    on the screen it was asked for.
    """

    add_requested = Signal(str)
    recent_changed = Signal(list)
    open_changed = Signal(list)
    mine_menu_requested = Signal(object, object)

    def __init__(self, offers: Offers | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers = offers or Offers(parent=self)
        self.setObjectName("palette")
        self.setAccessibleName("Palette")
        widgets.surface(self, "panel")
        self.setMinimumWidth(176)
        self._recent: list[str] = []
        self._open: set[str] = set()
        self._is_stale = True
        self.search = PaletteSearch("Find a node", "/")
        self.search.setObjectName("palette_search")
        self.tree = PaletteTree()
        self.help = KindHelp()
        self._lay_out()
        self._connect()
        self.help.show_spec(next(iter(catalogue.SPECS.values())))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        field = QVBoxLayout()
        field.setContentsMargins(8, 0, 8, 0)
        field.addWidget(self.search)
        column.addLayout(field)
        column.addSpacing(4)
        column.addWidget(self.tree, 1)
        column.addWidget(widgets.Hairline())
        column.addWidget(self.help)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._fill)
        self.search.moved.connect(self.tree.step)
        self.search.entered.connect(self._add_found)
        self.tree.chosen.connect(self._add)
        self.tree.pointed.connect(self.help.show_spec)
        self.tree.expanded.connect(lambda index: self._note_open(index.data(), is_open=True))
        self.tree.collapsed.connect(lambda index: self._note_open(index.data(), is_open=False))
        self.tree.menu_requested.connect(self._offer_menu)
        self._offers.changed.connect(self._fill_again)
        self._offers.used.connect(self._note_use)
        theme.signals.changed.connect(self.tree.viewport().update)

    def _fill(self) -> None:
        text = self.search.text().strip()
        self.tree.clearSelection()
        self.tree.setCurrentIndex(QModelIndex())  # else it would move on with each row that goes
        if text:
            fill_found(self.tree.rows, self._offers.search(text))
            self.tree.step(1)
            return
        opened = set(self._open)
        found = (self._offers.find(each) for each in self._recent)
        fill(self.tree.rows, [spec for spec in found if spec is not None], self._offers)
        for row in range(self.tree.rows.rowCount()):
            index = self.tree.rows.index(row, 0)
            self.tree.setExpanded(index, index.data(ROW_ROLE) == "category" and index.data() in opened)

    def _add_found(self) -> None:
        spec = self.tree.current_spec()
        if spec is not None:
            self._add(spec)
            self.search.selectAll()  # the next word replaces this one

    def _add(self, spec: LayerSpec) -> None:
        self.add_requested.emit(key(spec))

    def _note_use(self, kind: str) -> None:
        """Put a kind first among those used last."""
        recent = [kind, *(other for other in self._recent if other != kind)][:MOST_RECENT]
        if recent != self._recent:
            self.set_recent(recent)
            self.recent_changed.emit(list(recent))

    @property
    def recent(self) -> tuple[str, ...]:
        """The kinds used last, the newest first."""
        return tuple(self._recent)

    def set_recent(self, kinds: Sequence[str]) -> None:
        """Show these as the kinds used last; kinds that this version does not know are left out."""
        self._recent = [kind for kind in kinds if self._offers.find(kind) is not None][:MOST_RECENT]
        self._fill_again()

    def _fill_again(self) -> None:
        """Show what is new, at once where it can be seen."""
        self._is_stale = not self.isVisible()
        if not self._is_stale and not self.search.text():
            with self.tree.standing_still():
                self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the panel was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._fill_again()

    def _note_open(self, title: str, *, is_open: bool) -> None:
        before = set(self._open)
        (self._open.add if is_open else self._open.discard)(title)
        if self._open != before:
            self.open_changed.emit(sorted(self._open))

    def set_open(self, titles: Sequence[str]) -> None:
        """Open these sections and no others."""
        self._open = set(titles)
        self._fill_again()

    def _offer_menu(self, spec: LayerSpec, at: QPoint) -> None:
        if is_mine(spec):
            self.mine_menu_requested.emit(spec, at)

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
