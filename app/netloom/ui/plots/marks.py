"""Dotted lines with a few words at steps at which something happened to a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from netloom.ui import theme
from netloom.ui.plots.chart import Chart, pen

MOST = 12
"""So many of the newest are drawn; more would hide the curves."""
LONGEST = 28
ROWS, ROW_PIXELS, GAP = 3, 14, 6


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

    def show(self, marks: Sequence[Mark], span: tuple[float, float], top: float, height: float) -> None:
        """Draw these over a chart that goes from `span[0]` to `span[1]`, and up to `top` over a range of `height`."""
        shown = sorted(marks, key=lambda mark: mark.step)[-MOST:]
        while len(self._items) < len(shown):
            self._add()
        ends = [float("-inf")] * ROWS
        for index, (line, text) in enumerate(self._items):
            is_used = index < len(shown)
            line.setVisible(is_used)
            text.setVisible(is_used)
            if is_used:
                self._place(line, text, shown[index], span, (top, height), ends)

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

    def _place(
        self,
        line: pg.InfiniteLine,
        text: pg.TextItem,
        mark: Mark,
        span: tuple[float, float],
        vertical: tuple[float, float],
        ends: list[float],
    ) -> None:
        """Put the words on the side where there is room, in the first row that is free there."""
        words = mark.text if len(mark.text) <= LONGEST else f"{mark.text[: LONGEST - 1]}…"
        to_left = mark.step > span[0] + (span[1] - span[0]) / 3
        per_pixel = (span[1] - span[0]) / max(1, self._chart.width())
        wide = QFontMetrics(theme.font("caption")).horizontalAdvance(words) + GAP
        begin = mark.step - wide * per_pixel if to_left else mark.step
        row = next((place for place, end in enumerate(ends) if end <= begin), ROWS - 1)
        ends[row] = begin + wide * per_pixel
        top, height = vertical
        line.setValue(mark.step)
        text.setText(words)
        text.setAnchor((1 if to_left else 0, 0))
        text.setPos(mark.step, top - row * ROW_PIXELS * height / max(1, self._chart.height()))
