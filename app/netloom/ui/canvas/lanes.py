"""Which wire has which lane, so that two that run side by side do not lie on each other."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import count

from netloom.ui.canvas.wire_path import LANE_APART

STRIPE = 64.0
MOST = 12


@dataclass(frozen=True, slots=True)
class _Taken:
    y: float
    left: float
    right: float
    group: Hashable


class Lanes:
    """Lanes by wire, found again by their height; those of one group (one output) may lie on each other."""

    def __init__(self) -> None:
        self._taken: dict[Hashable, _Taken] = {}
        self._stripes: dict[int, dict[Hashable, _Taken]] = {}

    def take(
        self, key: Hashable, group: Hashable, y: float, left: float, right: float, gap: tuple[float, float]
    ) -> float:
        """A lane as near as can be to `y` within the gap, 16 from every other that runs beside it."""
        self.release(key)
        found = next((lane for lane in _around(y, gap) if not self._is_taken(lane, left, right, group)), y)
        taken = self._taken[key] = _Taken(found, left, right, group)
        self._stripes.setdefault(_stripe(found), {})[key] = taken
        return found

    def release(self, key: Hashable) -> None:
        """Give a lane back."""
        taken = self._taken.pop(key, None)
        if taken is not None:
            del self._stripes[_stripe(taken.y)][key]

    def _is_taken(self, y: float, left: float, right: float, group: Hashable) -> bool:
        stripe = _stripe(y)
        near = (other for index in (stripe - 1, stripe, stripe + 1) for other in self._stripes.get(index, {}).values())
        return any(
            other.group != group and abs(other.y - y) < LANE_APART and other.left < right and left < other.right
            for other in near
        )


def _stripe(y: float) -> int:
    return int(y // STRIPE)


def _around(y: float, gap: tuple[float, float]) -> Iterator[float]:
    """The height itself, then 16 below and above it, and so on as long as the gap goes."""
    yield y
    for step in count(1):
        for lane in (y + step * LANE_APART, y - step * LANE_APART):
            if gap[0] + 6 < lane < gap[1] - 6:
                yield lane
        if step == MOST:
            return
