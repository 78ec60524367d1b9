"""The open documents in the top bar, one tab each: shown, closed, moved and found by mouse and keyboard."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from netloom.ui import icons, theme
from netloom.ui.compositing import Menu
from netloom.ui.session import Session
from netloom.ui.widgets import IconButton

HEIGHT, GAP = 28, 4
LEFT, RIGHT = 12, 28
"""Room before the name, and behind it for the dot or the cross; always there, so that nothing moves."""
LEAST, MOST = 72, 200
ROUNDED = 2
"""Widths of words come without their fractions."""
READABLE = 104
"""A tab is not cut below this; before that others go into the menu."""
DOT, CROSS, CROSS_ROOM = 6, 14, 20
WELCOME = "Welcome"


class DocumentTabs(QWidget):
    """Tabs of sessions; those that have no room are in a menu at the end.

    `show_requested`, `close_requested` and `close_others_requested` carry a Session, `move_requested` a Session and
    its new place; `grown` says that the names may want another width.
    """

    show_requested = Signal(object)
    close_requested = Signal(object)
    close_others_requested = Signal(object)
    move_requested = Signal(object, int)
    grown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document-tabs")
        self.setAccessibleName("Documents")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.tabs: list[DocumentTab] = []
        self._current: Session | None = None
        self._room = 0
        self.more = IconButton("chevron-down", "All documents", size=24, parent=self)
        self.more.setObjectName("documents-more")
        self.more.clicked.connect(self.open_list)

    def set_sessions(self, sessions: Sequence[Session], current: Session, *, has_welcome: bool = False) -> None:
        """Show these documents, the current one filled; over the welcome page no document is current."""
        before = self._order()
        known = {tab.session: tab for tab in self.tabs}
        self.tabs = [known.pop(session) if session in known else self._tab(session) for session in sessions]
        for tab in known.values():
            tab.hide()
            tab.deleteLater()
        self._current = current
        for tab in self.tabs:
            is_welcome = has_welcome and tab.session.is_blank
            tab.follow(is_current=tab.session is current and (is_welcome or not has_welcome), is_welcome=is_welcome)
        if self._order() != before:  # else an edit would cost a layout of the whole bar
            self.updateGeometry()
            self.grown.emit()
            self.arrange()

    def _order(self) -> object:
        """What the places of the tabs follow from."""
        return [(tab.session, tab.text(), tab.session is self._current) for tab in self.tabs]

    def _tab(self, session: Session) -> "DocumentTab":
        tab = DocumentTab(session, self)
        tab.clicked.connect(lambda: self.show_requested.emit(session))
        tab.close_requested.connect(lambda: self.close_requested.emit(session))
        tab.menu_requested.connect(lambda at: self.menu(tab).popup(at))
        tab.stepped.connect(lambda step: self._step(tab, step))
        tab.dragged.connect(lambda: self._follow_drag(tab))
        tab.dropped.connect(self.arrange)
        tab.show()
        return tab

    @property
    def current(self) -> "DocumentTab":
        """The tab of the document that is shown."""
        return next(tab for tab in self.tabs if tab.session is self._current)

    def sizeHint(self) -> QSize:
        """Every name in full."""
        return QSize(sum(tab.sizeHint().width() + GAP for tab in self.tabs) - GAP, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """What `set_room` grants; at least the current tab, and the menu with the others."""
        least = READABLE + (GAP + self.more.width() if len(self.tabs) > 1 else 0)
        return QSize(max(least, min(self._room, self.sizeHint().width())), HEIGHT)

    def set_room(self, width: int) -> None:
        """Grant so many pixels, before others beside this widget get theirs."""
        if width != self._room:
            self._room = width
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many tabs as fit."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put the tabs side by side; where they have no room they get narrower, then some are left to the menu."""
        shown = self._shown()
        self.more.setVisible(len(shown) < len(self.tabs))
        room = self.width() - (self.more.width() + GAP if len(shown) < len(self.tabs) else 0)
        widths = _widths([tab.sizeHint().width() for tab in shown], room - GAP * (len(shown) - 1))
        left = 0
        for tab in self.tabs:
            tab.setVisible(tab in shown)
        for tab, width in zip(shown, widths, strict=True):
            tab.resize(width, HEIGHT)
            if not tab.is_dragged:
                tab.move(left, 0)
            left += width + GAP
        self.more.move(left, (HEIGHT - self.more.height()) // 2)

    def _shown(self) -> Sequence["DocumentTab"]:
        """All tabs, or a stretch of them that holds the current one."""
        least = [min(tab.sizeHint().width(), READABLE) + GAP for tab in self.tabs]
        if sum(least) - GAP <= self.width():
            return self.tabs
        room = self.width() - self.more.width()
        first = next((place for place, tab in enumerate(self.tabs) if tab.session is self._current), 0)
        end = first + 1
        while True:
            wider = [(a, b) for a, b in ((first - 1, end), (first, end + 1)) if a >= 0 and b <= len(self.tabs)]
            fitting = next(((a, b) for a, b in wider if sum(least[a:b]) <= room), None)
            if fitting is None:
                return self.tabs[first:end]
            first, end = fitting

    def _step(self, tab: "DocumentTab", step: int) -> None:
        """Show the document beside this one."""
        other = self.tabs[(self.tabs.index(tab) + step) % len(self.tabs)]
        self.show_requested.emit(other.session)
        other.setFocus(Qt.FocusReason.TabFocusReason)

    def _follow_drag(self, tab: "DocumentTab") -> None:
        """Let the tab change places with all whose middles its edge has passed: a fast hand passes several."""
        for _ in self.tabs:
            place = self._place_of(tab)
            if place == self.tabs.index(tab):
                return
            self.move_requested.emit(tab.session, place)

    def _place_of(self, tab: "DocumentTab") -> int:
        """The place of a tab in the hand: its own, or that of the tab beside it whose middle its edge has passed.

        With the middle of the hand's tab instead of its edge no place at the end could be reached.
        """
        place, held = self.tabs.index(tab), tab.geometry()
        before = self.tabs[place - 1] if place else None
        after = self.tabs[place + 1] if place + 1 < len(self.tabs) else None
        if before is not None and before.isVisible() and held.left() < before.geometry().center().x():
            return place - 1
        if after is not None and after.isVisible() and held.right() > after.geometry().center().x():
            return place + 1
        return place

    def menu(self, tab: "DocumentTab") -> Menu:
        """What can be done with a document."""
        session = tab.session
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Close").triggered.connect(lambda: self.close_requested.emit(session))
        others = menu.addAction("Close others")
        others.setEnabled(len(self.tabs) > 1)
        others.triggered.connect(lambda: self.close_others_requested.emit(session))
        menu.addSeparator()
        for words, act in (("Copy path", _copy_path), ("Show in folder", _show_in_folder)):
            action = menu.addAction(words)
            action.setEnabled(session.path is not None)
            action.triggered.connect(lambda _checked=False, act=act: act(session))
        return menu

    def open_list(self) -> None:
        """Open the menu of all documents."""
        menu = Menu(parent=self)
        menu.setObjectName("documents-list")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for tab in self.tabs:
            action = menu.addAction(f"{tab.text()}{' •' if tab.session.is_dirty else ''}")
            action.setCheckable(True)
            action.setChecked(tab.session is self._current)
            action.triggered.connect(lambda _checked=False, session=tab.session: self.show_requested.emit(session))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _widths(wanted: Sequence[int], room: int) -> list[int]:
    """The wanted widths; where they are too wide together, the widest are cut to one length."""
    left, most = room, MOST
    for place, width in enumerate(sorted(wanted)):
        most = left // (len(wanted) - place)
        if width > most:
            break
        left -= width
    else:
        return list(wanted)
    return [min(width, max(most, READABLE)) for width in wanted]


def _copy_path(session: Session) -> None:
    QGuiApplication.clipboard().setText(str(session.path))


def _show_in_folder(session: Session) -> None:
    if session.path is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(session.path.parent)))


