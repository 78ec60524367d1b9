"""Real mouse events to a graphics view, each followed until it is painted, and what that takes of CPU time."""

import statistics
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsView

STEPS, STEP = 30, 10
MOST_SECONDS, LEAST = 25.0, 3
"""Where a step takes seconds there are fewer, but so many are always taken."""
PATIENCE = 200
AFTERWARDS = 3
"""Rounds of events after a paint: the first one may be that of what the cursor left."""
CLEAR = 14
Button = Qt.MouseButton


class Paints(QObject):
    """Counts the paint events of a view."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self.count = 0
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Count, and let pass."""
        self.count += event.type() == QEvent.Type.Paint
        return False


class Hand:
    """A mouse over a view."""

    def __init__(self, view: QGraphicsView) -> None:
        self.view = view
        self.paints = Paints(view)

    def settle(self, rounds: int = 6) -> None:
        """Let everything happen that waits."""
        for _ in range(rounds):
            QApplication.processEvents()

    def until_painted(self) -> bool:
        """Let things happen until the view was painted; whether it was."""
        before = self.paints.count
        for _ in range(PATIENCE):
            QApplication.processEvents()
            if self.paints.count > before:
                break
        self.settle(AFTERWARDS)
        return self.paints.count > before

    def send(self, kind: QEvent.Type, at: QPoint, button: Button, held: Button) -> None:
        """Send one event of the mouse."""
        view = self.view.viewport()
        place = QPointF(view.mapToGlobal(at))
        event = QMouseEvent(kind, QPointF(at), place, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view, event)

    def press(self, at: QPoint, button: Button = Button.LeftButton) -> None:
        """Come to a place and press there."""
        self.send(QEvent.Type.MouseMove, at, Button.NoButton, Button.NoButton)
        self.send(QEvent.Type.MouseButtonPress, at, button, button)
        self.settle()

    def move(self, at: QPoint, button: Button = Button.LeftButton) -> None:
        """Move with a button held."""
        self.send(QEvent.Type.MouseMove, at, Button.NoButton, button)

    def release(self, at: QPoint, button: Button = Button.LeftButton) -> None:
        """Let go."""
        self.send(QEvent.Type.MouseButtonRelease, at, button, Button.NoButton)

    def drag(self, start: QPoint, button: Button = Button.LeftButton) -> float:
        """Drag to and fro; return the median of a step until it is painted. A guide that holds a card makes none."""
        self.settle()
        self.press(start, button)
        at, way = QPoint(start), 1
        costs: list[float] = []
        end = time.perf_counter() + MOST_SECONDS
        for step in range(2 * STEPS):
            if len(costs) > STEPS or (len(costs) > LEAST and time.perf_counter() > end):
                break
            way = -way if step % 10 == 9 else way
            at += QPoint(way * STEP, 0)
            began = time.thread_time()
            self.move(at, button)
            if self.until_painted():
                costs.append(time.thread_time() - began)
        self.release(at, button)
        self.settle()
        if len(costs) < LEAST:
            raise RuntimeError("the steps of the mouse were not painted")
        return 1000 * statistics.median(costs[1:])

    def repaint(self) -> float:
        """Return the median of painting all that is seen."""
        self.settle()
        return typical(self.view.viewport().repaint, STEPS)

    def ground(self) -> QPoint:
        """Return a place with nothing near it, in the lower half."""
        size = self.view.viewport().size()
        for y in range(size.height() // 2, size.height(), 7):
            for x in range(40, size.width(), 13):
                room = QRect(x - CLEAR, y - CLEAR, 2 * CLEAR, 2 * CLEAR)
                if not any(item.isVisible() for item in self.view.items(room)):
                    return QPoint(x, y)
        return QPoint(size.width() - 4, size.height() - 4)


def typical(work: Callable[[], object], times: int) -> float:
    """Return the median of the CPU milliseconds that something takes, after once to warm up."""
    work()
    costs = []
    end = time.perf_counter() + MOST_SECONDS
    while len(costs) < times and (len(costs) < LEAST or time.perf_counter() < end):
        costs.append(cost(work))
    return statistics.median(costs)


def cost(work: Callable[[], object]) -> float:
    """Return the CPU milliseconds of this thread that something takes."""
    began = time.thread_time()
    work()
    return 1000 * (time.thread_time() - began)
