"""The way of a wire that is led through dots, in pieces from stop to stop: functions of points alone."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from netloom.ui.canvas.wire_path import CORNER, LABEL_ABOVE, LABEL_APART, Route, lines, rounded

Heading: TypeAlias = tuple[float, float]
RIGHT: Heading = (1.0, 0.0)
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
    for piece in _pieces((source, *dots, target), onward):
        _draw(path, piece)
        points += piece[1:4] if piece.is_step else piece[3:4]
    start, end = max(pairwise((source, *dots, target)), key=_width)
    label = QPointF((start.x() + end.x()) / 2, min(start.y(), end.y()) - LABEL_ABOVE)
    room = _width((start, end)) - LABEL_APART
    return Route(path, label, room, tuple(points), dots=tuple(dots), beside=(start, end))


def nearest_piece(stops: Sequence[QPointF], place: QPointF) -> int:
    """Which piece of the way through these stops comes nearest to a place."""
    gaps = [_gap(_drawn(piece), place) for piece in _pieces(stops)]
    return gaps.index(min(gaps))


def middle_of_longest(stops: Sequence[QPointF]) -> tuple[int, QPointF]:
    """The longest piece of the way through these stops, and its middle."""
    sizes = [math.hypot(end.x() - start.x(), end.y() - start.y()) for start, end in pairwise(stops)]
    index = sizes.index(max(sizes))
    return index, _drawn(_pieces(stops)[index]).pointAtPercent(0.5)


def kept_lane(way: Route, place: QPointF) -> tuple[list[QPointF], list[QPointF]]:
    """The dots before and behind a new one at this place that keep a wire in its lane."""
    if not way.along_lane:
        return [], []
    first, last = way.points[2], way.points[3]
    side = CORNER if last.x() > first.x() else -CORNER
    ends = (first + QPointF(side, 0), last - QPointF(side, 0))
    before, behind = ([end] if abs(end.x() - place.x()) > FAR else [] for end in ends)
    return before, behind


class _Piece(NamedTuple):
    """A curve with two handles, or a step with two corners."""

    start: QPointF
    first: QPointF
    second: QPointF
    end: QPointF
    is_step: bool


def _drawn(piece: _Piece) -> QPainterPath:
    path = QPainterPath(piece.start)
    _draw(path, piece)
    return path


def _draw(path: QPainterPath, piece: _Piece) -> None:
    """Lead a path on."""
    if piece.is_step:
        path.connectPath(rounded(piece[:4]))
    else:
        path.cubicTo(piece.first, piece.second, piece.end)


def _pieces(stops: Sequence[QPointF], onward: Sequence[QPointF] | None = None) -> list[_Piece]:
    inner = (_heading(before, after) for before, after in zip(stops, onward or stops[2:], strict=False))
    headings = [RIGHT, *inner, RIGHT]
    return [_piece(*ends, *ways) for ends, ways in zip(pairwise(stops), pairwise(headings), strict=True)]


def _heading(before: QPointF, after: QPointF) -> Heading:
    """Where a wire goes in a dot between these stops: along a row, or along a column where the stops are steep."""
    across, down = after.x() - before.x(), after.y() - before.y()
    if abs(down) > STEEP * abs(across):
        return (0.0, math.copysign(1.0, down))
    return (math.copysign(1.0, across), 0.0)


def _piece(start: QPointF, end: QPointF, leaving: Heading, coming: Heading) -> _Piece:
    step = (end.x() - start.x(), end.y() - start.y())
    if leaving == coming and 0 < STEEP * step[0] * leaving[0] < abs(step[1]):
        middle = (start.x() + end.x()) / 2
        return _Piece(start, QPointF(middle, start.y()), QPointF(middle, end.y()), end, is_step=True)
    turn = leaving[0] * coming[0] + leaving[1] * coming[1]
    before, behind = _reach(step, leaving, turn), _reach(step, coming, turn)
    first = QPointF(start.x() + before * leaving[0], start.y() + before * leaving[1])
    second = QPointF(end.x() - behind * coming[0], end.y() - behind * coming[1])
    return _Piece(start, first, second, end, is_step=False)


def _reach(step: Heading, heading: Heading, turn: float) -> float:
    """How far the handle of a piece reaches: as that of a plain wire, round a corner, or round a turn.

    `turn` is 1 where the piece ends as it began, 0 where it turns into a corner, -1 where it comes back.
    """
    along = step[0] * heading[0] + step[1] * heading[1]
    across = abs(step[0] * heading[1] - step[1] * heading[0])
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
