"""A loss or a metric over the steps: training and validation, the best epoch marked, the numbers in the title row."""

import math
import time
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from netloom.training.events import Split
from netloom.training.progress import Curve
from netloom.ui import theme
from netloom.ui.plots.chart import Chart, pen
from netloom.ui.plots.dots import Dot, Dots
from netloom.ui.plots.line import Line
from netloom.ui.plots.marks import Mark, Marks
from netloom.ui.plots.numbers import TELL_EVERY, percent, short
from netloom.ui.plots.scale import Limits, SteadyAxis, round_limits, step_for
from netloom.ui.plots.title_row import Entry, TitleRow
from netloom.ui.plots.trace import Trace

Points = npt.NDArray[np.float64]
AnyPoints = npt.NDArray[np.floating]

PLOT: Mapping[Split, int] = {"train": 0, "val": 1}
RAW_ALPHA = 0.28
MOST_EPOCH_DOTS = 60
EPOCH_DOT, END_DOT = 3.0, 6.0


class CurveCard(QWidget):
    """One plot of the dock. With `trace` the training curve is that of the steps, else that of the epochs."""

    hovered = Signal(object)

    def __init__(self, title: str, *, fraction: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trace = Trace()
        self._fraction = fraction
        self._write: Callable[[float], str] = percent if fraction else short
        self._series: dict[Split, Curve] = {"train": Curve(), "val": Curve()}
        self._best: float | None = None
        self._changes: tuple[Mark, ...] = ()
        self._step: float | None = None
        self._x, self._y = SteadyAxis(), SteadyAxis()
        self.title = TitleRow(title)
        self.chart = Chart(title)
        self.chart.hovered.connect(self.hovered)
        self.marks = Marks(self.chart)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 0)
        layout.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self.title)
        layout.addLayout(row)
        layout.addWidget(self.chart, 1)
        self._add_items()
        theme.signals.changed.connect(self._restyle)
        self._restyle()
        self._ranged = 0.0

    def extend(self, x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]) -> None:
        """Add steps to the training curve."""
        self.trace.extend(x, y)

    def add_epoch(self, split: Split, step: int, value: float) -> None:
        """Add the value of an ended epoch, at its last step."""
        self._series[split].append(np.array([step]), np.array([value]))

    def set_best(self, step: float | None) -> None:
        """Mark the best epoch."""
        self._best = step

    def set_changes(self, changes: Iterable[Mark]) -> None:
        """Mark the steps at which the run was changed."""
        self._changes = tuple(changes)

    def show_step(self, step: float | None) -> None:
        """Read the values at `step` in the title row; None reads the newest."""
        self._step = step
        self._cross.setVisible(step is not None)
        if step is not None:
            self._cross.setValue(step)
        self._write_title()

    def redraw(self, *, at_once: bool = False) -> None:
        """Give the curves to the plot. Axes and words are looked at a few times a second, or `at_once`."""
        self._draw_training()
        self._val.set_points(*self._thinned(*self._series["val"].points))
        self._draw_dots()
        now = time.monotonic()
        if at_once or now - self._ranged >= TELL_EVERY or self._is_outside():
            self._ranged = now
            self._set_range()
            self._write_title()
        self._draw_marks()

    def _add_items(self) -> None:
        self._raw, self._train, self._val = Line(smooth=False), Line(), Line()
        self._dots = Dots()
        self._cross = pg.InfiniteLine(angle=90)
        self._cross.setVisible(False)
        self.chart.add(self._raw, self._train, self._val, self._dots, self._cross)

    def _restyle(self) -> None:
        now = theme.current()
        self._raw.set_pen(pen(now.plot(PLOT["train"]), alpha=RAW_ALPHA))
        self._train.set_pen(pen(now.plot(PLOT["train"]), 1.5))
        self._val.set_pen(pen(now.plot(PLOT["val"]), 1.5))
        self.marks.restyle()
        self._cross.setPen(pen(now.color("line-strong")))
        self.redraw(at_once=True)

    def _draw_training(self) -> None:
        if self.trace.count:
            self._raw.set_points(*self.trace.raw())
            self._train.set_points(*self._thinned(*self.trace.smoothed))
        else:
            self._train.set_points(*self._thinned(*self._series["train"].points))

    def _draw_dots(self) -> None:
        """The newest values, and where there are not too many every epoch of validation."""
        look, (x, y) = theme.current(), self._series["val"].points
        color = look.plot(PLOT["val"])
        few = zip(x[:-1].tolist(), y[:-1].tolist(), strict=True) if x.size <= MOST_EPOCH_DOTS else ()
        dots = [Dot(*place, color, EPOCH_DOT) for place in few]
        dots += [Dot(*self._training_end(), look.plot(PLOT["train"]), END_DOT), Dot(*_end(x, y), color, END_DOT)]
        self._dots.set_dots([dot for dot in dots if math.isfinite(dot.x) and math.isfinite(dot.y)])

    def _thinned(self, x: AnyPoints, y: AnyPoints) -> tuple[AnyPoints, AnyPoints]:
        """About a point for every second pixel: a thick smooth line costs by the point."""
        every = max(1, -(-2 * x.size // max(128, self.chart.width())))
        return (x, y) if every == 1 else (np.append(x[:-1:every], x[-1]), np.append(y[:-1:every], y[-1]))

    def _draw_marks(self) -> None:
        """The best epoch, and what was changed."""
        marks = list(self._changes)
        value = _at(self._series["val"], self._best) if self._best is not None else math.nan
        if self._best is not None and math.isfinite(value):
            marks.append(Mark(self._best, f"best {self._write(value)}"))
        self.marks.show(marks)

    def _training_end(self) -> tuple[float, float]:
        if self.trace.count:
            return float(self.trace.smoothed[0][-1]), self.trace.last
        return _end(*self._series["train"].points)

    def _write_title(self) -> None:
        train, val = self._series["train"], self._series["val"]
        place = math.inf if self._step is None else self._step
        values = self.trace.at(place) if self.trace.count else _at(train, place), _at(val, place)
        step = () if self._step is None else (Entry(f"step {self._step:,.0f}"),)
        words: tuple[Split, Split] = ("train", "val")
        named = (Entry(word, self._write(value), PLOT[word]) for word, value in zip(words, values, strict=True))
        self.title.set_entries(*step, *named)

    def _span_x(self) -> tuple[float, float]:
        ends = [x for x in (self._training_end()[0], _end(*self._series["val"].points)[0]) if math.isfinite(x)]
        first = self.trace.smoothed[0][:1].tolist() + self._series["train"].x[:1].tolist()
        low = min(first, default=0.0)
        return (0.0 if low < max(ends, default=0.0) / 2 else low), max(ends, default=0.0)

    def _is_outside(self) -> bool:
        held = self._x.limits
        return held is None or self._span_x()[1] > held.high

    def _set_range(self) -> None:
        low, high = self._span_x()
        y = self._y.follow(*self._span_y())
        held = self._x.limits
        if held is None or high > held.high or high < (held.low + held.high) / 2:
            self._x.limits = _steps(low, max(high * 1.06, low + 20))
        self.chart.set_limits(self._x.limits or round_limits(low, high), y, 100.0 if self._fraction else 1.0)

    def _span_y(self) -> tuple[float, float]:
        """What should be seen: all of validation but its first epoch, and of training all but the highest start."""
        val, train = (self._series[split].y for split in ("val", "train"))
        later = [
            part[min(1, part.size - 1) :] for part in (val, train if not self.trace.count else val[:0]) if part.size
        ]
        seen = np.concatenate([*later, _settled(self.trace)]) if later or self.trace.count else np.array([0.0, 1.0])
        seen = seen[np.isfinite(seen)]
        low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
        if self._fraction:
            return low, max(high, 1.0)
        return (0.0 if 0 <= low < high / 2 else low), high


def _settled(trace: Trace) -> Points:
    """Lows and highs without the top twentieth, unless that is how the run ends."""
    if not trace.count:
        return np.empty(0)
    highs = trace.highs
    usual = np.partition(highs, place := int(0.95 * (highs.size - 1)))[place]
    settled: Points = np.r_[trace.lows.min(), usual, highs[-max(1, highs.size // 10) :].max()]
    return settled


def _steps(low: float, high: float) -> Limits:
    """Limits that are not rounded, with ticks at round steps."""
    return Limits(low, high, max(1.0, step_for((high - low) / 4)))


def _end(x: AnyPoints, y: AnyPoints) -> tuple[float, float]:
    return (float(x[-1]), float(y[-1])) if x.size else (math.nan, math.nan)


def _at(series: Curve, step: float) -> float:
    """The value of the last epoch that ended at or before `step`; NaN where there is none."""
    x, y = series.points
    place = int(np.searchsorted(x, step, side="right")) - 1
    return float(y[place]) if place >= 0 else math.nan
