"""The curves of several runs over each other: one colour and dash for each run, its changes as dotted lines."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from netloom.ui import strokes, theme
from netloom.ui.plots.chart import Chart, pen
from netloom.ui.plots.dots import Dot, Dots
from netloom.ui.plots.line import Line
from netloom.ui.plots.marks import Mark, Marks
from netloom.ui.plots.numbers import percent, short
from netloom.ui.plots.run_series import Points, RunCurves, Series
from netloom.ui.plots.scale import Limits, round_limits, step_for
from netloom.ui.plots.title_row import Entry, TitleRow

END_DOT = 6.0
"""Dotted lines beyond these would say nothing."""


class CompareCard(QWidget):
    """Shows up to eight runs. `chooser` stands where the panel puts it; what is chosen stays for the next runs."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: Sequence[RunCurves] = ()
        self._wanted = ""
        self._lines: list[Line] = []
        self.chooser = QComboBox()
        self.chooser.setObjectName("compare-series")
        self.chooser.setAccessibleName("Which curve")
        self.chooser.setFont(theme.font("body"))
        self.chooser.setMinimumWidth(168)
        self.chooser.setMinimumContentsLength(12)
        self.chooser.textActivated.connect(self.choose)
        self.legend = TitleRow("")
        self.chart = Chart("compare")
        self.chart.setAccessibleName("Curves of the runs that are selected")
        self.marks = Marks(self.chart)
        self._dots = Dots()
        self._cross = pg.InfiniteLine(angle=90)
        self._cross.setVisible(False)
        self.chart.add(self._dots, self._cross)
        self.chart.hovered.connect(self._show_step)
        self._empty = QLabel("Nothing was measured.")
        self._stack = self._laid_out()
        theme.signals.changed.connect(self._draw)

    def _laid_out(self) -> QStackedWidget:
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setFont(theme.font("body"))
        self._empty.setProperty("level", "3")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 0, 4, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self.legend)
        column.addLayout(row)
        column.addWidget(self.chart, 1)
        stack = QStackedWidget(self)
        stack.addWidget(page)
        stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(stack)
        return stack

    def show_runs(self, runs: Sequence[RunCurves]) -> None:
        """Show these runs, in the order of their colours."""
        self._runs = runs[: strokes.MOST_RUNS]
        titles = list(dict.fromkeys(title for run in self._runs for title in run.series))
        self.chooser.clear()
        self.chooser.addItems(titles)
        self.chooser.setEnabled(len(titles) > 1)
        if titles:
            self.chooser.setCurrentText(self._wanted if self._wanted in titles else titles[0])
        self._stack.setCurrentIndex(0 if titles else 1)
        self._draw()

    def choose(self, title: str) -> None:
        """Show this curve of each run."""
        self._wanted = title
        self.chooser.setCurrentText(title)
        self._draw()
        self.chosen.emit(title)

    @property
    def _title(self) -> str:
        return self.chooser.currentText()

    @property
    def drawn(self) -> Mapping[str, Series]:
        """The curves that are drawn, by run."""
        return {run.id: run.series[self._title] for run in self._runs if self._title in run.series}

    def _draw(self) -> None:
        for item in self._lines:
            self.chart.box.removeItem(item)
        self._lines, dots = [], []
        self._cross.setPen(pen(theme.current().color("line-strong")))
        for place, run in enumerate(self._runs):
            series = run.series.get(self._title)
            if series is not None and series.x.size:
                line = Line(strokes.run_pen(place))
                line.set_points(series.x, series.y)
                self._lines.append(line)
                end = Dot(float(series.x[-1]), float(series.y[-1]), theme.current().plot(place), END_DOT)
                dots += [end] if math.isfinite(end.y) else []
        self._dots.set_dots(dots)
        self._set_limits()
        self.chart.add(*self._lines)
        self.marks.restyle()
        self.marks.show([Mark(mark.step, mark.title) for run in self._runs for mark in run.marks])
        self._show_step(None)

    def _set_limits(self) -> None:
        found = [series for series in self.drawn.values() if series.x.size]
        if not found:
            return
        x = np.concatenate([series.x for series in found])
        y = np.concatenate([_settled(series.y) for series in found])
        low, high = (float(y.min()), float(y.max())) if y.size else (0.0, 1.0)
        shares = all(series.is_share for series in found)
        low = 0.0 if not shares and 0 <= low < high / 2 else low
        first, last = float(x.min()), float(x.max()) * 1.04 + 1
        first = 0.0 if first < last / 2 else first
        across = Limits(first, last, max(1.0, step_for((last - first) / 4)))
        self.chart.set_limits(across, round_limits(low, high), 100.0 if shares else 1.0)

    def _show_step(self, x: float | None) -> None:
        """Read all curves at a step, or at their ends."""
        self._cross.setVisible(x is not None)
        if x is not None:
            self._cross.setValue(x)
        entries = [
            Entry(run.name, _read(run.series.get(self._title), x), place, dashed=True)
            for place, run in enumerate(self._runs)
        ]
        step = () if x is None else (Entry(f"step {max(0, round(x)):,}"),)
        self.legend.set_entries(*step, *entries)


def _read(series: Series | None, x: float | None) -> str:
    if series is None or not series.x.size:
        return "–"
    place = series.x.size if x is None else int(np.searchsorted(series.x, x, side="right"))
    if place == 0:
        return "–"
    value = float(series.y[place - 1])
    return percent(value) if series.is_share else short(value)


def _settled(values: Points) -> Points:
    """Values without a start that is far from all that follows."""
    finite = values[np.isfinite(values)]
    return finite[1:] if finite.size > 4 else finite