class DocumentTab(QAbstractButton):
    """One tab: the name, a dot while it is not saved, a cross under the cursor.

    `stepped` carries the step of an arrow key, `menu_requested` a place of the screen; `dragged` says that it is held
    at another place, `dropped` that it was let go.
    """

    close_requested = Signal()
    menu_requested = Signal(object)
    stepped = Signal(int)
    dragged = Signal()
    dropped = Signal()

    def __init__(self, session: Session, row: QWidget) -> None:
        super().__init__(row)
        self.session = session
        self._row = row
        self.setObjectName("document-tab")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFont(theme.font("body"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.is_dirty = False
        self.is_dragged = False
        self._followed: tuple[str, bool, bool, Path | None] | None = None
        self._grip: QPointF | None = None
        self._closes = False

    def follow(self, *, is_current: bool, is_welcome: bool) -> None:
        """Show the session as it is now."""
        name = WELCOME if is_welcome else self.session.name
        if (name, is_current, self.session.is_dirty, self.session.path) == self._followed:
            return
        self._followed = (name, is_current, self.session.is_dirty, self.session.path)
        self.is_dirty = self.session.is_dirty
        self.setText(name)
        self.setChecked(is_current)
        self.setAccessibleName(name)
        state = "Not saved" if self.is_dirty else "Saved" if self.session.path else "No file yet"
        self.setAccessibleDescription(state)
        self.setToolTip(str(self.session.path or "Not saved to a file yet"))
        self.update()

    def nextCheckState(self) -> None:
        """A click asks for the document; the tab is checked when it is shown."""

    def sizeHint(self) -> QSize:
        """The name, and always room for the dot."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(max(words + ROUNDED + LEFT + RIGHT, LEAST), MOST), HEIGHT)

    @property
    def cross(self) -> QRect:
        """Where the button that closes is."""
        return QRect(self.width() - CROSS_ROOM - 4, (self.height() - CROSS_ROOM) // 2, CROSS_ROOM, CROSS_ROOM)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the document, or begin to close or to move it."""
        at = event.position()
        is_left = event.button() == Qt.MouseButton.LeftButton
        is_on_cross = is_left and self.cross.contains(at.toPoint())
        self._closes = is_on_cross or event.button() == Qt.MouseButton.MiddleButton
        if is_left and not is_on_cross:
            self._grip = at
            self.click()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the tab along; light up the cross."""
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            along = round(event.position().x() - self._grip.x())
            if self.is_dragged or abs(along) >= QApplication.startDragDistance():
                self.is_dragged = True
                self.raise_()
                room = self._row.width() - self.width()
                self.move(max(min(self.x() + along, room), 0), 0)
                self.dragged.emit()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Close it where the press said so; let it go where it is."""
        at = event.position().toPoint()
        is_middle = event.button() == Qt.MouseButton.MiddleButton
        closes = self._closes and (self.rect() if is_middle else self.cross).contains(at)
        was_dragged, self.is_dragged = self.is_dragged, False
        self._grip, self._closes = None, False
        if was_dragged:
            self.dropped.emit()
        elif closes:
            self.close_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the tabs beside this one; Delete closes it."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete:
            self.close_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with it."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_requested.emit(self.mapToGlobal(self.rect().bottomLeft()) if is_key else event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tab."""
        look, is_hovered = theme.current(), self.underMouse() or self.is_dragged
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("pressed" if self.isChecked() else "hover"))
        if self.isChecked() or is_hovered or self.hasFocus():
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        room = self.rect().adjusted(LEFT, 0, -RIGHT, 0)
        painter.setFont(self.font())
        painter.setPen(look.color("text" if self.isChecked() or is_hovered else "text-2"))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        self._draw_end(painter, is_hovered=is_hovered)

    def _draw_end(self, painter: QPainter, *, is_hovered: bool) -> None:
        """The cross under the cursor, else the dot of what is not saved."""
        look, cross = theme.current(), self.cross
        painter.setPen(Qt.PenStyle.NoPen)
        if is_hovered or self.hasFocus():
            is_over = cross.contains(self.mapFromGlobal(self.cursor().pos())) and is_hovered
            if is_over:
                painter.setBrush(look.color("line-strong"))
                painter.drawRoundedRect(cross, 4, 4)
            inset = (CROSS_ROOM - CROSS) // 2
            painter.drawPixmap(
                cross.topLeft() + QPoint(inset, inset), icons.pixmap("x", CROSS, "text" if is_over else "text-2")
            )
        elif self.is_dirty:
            painter.setBrush(look.color("text-2"))
            painter.drawEllipse(QRectF(cross).center(), DOT / 2, DOT / 2)
