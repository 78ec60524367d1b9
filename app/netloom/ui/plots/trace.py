"""A growing series folded into a bounded number of buckets, so that drawing costs the same after a million steps."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

CAPACITY = 512
SMOOTHING = 0.96
_CHUNK = 128


class Trace:
    """Keeps for each bucket of steps the lowest, the highest and the smoothed value.

    Buckets are aligned to the series' own index and only ever merge in pairs, so a drawn curve never shimmers.
    """

    def __init__(self, smoothing: float = SMOOTHING) -> None:
        self._decay = smoothing
        self.count = 0
        self.stride = 1
        self._buckets = 0
        self._x = np.empty(CAPACITY)
        self._low = np.empty(CAPACITY)
        self._high = np.empty(CAPACITY)
        self._smooth = np.empty(CAPACITY)
        self._mean = 0.0
        self._weight = 0.0

    @property
    def smoothed(self) -> tuple[Values, Values]:
        """X and the smoothed value of each bucket."""
        return self._x[: self._buckets], self._smooth[: self._buckets]

    @property
    def highs(self) -> Values:
        """The highest value of each bucket."""
        return self._high[: self._buckets]

    @property
    def lows(self) -> Values:
        """The lowest value of each bucket."""
        return self._low[: self._buckets]

    @property
    def last(self) -> float:
        """The newest smoothed value; NaN before the first."""
        return float(self._smooth[self._buckets - 1]) if self._buckets else float("nan")

    def raw(self) -> tuple[Values, Values]:
        """X and y of a line through the lowest and highest value of every bucket, at most 1,024 points."""
        if self.stride == 1:
            return self._x[: self._buckets], self._low[: self._buckets]
        return np.repeat(self._x[: self._buckets], 2), np.stack([self.lows, self.highs], axis=1).ravel()

    def at(self, x: float) -> float:
        """The smoothed value at or before `x`; NaN where there is none."""
        place = int(np.searchsorted(self._x[: self._buckets], x, side="right")) - 1
        return float(self._smooth[place]) if place >= 0 else float("nan")

    def extend(self, x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]) -> None:
        """Fold new points in; `x` grows. A value that is not finite repeats the one before it."""
        values = self._finite(np.asarray(y, np.float64))
        if values.size == 0:
            return
        smooth = self._smoothed(values)
        while (self.count + values.size - 1) // self.stride >= CAPACITY:
            self._merge()
        index = np.arange(self.count, self.count + values.size) // self.stride
        starts = np.flatnonzero(np.r_[True, index[1:] != index[:-1]])
        places = index[starts]
        fresh = places >= self._buckets
        ends = np.r_[starts[1:], values.size] - 1
        self._low[places[fresh]], self._high[places[fresh]] = np.inf, -np.inf
        self._x[places[fresh]] = np.asarray(x, np.float64)[starts[fresh]]
        self._low[places] = np.minimum(self._low[places], np.minimum.reduceat(values, starts))
        self._high[places] = np.maximum(self._high[places], np.maximum.reduceat(values, starts))
        self._smooth[places] = smooth[ends]
        self._buckets = int(places[-1]) + 1
        self.count += values.size

    def _finite(self, values: Values) -> Values:
        good = np.isfinite(values)
        if good.all():
            return values
        before = self._smooth[self._buckets - 1] if self._buckets else 0.0
        last = np.maximum.accumulate(np.where(good, np.arange(values.size), -1))
        return np.where(last >= 0, values[last], before)

    def _smoothed(self, values: Values) -> Values:
        """The exponential mean, corrected for its start, so that the first value is the first value."""
        parts = [self._smooth_chunk(values[at : at + _CHUNK]) for at in range(0, values.size, _CHUNK)]
        return np.concatenate(parts)

    def _smooth_chunk(self, values: Values) -> Values:
        decay = self._decay ** np.arange(1, values.size + 1)
        sums = decay * (self._mean + (1 - self._decay) * np.cumsum(values / decay))
        weights = 1 - decay * (1 - self._weight)
        self._mean, self._weight = float(sums[-1]), float(weights[-1])
        smoothed: Values = sums / weights
        return smoothed

    def _merge(self) -> None:
        """Halve the number of buckets."""
        whole, half = self._buckets, (self._buckets + 1) // 2
        last = np.minimum(np.arange(half) * 2 + 1, max(whole - 1, 0))
        first = np.arange(half) * 2
        self._low[:half] = np.minimum(self._low[first], self._low[last])
        self._high[:half] = np.maximum(self._high[first], self._high[last])
        self._x[:half], self._smooth[:half] = self._x[first], self._smooth[last]
        self._buckets, self.stride = half, self.stride * 2
