"""Top to bottom out of left to right: what is worked out for rows is turned over the diagonal for columns."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from netloom.ui.canvas.bend_path import bent, kept_lane, middle_of_longest, nearest_piece
from netloom.ui.canvas.wire_path import BESIDE, LINE, Route

_DIAGONAL = QTransform(0, 1, 1, 0, 0, 0)


def turned(place: QPointF) -> QPointF:
    """A place with across and down exchanged."""
    return QPointF(place.y(), place.x())


def turned_area(area: QRectF) -> QRectF:
    """An area with across and down exchanged."""
    return QRectF(area.y(), area.x(), area.height(), area.width())


def turned_way(way: Route) -> Route:
    """A way downwards out of one to the right. Its label stands beside it: that needs the height of a line."""
    return replace(
        way,
        path=_DIAGONAL.map(way.path),
        label=_middle(way),
        room=BESIDE if way.room >= LINE else 0.0,
        points=tuple(turned(each) for each in way.points),
        dots=tuple(turned(each) for each in way.dots),
        beside=tuple(turned(each) for each in way.beside),
        is_down=True,
    )


def led(
    source: QPointF,
    target: QPointF,
    dots: Sequence[QPointF],
    onward: Sequence[QPointF] | None = None,
    *,
    is_down: bool,
) -> Route:
    """The way from an output through dots to an input, to the right or down."""
    if not is_down:
        return bent(source, target, dots, onward)
    others = None if onward is None else [turned(each) for each in onward]
    return turned_way(bent(turned(source), turned(target), [turned(each) for each in dots], others))


def _stops(way: Route) -> tuple[QPointF, ...]:
    """Where a way begins, its dots, and where it ends."""
    return (way.points[0], *way.dots, way.points[-1])


def piece_at(way: Route, place: QPointF) -> int:
    """Which piece of a way comes nearest to a place."""
    if not way.is_down:
        return nearest_piece(_stops(way), place)
    return nearest_piece([turned(each) for each in _stops(way)], turned(place))


def longest_piece(way: Route) -> tuple[int, QPointF]:
    """The longest piece of a way, and its middle."""
    if not way.is_down:
        return middle_of_longest(_stops(way))
    index, middle = middle_of_longest([turned(each) for each in _stops(way)])
    return index, turned(middle)


def dots_in_lane(way: Route, place: QPointF) -> tuple[list[QPointF], list[QPointF]]:
    """The dots before and behind a new one at this place that keep a wire in its lane."""
    if not way.is_down:
        return kept_lane(way, place)
    upright = replace(way, points=tuple(turned(each) for each in way.points))
    before, behind = kept_lane(upright, turned(place))
    return [turned(each) for each in before], [turned(each) for each in behind]


def _middle(way: Route) -> QPointF:
    """Where on its way downwards a wire is that has its label here."""
    if way.along_lane:
        return QPointF(way.points[2].y(), way.label.x())
    start, end = way.beside or (way.points[0], way.points[-1])
    return turned((start + end) / 2)
