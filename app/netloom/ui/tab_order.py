"""Where Tab goes in the window: through everything as it is seen, whenever it was made."""

from collections.abc import Iterator
from functools import cmp_to_key

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QWidget


def stops(root: QWidget) -> Iterator[QWidget]:
    """What Tab stops at in a widget and all that it holds, row by row; what lies over a canvas or list before it."""
    stops_here = bool(root.focusPolicy() & Qt.FocusPolicy.TabFocus) and root.focusProxy() is None
    takes = stops_here and root.isEnabled()
    is_under = isinstance(root, QAbstractScrollArea) and not isinstance(root, QScrollArea)
    if takes and not is_under:
        yield root
    held = [each for each in root.children() if isinstance(each, QWidget) and each.isVisible() and not each.isWindow()]
    for each in sorted(held, key=cmp_to_key(_before)):
        yield from stops(each)
    if takes and is_under:
        yield root


def step(root: QWidget, *, forward: bool) -> bool:
    """Take the keyboard to the next stop, or to the one before; whether there is one."""
    found, here = list(stops(root)), QApplication.focusWidget()
    if not found:
        return False
    place = found.index(here) + (1 if forward else -1) if here in found else 0
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found[place % len(found)].setFocus(reason)
    return True


def _before(one: QWidget, other: QWidget) -> int:
    """Which of two neighbours is seen first: the left one where they stand in a row, else the upper one."""
    a, b = one.geometry(), other.geometry()
    shared = min(a.bottom(), b.bottom()) - max(a.top(), b.top())
    is_row = shared > min(a.height(), b.height()) / 2
    return a.left() - b.left() if is_row else a.top() - b.top()
