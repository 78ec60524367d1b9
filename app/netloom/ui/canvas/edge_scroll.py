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
    """Scrolls while the cursor is at the edge, nearer to it than where it was `pressed`; tells of each step."""

    def __init__(self, canvas: "Canvas", pressed: QPoint, scrolled: Callable[[], None]) -> None:
        self._canvas = canvas
        self._pressed = pressed
        self._scrolled = scrolled
        self._step = QPoint()
        self._timer = QTimer(canvas)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._scroll)

    def follow(self, at: QPoint) -> None:
        """The cursor is here now."""
        step, way = step_at(at, self._canvas.viewport().rect()), self._pressed - at
        self._step = QPoint(step.x() if step.x() * way.x() > 0 else 0, step.y() if step.y() * way.y() > 0 else 0)
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
