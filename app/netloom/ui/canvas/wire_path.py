"""The way of a wire from an output to an input, and where its label stands."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

OUT, CORNER = 16.0, 12.0
LONG = 150.0
SHORTEST = 24.0
LABEL_ABOVE = 11.0
LABEL_APART = 6.0
LABEL_IN = 72.0  # where the label of a long forward wire stands: near its beginning
LABEL_BESIDE, LABEL_NEAR_END = 7.0, 18.0  # where wires go down: how far from the way, and from an end
BESIDE, LINE = 130.0, 12.0
"""Where wires go down: the longest label beside a wire, and how long a wire must be to have one."""
LABEL_SHARES = (0.5, 0.2, 0.8, 0.0, 1.0)
LANE_MARGIN, LANE_APART, LANE_ROOM = 20.0, 16.0, 16.0
REACH = 320.0
SPREAD, MOST_SPREAD = 8.0, 3
BETWEEN, LEVEL = 128.0, 40.0
"""A card finds room between the ends of a wire that is so wide, or not so level."""
STEPS = (0.5, 0.25, 0.75, 0.12, 0.88)
END_APART, END_ROOM = 7.0, 20.0
"""How far the ends of wires in a tall port are apart, and how much of the port they take up at most."""


@dataclass(frozen=True, slots=True)
class Route:
    """A drawn way; `label` is the middle of the label, `room` its longest length, `points` the way in lines.

    It leads through `dots`; `beside` are the points that the label stands at, if not all. On a way that goes down
    `label` is the place of the way that the label stands beside.
    """

    path: QPainterPath
    label: QPointF
    room: float
    points: tuple[QPointF, ...]
    along_lane: bool = False
    dots: tuple[QPointF, ...] = ()
    beside: tuple[QPointF, ...] = ()
    is_down: bool = False


def needs_lane(source: QPointF, target: QPointF) -> bool:
    """Whether the target lies so far left that only a lane leads there."""
    return target.x() - source.x() < SHORTEST


def route(
    source: QPointF, target: QPointF, lane: float | None = None, spread: tuple[float, float] = (0.0, 0.0)
) -> Route:
    """The way between two ports: a cubic, a step where it is steep, or along a lane at this height.

    To a lane it leaves the source, and comes to the target, by `spread` further out than it must.
    """
    dx, dy = target.x() - source.x(), target.y() - source.y()
    if lane is not None:
        return _lane(source, target, lane, spread)
    if needs_lane(source, target):
        return _lane(source, target, max(source.y(), target.y()) + 4 * LANE_MARGIN, spread)
    if abs(dy) > 2 * dx:
        return _step(source, target)
    path = QPainterPath(source)
    reach = min(max(dx / 2 + min(abs(dy), 160) * 0.12, 16), 120)
    path.cubicTo(source + QPointF(reach, 0), target - QPointF(reach, 0), target)
    label = QPointF((source.x() + target.x()) / 2, min(source.y(), target.y()) - LABEL_ABOVE)
    return Route(path, label, dx - LABEL_APART, (source, target))


def steps(source: QPointF, target: QPointF) -> Iterator[Route]:
    """The ways that go up or down nearer to the source, or nearer to the target."""
    return (_step(source, target, share) for share in STEPS)


def _step(source: QPointF, target: QPointF, share: float = 0.5) -> Route:
    riser = source.x() + share * (target.x() - source.x())
    points = (source, QPointF(riser, source.y()), QPointF(riser, target.y()), target)
    label = QPointF((source.x() + target.x()) / 2, min(source.y(), target.y()) - LABEL_ABOVE)
    return Route(rounded(points), label, target.x() - source.x() - LABEL_APART, points)


def outward(index: int, count: int, *, is_above: bool) -> float:
    """How much further out than it must a wire of a port goes to a lane, so that it crosses none beside it."""
    return SPREAD * min(index if is_above else count - 1 - index, MOST_SPREAD)


def _lane(source: QPointF, target: QPointF, lane: float, spread: tuple[float, float]) -> Route:
    right, left = source.x() + OUT + CORNER + spread[0], target.x() - OUT - CORNER - spread[1]
    points = (
        source,
        QPointF(right, source.y()),
        QPointF(right, lane),
        QPointF(left, lane),
        QPointF(left, target.y()),
        target,
    )
    is_forward = left > right
    middle = right + min(LABEL_IN, (left - right) / 2) if is_forward else (left + right) / 2
    label = QPointF(middle, lane - LABEL_ABOVE)
    return Route(rounded(points), label, abs(right - left) - 2 * CORNER, points, along_lane=True)


def rounded(points: Sequence[QPointF], corner: float = CORNER) -> QPainterPath:
    """Lines with round corners; a corner is smaller where a line is too short for it."""
    path = QPainterPath(points[0])
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        first, second = _length(before, here), _length(here, after)
        cut = min(corner, first / 2, second / 2)
        if cut < 0.5:
            path.lineTo(here)
            continue
        path.lineTo(here + (before - here) * (cut / first))
        path.quadTo(here, here + (after - here) * (cut / second))
    path.lineTo(points[-1])
    return path


def label_spots(way: Route, wide: float) -> Iterator[QPointF]:
    """Where a label of this width may stand, best first: above the way and below; along a lane in several places."""
    if way.is_down:
        yield from _spots_beside(way, LABEL_BESIDE + wide / 2)
        return
    yield way.label
    mirrored = 2 * LABEL_ABOVE
    if not way.along_lane:
        lowest = max(point.y() for point in way.beside or way.points)
        yield QPointF(way.label.x(), lowest + LABEL_ABOVE)
        return
    left, right = sorted((way.points[2].x(), way.points[3].x()))
    first, last = left + CORNER + wide / 2, right - CORNER - wide / 2
    places = [first + (last - first) * share for share in LABEL_SHARES] if last > first else []
    yield from (QPointF(x, way.label.y()) for x in places)
    yield from (QPointF(x, way.label.y() + mirrored) for x in (way.label.x(), *places))


def _spots_beside(way: Route, out: float) -> Iterator[QPointF]:
    """The middles of labels right and left of a way that goes down: at its middle, then near its ends."""
    heights = [way.label]
    if way.along_lane:
        top, bottom = sorted((way.points[2].y(), way.points[3].y()))
        heights += [QPointF(way.label.x(), top + (bottom - top) * share) for share in LABEL_SHARES]
    else:
        start, end = way.beside or (way.points[0], way.points[-1])
        heights += [start + QPointF(0, LABEL_NEAR_END), end - QPointF(0, LABEL_NEAR_END)]
    yield from (place + QPointF(side * out, 0) for place in heights for side in (1, -1))


def has_room(source: QPointF, target: QPointF, between: float = BETWEEN) -> bool:
    """Whether a card may stand between the ends of a wire."""
    return target.x() - source.x() >= between or abs(target.y() - source.y()) > LEVEL


def along_port(index: int, count: int) -> float:
    """How far below the middle of a tall port one of so many wires ends."""
    apart = min(END_APART, END_ROOM / max(1, count - 1))
    return (index - (count - 1) / 2) * apart


def lines(path: QPainterPath) -> Iterator[tuple[QPointF, QPointF]]:
    """A path in straight lines."""
    return (pair for line in path.toSubpathPolygons() for pair in pairwise(line.toList()))


def crosses(path: QPainterPath, area: QRectF) -> bool:
    """Whether a line comes into an area."""
    if not path.boundingRect().adjusted(-1, -1, 1, 1).intersects(area):
        return False
    return any(_span(start, end).intersects(area) for start, end in lines(path))


def _span(start: QPointF, end: QPointF) -> QRectF:
    """A straight piece of a line with a unit around it."""
    return QRectF(start, end).normalized().adjusted(-1, -1, 1, 1)


def _length(start: QPointF, end: QPointF) -> float:
    return math.hypot(end.x() - start.x(), end.y() - start.y())


def corridor(source: QPointF, target: QPointF) -> QRectF:
    """What a straight wire would cross."""
    top, bottom = sorted((source.y(), target.y()))
    return QRectF(QPointF(source.x() + 4, top - 4), QPointF(target.x() - 4, bottom + 4))


def search_area(source: QPointF, target: QPointF) -> QRectF:
    """Where cards may stand in the way of a lane."""
    left, right = sorted((source.x() + OUT + CORNER, target.x() - OUT - CORNER))
    top, bottom = sorted((source.y(), target.y()))
    return QRectF(QPointF(left, top - REACH), QPointF(right, bottom + REACH))


def lane_gap(source: QPointF, target: QPointF, cards: Iterable[tuple[float, float]]) -> tuple[float, float, float]:
    """The best height for a lane and the gap around it: the free strip between cards that costs the least way.

    Of the cards only top and bottom count.
    """
    best = min(_gaps(cards), key=lambda gap: _cost(_within(gap, source, target), source, target))
    return (_within(best, source, target), *best)


def _gaps(cards: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The strips without cards, the first and the last without end."""
    gaps, reached = [], -math.inf
    for top, bottom in sorted(cards):
        if top - reached >= LANE_ROOM:
            gaps.append((reached, top))
        reached = max(reached, bottom)
    return [*gaps, (reached, math.inf)]


def _within(gap: tuple[float, float], source: QPointF, target: QPointF) -> float:
    low, high = gap
    if math.isinf(low) and math.isinf(high):
        return max(source.y(), target.y()) + 2 * LANE_MARGIN
    if math.isinf(low):
        return high - LANE_MARGIN
    return low + LANE_MARGIN if math.isinf(high) else (low + high) / 2


def _cost(lane: float, source: QPointF, target: QPointF) -> float:
    return abs(lane - source.y()) + abs(lane - target.y())
