"""Axes: round limits at 1-2-5 steps that grow at once and shrink only when half is empty."""

import math
from typing import NamedTuple

MOST_INTERVALS = 4


class Limits(NamedTuple):
    """The two ends of an axis and the step of its ticks."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """The places of the ticks, both ends included where they are on a step."""
        first, last = math.ceil(self.low / self.step - 1e-9), math.floor(self.high / self.step + 1e-9)
        return [place * self.step for place in range(first, last + 1)]


def round_limits(low: float, high: float) -> Limits:
    """The narrowest limits on whole steps of 1, 2 or 5 around low…high that take at most four intervals."""
    if not (math.isfinite(low) and math.isfinite(high)) or high - low < 1e-12:
        middle = low if math.isfinite(low) else 0.0
        room = abs(middle) * 0.1 or 1.0
        low, high = middle - room, middle + room
    step = step_for((high - low) / MOST_INTERVALS)
    while math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9) > MOST_INTERVALS:
        step = step_for(step * 1.01)
    return Limits(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def step_for(size: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `size`."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= size * (1 - 1e-9))


class SteadyAxis:
    """Limits that follow the data without breathing."""

    def __init__(self) -> None:
        self.limits: Limits | None = None

    def follow(self, low: float, high: float) -> Limits:
        """The limits for data in low…high: wider at once, narrower only when half of the axis is empty."""
        wanted = round_limits(low, high)
        held = self.limits
        if held is None or low < held.low or high > held.high or self._is_half_empty(low, high, held):
            self.limits = wanted if held is None or self._is_half_empty(low, high, held) else _around(held, wanted)
        return self.limits or wanted

    @staticmethod
    def _is_half_empty(low: float, high: float, held: Limits) -> bool:
        return high - low < (held.high - held.low) / 2


def _around(held: Limits, wanted: Limits) -> Limits:
    return round_limits(min(held.low, wanted.low), max(held.high, wanted.high))
