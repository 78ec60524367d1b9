"""Finds out once how fast this machine trains, on a thread and never beside a run."""

import logging
import threading

from PySide6.QtCore import QObject, QTimer, Signal

from netloom.compiler.forecast import Speed
from netloom.runs import speed
from netloom.ui.run_controller import RunController

CALM_MS = 1500
"""The window settles first: what is measured while it loads is too slow."""
_log = logging.getLogger(__name__)


class SpeedMeter(QObject):
    """`known` carries the Speed of the device, remembered or measured."""

    known = Signal(object)
    _measured = Signal(object)

    def __init__(self, controller: RunController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._device = "cpu"
        self._thread: threading.Thread | None = None
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._measure)
        self._measured.connect(self.known)
        controller.before_run.append(self.wait)

    def know(self, device: str) -> None:
        """Tell the speed of a device now that torch is there; what is not remembered is measured in a while."""
        self._device = device
        found = speed.remembered(device)
        if found is None:
            self._calm.start()
        else:
            self.known.emit(found)

    def wait(self) -> None:
        """Wait for the end of a measurement, so that it and a run do not disturb each other."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Measure no more."""
        self._calm.stop()
        self.wait()

    def _measure(self) -> None:
        if self._controller.is_training:
            self._calm.start()
            return
        self._thread = threading.Thread(target=self._work, args=(self._device,), name="netloom-speed", daemon=True)
        self._thread.start()

    def _work(self, device: str) -> None:
        from netloom.training.calibrate import measure

        try:
            with self._controller.beside_runs:
                found: Speed = measure(device)
        except Exception as error:  # noqa: BLE001  (a forecast without times is better than a window with an error)
            _log.info("The speed of this machine could not be measured: %s", error)
            return
        speed.remember(found, device)
        self._measured.emit(found)
