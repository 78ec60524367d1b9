"""Dotted lines with a few words at steps at which something happened to a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from netloom.ui import theme
from netloom.ui.plots.chart import Chart, pen

MOST = 12
"""So many of the newest are drawn; more would hide the curves."""
LONGEST = 28
ROWS, ROW_PIXELS, GAP = 4, 14, 4
Stretch: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A step, and two or three words for what happened there."""

    step: float
    text: str


class Marks:
    """The marks of one chart. Words that would lie on each other stand in rows."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._items: list[tuple[pg.InfiniteLine, pg.TextItem]] = []

    def show(self, marks: Sequence[Mark]) -> None:
        """Draw these over what the chart shows now."""
        shown = sorted(marks, key=lambda mark: mark.step)[-MOST:]
        while len(self._items) < len(shown):
            self._add()
        taken: list[list[Stretch]] = [[] for _ in range(ROWS)]
        for index, (line, text) in enumerate(self._items):
            is_used = index < len(shown)
            line.setVisible(is_used)
            text.setVisible(is_used)
            if is_used:
                self._place(line, text, shown[index], taken)

    @property
    def shown(self) -> list[Mark]:
        """What can be seen, from left to right."""
        return [Mark(line.value(), text.toPlainText()) for line, text in self._items if line.isVisible()]

    def restyle(self) -> None:
        """Take the colours and the font of the theme."""
        now = theme.current()
        dotted = pen(now.color("text-3"))
        dotted.setStyle(Qt.PenStyle.DotLine)
        for line, text in self._items:
            line.setPen(dotted)
            text.setColor(now.color("text-3"))
            text.setFont(theme.font("caption"))

    def _add(self) -> None:
        line, text = pg.InfiniteLine(angle=90), pg.TextItem()
        self._chart.add(line, text)
        self._items.append((line, text))
        self.restyle()

    def _place(self, line: pg.InfiniteLine, text: pg.TextItem, mark: Mark, taken: list[list[Stretch]]) -> None:
        """Put the words beside the line in the first row that has room there; where none has, there are no words."""
        (low, high), (bottom, top) = self._chart.box.viewRange()
        room, tall = max(1.0, self._chart.box.width()), max(1.0, self._chart.box.height())
        words = mark.text if len(mark.text) <= LONGEST else f"{mark.text[: LONGEST - 1]}…"
        wide = QFontMetrics(theme.font("caption")).horizontalAdvance(words) + 2 * GAP
        at = (mark.step - low) / (high - low) * room
        line.setValue(mark.step)
        text.setText(words)
        found = _room(at, wide, room, taken) if words else None
        text.setVisible(found is not None)
        if found is not None:
            row, stretch = found
            taken[row].append(stretch)
            text.setAnchor((1 if stretch[0] < at else 0, 0))
            text.setPos(mark.step, top - row * ROW_PIXELS * (top - bottom) / tall)


def _room(at: float, wide: float, room: float, taken: list[list[Stretch]]) -> tuple[int, Stretch] | None:
    """The first row with room for words at the left or the right of a place, and what they take of it."""
    left, right = (at - wide, at), (at, at + wide)
    fitting = [side for side in ((left, right) if at > room / 3 else (right, left)) if side[0] >= 0 and side[1] <= room]
    for row, others in enumerate(taken):
        for side in fitting:
            if all(side[1] <= begin or end <= side[0] for begin, end in others):
                return row, side
    return None
