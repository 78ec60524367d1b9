"""Forecasts for the inspector: at once for most networks, after a pause for large ones, and each only once."""

from PySide6.QtCore import QObject, QTimer, Signal

from netloom.compiler.forecast import Forecast, Speed, forecast
from netloom.compiler.plan import Plan
from netloom.ui.panels.cost_facts import training_rows

PAUSE_MS = 150
AT_ONCE = 100
"""So many nodes, with those inside of blocks, are forecast without anybody noticing."""


class Forecaster(QObject):
    """Knows the cost of a plan's training; `changed` says that one that was asked for is there now."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speed: Speed | None = None
        self._plan: Plan | None = None
        self._batch = 0
        self._found: Forecast | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._catch_up)

    def set_speed(self, speed: Speed) -> None:
        """Know how fast the machine trains."""
        self._speed, self._plan = speed, None
        self.changed.emit()

    def of(self, plan: Plan | None, batch: int) -> Forecast | None:
        """The forecast of a plan without errors; for now that of the plan before where it takes a moment."""
        if plan is None or not plan.is_valid:
            return None
        if plan is not self._plan or batch != self._batch:
            self._plan, self._batch = plan, batch
            if _size(plan) <= AT_ONCE:
                self._pause.stop()
                self._compute()
            else:
                self._pause.start()
        return self._found

    def _compute(self) -> None:
        if self._plan is not None:
            self._found = forecast(self._plan, self._batch, self._speed, training_rows(self._plan))

    def _catch_up(self) -> None:
        self._compute()
        self.changed.emit()


def _size(plan: Plan) -> int:
    return sum(1 + (_size(item.block) if item.block is not None else 0) for item in plan.nodes.values())
