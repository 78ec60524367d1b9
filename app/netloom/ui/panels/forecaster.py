"""Forecasts for the inspector: at once for most networks, on a thread for large ones, and each only once."""

import contextlib
import threading
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from netloom.compiler.forecast import Forecast, Speed, forecast
from netloom.compiler.plan import Plan
from netloom.ui.panels.cost_facts import training_rows

PAUSE_MS = 150
AT_ONCE = 100
"""So many nodes, with those inside of blocks, are forecast without anybody noticing."""


class _Wish(NamedTuple):
    plan: Plan
    batch: int
    speed: Speed | None


class Forecaster(QObject):
    """Knows the cost of a plan's training; `changed` says that one that was asked for is there now."""

    changed = Signal()
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speed: Speed | None = None
        self._wish: _Wish | None = None
        self._found: Forecast | None = None
        self._thread: threading.Thread | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._start)
        self._done.connect(self._take)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def set_speed(self, speed: Speed) -> None:
        """Know how fast the machine trains."""
        self._speed, self._wish = speed, None
        self.changed.emit()

    def of(self, plan: Plan | None, batch: int) -> Forecast | None:
        """The forecast of a plan without errors; for now that of the plan before where it takes a moment."""
        if plan is None or not plan.is_valid:
            return None
        if self._wish is None or plan is not self._wish.plan or batch != self._wish.batch:
            self._wish = _Wish(plan, batch, self._speed)
            if _is_large(plan):
                self._pause.start()
            else:
                self._pause.stop()
                self._found = _made(self._wish)
        return self._found

    def close(self) -> None:
        """Wait for what is being computed."""
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        """Compute the newest wish, unless an older one is still being computed: then after that."""
        if self._thread is None and self._wish is not None:
            self._thread = threading.Thread(target=self._work, args=(self._wish,), name="netloom-forecast", daemon=True)
            self._thread.start()

    def _work(self, wish: _Wish) -> None:
        found = _made(wish)
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self._done.emit(wish, found)

    def _take(self, wish: _Wish, found: Forecast) -> None:
        self._thread = None
        if wish is self._wish:
            self._found = found
            self.changed.emit()
        elif self._wish is not None and _is_large(self._wish.plan):
            self._pause.start()


def _made(wish: _Wish) -> Forecast:
    return forecast(wish.plan, wish.batch, wish.speed, training_rows(wish.plan))


def _is_large(plan: Plan) -> bool:
    return len(plan.nodes) > AT_ONCE or _size(plan) > AT_ONCE


def _size(plan: Plan) -> int:
    return sum(1 + (_size(item.block) if item.block is not None else 0) for item in plan.nodes.values())
