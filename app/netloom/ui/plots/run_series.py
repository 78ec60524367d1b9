"""The curves of a run that is over, folded to what a plot can show. Knows no Qt, so that a thread can make them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from netloom.runs import Mark, RunRecord
from netloom.training.events import EpochEnded, Split
from netloom.ui.plots.trace import Trace

Points = npt.NDArray[np.float64]
SPLITS: Mapping[Split, str] = {"val": "validation", "train": "training"}


@dataclass(frozen=True, slots=True)
class Series:
    """One curve; a share of one is written in percent."""

    x: Points
    y: Points
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class RunCurves:
    """A run with its curves by title, the most telling first, and its marks."""

    id: str
    name: str
    series: Mapping[str, Series]
    marks: Sequence[Mark]


def curves_of(run: RunRecord) -> RunCurves:
    """What there is to draw of a run."""
    found: dict[str, Series] = {}
    epochs = run.curves.epochs
    for split, word in SPLITS.items():
        for name in _names(epochs, split, "losses"):
            found[f"{_title(name)}, {word}"] = _over_epochs(epochs, split, "losses", name)
    for split, word in SPLITS.items():
        for name in _names(epochs, split, "metrics"):
            found[f"{_title(name)}, {word}"] = _over_epochs(epochs, split, "metrics", name)
    for name, steps in run.curves.steps.items():
        trace = Trace()
        trace.extend(steps.x.astype(np.float64), steps.y)
        found[f"{_title(name)}, each step"] = Series(trace.smoothed[0].copy(), trace.smoothed[1].copy())
    return RunCurves(run.id, run.name or run.id, found, run.curves.marks)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _names(epochs: Sequence[EpochEnded], split: Split, what: str) -> Sequence[str]:
    return list(dict.fromkeys(name for epoch in epochs for name in getattr(epoch, what).get(split, {})))


def _over_epochs(epochs: Sequence[EpochEnded], split: Split, what: str, name: str) -> Series:
    scores = [(epoch.step, getattr(epoch, what).get(split, {})) for epoch in epochs]
    points = [(step, found[name]) for step, found in scores if name in found]
    x, y = np.array(points, np.float64).reshape(-1, 2).T
    return Series(x, y, is_share=what == "metrics" and bool(np.nanmax(y) <= 1 and np.nanmin(y) >= 0))
