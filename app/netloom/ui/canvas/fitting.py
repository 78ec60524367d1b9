"""From where a part of the scene is seen best: as large as can be, in the middle, and not under what lies over it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF

LEFT, TOP, RIGHT, BOTTOM = 28.0, 56.0, 28.0, 28.0
"""Pixels that stay free around what is shown; at the top lie the document's name and the modes."""
CLEAR = 12.0
MOST_GIVEN_UP = 0.78
"""Everything is shown clear of what lies over it as long as it stays this large."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A zoom, and the place of the scene that is in the middle of the viewport."""

    zoom: float
    middle: QPointF


def room(view: QSize) -> QSizeF:
    """What a viewport has inside its margins."""
    return QSizeF(max(view.width() - LEFT - RIGHT, 50), max(view.height() - TOP - BOTTOM, 50))


def fit(area: QRectF, view: QSize, beside: float = 0.0, below: float = 0.0) -> Fit:
    """Show an area at 100 % at most, with so many more pixels free to the right and below."""
    free = room(view)
    wide, high = max(free.width() - beside, 50), max(free.height() - below, 50)
    zoom = min(wide / max(area.width(), 1), high / max(area.height(), 1), 1.0)
    zoom = math.floor(zoom * 100) / 100 if zoom > 0.1 else zoom
    shift = QPointF(RIGHT + beside - LEFT, BOTTOM + below - TOP)
    return Fit(zoom, area.center() + shift / (2 * zoom))


def clear_fit(area: QRectF, view: QSize, covered: Sequence[QRect], is_free: Callable[[QRectF], bool]) -> Fit:
    """The largest fit with nothing under the covered corner at the bottom right; `is_free` knows what stands where."""
    plain = fit(area, view)
    clear = (
        way for way in _ways(area, view, plain, covered) if all(is_free(_seen(way, view, each)) for each in covered)
    )
    best = max(clear, key=lambda way: way.zoom, default=plain)
    return best if best.zoom >= plain.zoom * MOST_GIVEN_UP else plain


def _ways(area: QRectF, view: QSize, plain: Fit, covered: Sequence[QRect]) -> Iterator[Fit]:
    """In the middle; moved by what room is left; smaller, left of what is covered or above it."""
    yield plain
    if not covered:
        return
    free = room(view)
    spare_x, spare_y = free.width() - area.width() * plain.zoom, free.height() - area.height() * plain.zoom
    for beside, below in ((0.0, spare_y), (spare_x, 0.0), (spare_x, spare_y)):
        yield fit(area, view, max(beside, 0.0), max(below, 0.0))
    corner = covered[0]
    for other in covered[1:]:
        corner = corner.united(other)
    yield fit(area, view, below=view.height() - corner.top() - BOTTOM + CLEAR)
    yield fit(area, view, beside=view.width() - corner.left() - RIGHT + CLEAR)


def _seen(way: Fit, view: QSize, part: QRect) -> QRectF:
    """The part of the scene that is seen through a part of the viewport, with a margin."""
    middle = QPointF(view.width() / 2, view.height() / 2)
    grown = QRectF(part).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
    return QRectF((grown.topLeft() - middle) / way.zoom + way.middle, grown.size() / way.zoom)
