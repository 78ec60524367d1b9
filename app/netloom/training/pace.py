"""How fast a run goes, without the time in which it rested."""

import time

SMOOTHING = 1.0
"""Seconds over which the speed is a mean: a single stretch between two readings is a matter of chance."""


class Pace:
    """Counts from the moment it is made. Add to `idle` the seconds in which the run waited for somebody."""

    def __init__(self, step: int, total: int) -> None:
        self.idle = 0.0
        self._began = time.perf_counter()
        self._first, self._total = step, total
        self._step, self._busy, self._speed = step, 0.0, 0.0

    def expect(self, total: int) -> None:
        """The run is to have so many steps in all now."""
        self._total = total

    def busy(self) -> float:
        """Seconds at work."""
        return time.perf_counter() - self._began - self.idle

    def measure(self, step: int, batch_size: int) -> tuple[float, float]:
        """Samples a second, as lately as can be read, and the seconds that the rest will take."""
        busy = self.busy()
        spent = max(busy - self._busy, 1e-9)
        speed = (step - self._step) * batch_size / spent
        self._speed += (speed - self._speed) * (min(spent / SMOOTHING, 1.0) if self._speed else 1.0)
        left = busy / max(step - self._first, 1) * (self._total - step)
        self._step, self._busy = step, busy
        return self._speed, left
