"""Scrolling while something is dragged at the edge of the canvas."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QTimer

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

EDGE = 32
"""How near the edge it begins, in pixels."""
FRAME = 16
FASTEST = 24
"""Pixels of one step."""


class EdgeScroll:
    """Scrolls as long as the cursor is at the edge, and says so after each step."""

    def __init__(self, canvas: "Canvas", scrolled: Callable[[], None]) -> None:
        self._canvas = canvas
        self._scrolled = scrolled
        self._step = QPoint()
        self._timer = QTimer(canvas)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._scroll)

    def follow(self, at: QPoint) -> None:
        """The cursor is here now."""
        self._step = step_at(at, self._canvas.viewport().rect())
        if self._step.isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _scroll(self) -> None:
        self._canvas.scroll_by(self._step)
        self._scrolled()

    def end(self) -> None:
        """Stand still."""
        self._timer.stop()
        self._timer.deleteLater()


def step_at(at: QPoint, room: QRect) -> QPoint:
    """How far what is seen moves for a cursor at this place: faster the nearer it is to the edge, or beyond it."""
    return QPoint(
        _pace(at.x() - room.left()) - _pace(room.right() - at.x()),
        _pace(at.y() - room.top()) - _pace(room.bottom() - at.y()),
    )


def _pace(gap: int) -> int:
    return 0 if gap >= EDGE else min(FASTEST, 1 + (EDGE - gap) * FASTEST // EDGE)
