"""The way of a wire that is led through dots, in pieces from stop to stop: functions of points alone."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from netloom.ui.canvas.wire_path import CORNER, LABEL_ABOVE, LABEL_APART, Route, lines, rounded

RIGHT = QPointF(1, 0)
STEEP = 2.0
"""How many times higher than wide a piece must be to be led up or down."""
LEAST, MOST, SLOPE, TALLEST = 16.0, 120.0, 0.12, 160.0
QUARTER = 0.55
"""The reach of a handle that makes a quarter of an ellipse."""
TURN_LEAST, TURN_MOST = 24.0, 64.0
FAR = 48.0


def bent(source: QPointF, target: QPointF, dots: Sequence[QPointF], onward: Sequence[QPointF] | None = None) -> Route:
    """The way from an output through dots to an input: smooth, and level in each dot unless it is steep there.

    `onward` are the places that each dot leads to, if those are not the next ones: wires that share a dot come to it on
    one way. The label stands at the widest piece.
    """
    path, points = QPainterPath(source), [source]
    for piece, corners in _pieces((source, *dots, target), onward):
        path.connectPath(piece)
        points += corners
    start, end = max(pairwise((source, *dots, target)), key=_width)
    label = QPointF((start.x() + end.x()) / 2, min(start.y(), end.y()) - LABEL_ABOVE)
    room = _width((start, end)) - LABEL_APART
    return Route(path, label, room, tuple(points), dots=tuple(dots), beside=(start, end))


def nearest_piece(stops: Sequence[QPointF], place: QPointF) -> int:
    """Which piece of the way through these stops comes nearest to a place."""
    gaps = [_gap(piece, place) for piece, _ in _pieces(stops)]
    return gaps.index(min(gaps))


def middle_of_longest(stops: Sequence[QPointF]) -> tuple[int, QPointF]:
    """The longest piece of the way through these stops, and its middle."""
    sizes = [math.hypot(end.x() - start.x(), end.y() - start.y()) for start, end in pairwise(stops)]
    index = sizes.index(max(sizes))
    piece, _ = _pieces(stops)[index]
    return index, piece.pointAtPercent(0.5)


def kept_lane(way: Route, place: QPointF) -> tuple[list[QPointF], list[QPointF]]:
    """The dots before and behind a new one at this place that keep a wire in its lane."""
    if not way.along_lane:
        return [], []
    first, last = way.points[2], way.points[3]
    side = CORNER if last.x() > first.x() else -CORNER
    ends = (first + QPointF(side, 0), last - QPointF(side, 0))
    before, behind = ([end] if abs(end.x() - place.x()) > FAR else [] for end in ends)
    return before, behind


def _pieces(
    stops: Sequence[QPointF], onward: Sequence[QPointF] | None = None
) -> list[tuple[QPainterPath, tuple[QPointF, ...]]]:
    """The path of each piece, and the points that it leads through in lines, without the first."""
    inner = (_heading(before, after) for before, after in zip(stops, onward or stops[2:], strict=False))
    headings = [RIGHT, *inner, RIGHT]
    return [_piece(*ends, *ways) for ends, ways in zip(pairwise(stops), pairwise(headings), strict=True)]


def _heading(before: QPointF, after: QPointF) -> QPointF:
    """Where a wire goes in a dot between these stops: along a row, or along a column where the stops are steep."""
    step = after - before
    if abs(step.y()) > STEEP * abs(step.x()):
        return QPointF(0, math.copysign(1, step.y()))
    return QPointF(math.copysign(1, step.x()), 0)


def _piece(start: QPointF, end: QPointF, leaving: QPointF, coming: QPointF) -> tuple[QPainterPath, tuple[QPointF, ...]]:
    step = end - start
    ahead = QPointF.dotProduct(step, leaving)
    if leaving == coming and leaving.y() == 0 and 0 < STEEP * ahead < abs(step.y()):
        middle = (start.x() + end.x()) / 2
        corners = (QPointF(middle, start.y()), QPointF(middle, end.y()))
        return rounded((start, *corners, end)), (*corners, end)
    path, turn = QPainterPath(start), QPointF.dotProduct(leaving, coming)
    path.cubicTo(start + leaving * _reach(step, leaving, turn), end - coming * _reach(step, coming, turn), end)
    return path, (end,)


def _reach(step: QPointF, heading: QPointF, turn: float) -> float:
    """How far the handle of a piece reaches: as that of a plain wire, round a corner, or round a turn.

    `turn` is 1 where the piece ends as it began, 0 where it turns into a corner, -1 where it comes back.
    """
    along = QPointF.dotProduct(step, heading)
    across = abs(step.x() * heading.y() - step.y() * heading.x())
    if along <= 0:
        return min(max(across / 2, TURN_LEAST), TURN_MOST) if turn else min(-along, TURN_LEAST)
    if turn < 1:
        return QUARTER * along
    return min(max(along / 2 + min(across, TALLEST) * SLOPE, min(LEAST, along)), MOST)


def _width(piece: tuple[QPointF, QPointF]) -> float:
    return abs(piece[1].x() - piece[0].x())


def _gap(path: QPainterPath, place: QPointF) -> float:
    """How far a path is from a place."""
    return min(_line_gap(start, end, place) for start, end in lines(path))


def _line_gap(start: QPointF, end: QPointF, place: QPointF) -> float:
    step, way = end - start, place - start
    length = QPointF.dotProduct(step, step)
    share = min(max(QPointF.dotProduct(way, step) / length, 0.0), 1.0) if length else 0.0
    off = way - step * share
    return math.hypot(off.x(), off.y())
