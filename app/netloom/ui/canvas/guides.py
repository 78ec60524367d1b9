"""Lines that a moved card snaps to: edges and middles of the cards that are seen, and the other ends of its wires."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QLineF, QPointF, QRectF

from netloom.ui.canvas.placement import snapped
from netloom.ui.canvas.turned import turned, turned_area

REACH = 6.0
"""Pixels of the screen from which a line draws a card to it."""
SAME = 0.25
Feature: TypeAlias = Literal["left", "centre", "right", "top", "middle", "bottom"]
ACROSS: tuple[Feature, ...] = ("left", "right", "centre")
DOWN: tuple[Feature, ...] = ("top", "bottom", "middle")
"""Lines down and across; of several that a card is on the first is shown."""
Mark: TypeAlias = tuple[float, float, float]
"""Where a line is, and between which places along it a card lies."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A wire of the moved card: how far its port is below the card's top, and where the other end is.

    Where wires go down it is how far right of the card's left edge.
    """

    below: float
    along: float
    end: QPointF


class Guides:
    """The lines of the cards that stand around while one is moved."""

    def __init__(self, cards: Iterable[QRectF], ties: Sequence[Tie] = (), *, is_down: bool = False) -> None:
        self._is_down = is_down
        marks: dict[Feature, list[Mark]] = {each: [] for each in (*ACROSS, *DOWN)}
        for card in cards:
            for feature, mark in _marks(turned_area(card) if is_down else card):
                marks[feature].append(mark)
        self._marks = {feature: sorted(found) for feature, found in marks.items()}
        self._ties = [Tie(tie.along, tie.below, turned(tie.end)) for tie in ties] if is_down else ties

    def snap(self, card: QRectF, zoom: float) -> tuple[QPointF, list[QLineF]]:
        """The corner of a card on the nearest lines, on the grid where none is near; and the lines that it is on."""
        if not self._is_down:
            return self._snapped(card, zoom)
        corner, lines = self._snapped(turned_area(card), zoom)
        return turned(corner), [QLineF(turned(line.p1()), turned(line.p2())) for line in lines]

    def _snapped(self, card: QRectF, zoom: float) -> tuple[QPointF, list[QLineF]]:
        reach = REACH / zoom
        on_grid = snapped(card.x(), card.y())
        across = min(self._gaps(card, ACROSS, reach), key=abs, default=None)
        ties = (tie.end.y() - card.top() - tie.below for tie in self._ties)
        near = [gap for gap in ties if abs(gap) <= reach]
        down = min(near or self._gaps(card, DOWN, reach), key=abs, default=None)
        x = on_grid[0] if across is None else card.x() + across
        y = on_grid[1] if down is None else card.y() + down
        found = QRectF(x, y, card.width(), card.height())
        return QPointF(x, y), self._lines(found)

    def _gaps(self, card: QRectF, features: Sequence[Feature], reach: float) -> Iterator[float]:
        """How far the card is from lines that are near."""
        for feature, mark in _marks(card):
            if feature in features:
                yield from (each[0] - mark[0] for each in self._near(feature, mark[0], reach))

    def _near(self, feature: Feature, value: float, reach: float) -> Sequence[Mark]:
        marks = self._marks[feature]
        return marks[bisect_left(marks, (value - reach,)) : bisect_left(marks, (value + reach,))]

    def _lines(self, card: QRectF) -> list[QLineF]:
        """The lines that a card is on: one across, or the ends of wires, and one down; each to the nearest card."""
        marks = dict(_marks(card))
        lines = [
            QLineF(tie.end, QPointF(card.left() + tie.along, tie.end.y())) for tie in self._ties if _is_on(tie, card)
        ]
        for features in (ACROSS,) if lines else (ACROSS, DOWN):
            feature = next((each for each in features if self._near(each, marks[each][0], SAME)), None)
            if feature is not None:
                lines.append(self._line(feature, *marks[feature]))
        return lines

    def _line(self, feature: Feature, value: float, low: float, high: float) -> QLineF:
        nearest = min(self._near(feature, value, SAME), key=lambda mark: max(mark[1] - high, low - mark[2]))
        start, end = min(low, nearest[1]), max(high, nearest[2])
        return QLineF(value, start, value, end) if feature in ACROSS else QLineF(start, value, end, value)


def _is_on(tie: Tie, card: QRectF) -> bool:
    return abs(card.top() + tie.below - tie.end.y()) <= SAME


def _marks(card: QRectF) -> Iterator[tuple[Feature, Mark]]:
    """The lines of one card."""
    middle = card.center()
    for feature, x in zip(ACROSS, (card.left(), card.right(), middle.x()), strict=True):
        yield feature, (x, card.top(), card.bottom())
    for feature, y in zip(DOWN, (card.top(), card.bottom(), middle.y()), strict=True):
        yield feature, (y, card.left(), card.right())
