"""The areas of the window for who has no mouse: one key goes from each to the next, Escape back to the canvas."""

from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from netloom.ui import tab_order


class Areas(QObject):
    """Knows where the keyboard was last in each area that there is; the canvas takes it before what lies over it."""

    def __init__(self, window: QWidget, areas: Callable[[], Sequence[QWidget]], canvas: QWidget) -> None:
        super().__init__(window)
        self._areas, self._canvas = areas, canvas
        self._last: WeakKeyDictionary[QWidget, QWidget] = WeakKeyDictionary()
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._note)  # type: ignore[union-attr]

    def _note(self, _old: QWidget | None, new: QWidget | None) -> None:
        area = self._area(new)
        if area is not None and new is not None and area is not self._canvas:
            self._last[area] = new

    def _area(self, widget: QWidget | None) -> QWidget | None:
        return next((area for area in self._areas() if widget is not None and _holds(area, widget)), None)

    def step(self, steps: int) -> None:
        """Take the keyboard to the next area that has something for it, or to the one before."""
        here = self._area(QApplication.focusWidget())
        ring = [(area, target) for area in self._areas() if (target := self._target(area)) is not None]
        places = [place for place, (area, _target) in enumerate(ring) if area is here]
        if ring:
            place = (places[0] + steps if places else 0) % len(ring)
            ring[place][1].setFocus(Qt.FocusReason.TabFocusReason)

    def _target(self, area: QWidget) -> QWidget | None:
        """What takes the keyboard in an area: what had it last, else the first that can."""
        if not area.isVisible():
            return None
        last = self._canvas if area is self._canvas else self._last.get(area)
        return last if last is not None and _takes_keys(last) else next(tab_order.stops(area), None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Escape that nothing else had a use for goes back to the canvas."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape or not self._canvas.isVisible():
            return False
        self._canvas.setFocus(Qt.FocusReason.TabFocusReason)
        return True


def _takes_keys(widget: QWidget) -> bool:
    """Whether a widget is there still, and can have the keyboard: a row or a tab may be gone since it had it."""
    return isValid(widget) and widget.isVisible() and widget.isEnabled()


def _holds(area: QWidget, widget: QWidget) -> bool:
    return area is widget or area.isAncestorOf(widget)
