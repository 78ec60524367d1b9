"""Which wire has which lane, so that two that run side by side do not lie on each other."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from netloom.ui.canvas.wire_path import LANE_APART

STRIPE = 64.0
MOST = 12
EDGE = 4.0


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
        found = next(
            (lane for apart, lane in _around(y, gap) if not self._is_taken(lane, apart, left, right, group)), y
        )
        taken = self._taken[key] = _Taken(found, left, right, group)
        self._stripes.setdefault(_stripe(found), {})[key] = taken
        return found

    def release(self, key: Hashable) -> None:
        """Give a lane back."""
        taken = self._taken.pop(key, None)
        if taken is not None:
            del self._stripes[_stripe(taken.y)][key]

    def _is_taken(self, y: float, apart: float, left: float, right: float, group: Hashable) -> bool:
        stripe = _stripe(y)
        near = (other for index in (stripe - 1, stripe, stripe + 1) for other in self._stripes.get(index, {}).values())
        return any(
            other.group != group and abs(other.y - y) < apart and other.left < right and left < other.right
            for other in near
        )


def _stripe(y: float) -> int:
    return int(y // STRIPE)


def _around(y: float, gap: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """How far lanes must be apart, and a lane: from the middle outwards, 16 apart, and where that has no room 8."""
    for apart in (LANE_APART, LANE_APART / 2):
        yield apart, y
        for step in range(1, MOST):
            for lane in (y + step * apart, y - step * apart):
                if gap[0] + EDGE < lane < gap[1] - EDGE:
                    yield apart, lane
