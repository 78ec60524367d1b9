"""What a training looks like in a terminal: its parts as short texts, laid out in as many columns as there are."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rich.text import Text

from netloom.cli.output import QUIET, count, duration, score
from netloom.training.events import Split
from netloom.training.progress import Progress as Run

GAP = "  "
COLOUR = "cyan"
WIDE, LONG_BAR, SHORT_BAR = 70, 28, 10
LONG_SPARK, SHORT_SPARK = 24, 12


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that pictures are made of."""

    done: str
    left: str
    heights: str


SIGNS = Signs("━", "╌", "▁▂▃▄▅▆▇█")
PLAIN_SIGNS = Signs("#", ".", "_.-:=+*#")
"""For terminals that know ASCII only."""


def drawn(run: Run, width: int, signs: Signs = SIGNS) -> Text:
    """A training in lines that are no longer than the width."""
    if run.started is None:
        words = "starting" if run.tried is None else f"trying what is fastest here, {run.tried:.0%}"
        return Text("\n").join(wrapped([Text(words, QUIET)], width))
    is_wide = width >= WIDE
    lines = [
        *wrapped(_progress(run, LONG_BAR if is_wide else SHORT_BAR, signs), width),
        *wrapped(_curves(run, LONG_SPARK if is_wide else SHORT_SPARK, signs), width),
        *wrapped(_scores(run), width),
    ]
    return Text("\n").join(lines)


def wrapped(parts: Iterable[Text], width: int) -> list[Text]:
    """Parts one after another, in a new line where one has no room; one that is longer than a line is cut."""
    lines: list[Text] = []
    for part in parts:
        part.truncate(width, overflow="ellipsis")
        if lines and len(lines[-1]) + len(GAP) + len(part) <= width:
            lines[-1].append(GAP).append_text(part)
        else:
            lines.append(part.copy())
    return lines


def _progress(run: Run, room: int, signs: Signs) -> list[Text]:
    epochs = run.started.epochs if run.started else 1
    share = run.share_done
    full = min(room, int(share * room))
    bar = Text(signs.done * full, COLOUR).append(signs.left * (room - full), QUIET)
    parts = [Text(f"epoch {min(max(run.epoch, 1), epochs)}/{epochs}"), bar, Text(f"{share:4.0%}")]
    if run.samples_per_second:
        parts += [Text(f"{count(round(run.samples_per_second))} samples/s", QUIET)]
        parts += [Text(f"{duration(run.seconds_left)} left", QUIET)]
    return parts


def _curves(run: Run, room: int, signs: Signs) -> list[Text]:
    """Each loss with its way so far, then the learning rates."""
    curves = {name: curve.points[1] for name, curve in run.losses.items()}
    parts = [
        Text(f"{name} {score(float(values[-1]))} ").append(spark(values, room, signs.heights), COLOUR)
        for name, values in curves.items()
        if len(values)
    ]
    owner = "{name} " if len(run.rates) > 1 else ""
    rates = (f"{owner.format(name=name)}rate {rate:.3g}" for name, rate in run.rates.items())
    return [*parts, *(Text(text, QUIET) for text in rates)]


def _scores(run: Run) -> list[Text]:
    """What the last epoch scored, and which was the best."""
    if not run.epochs:
        return []
    last = run.epochs[-1]
    split: Split = "val" if "val" in last.losses else "train"
    found = {**last.losses[split], **last.metrics.get(split, {})}
    parts = [Text(f"{split} {name} {score(value)}") for name, value in found.items()]
    best = next((epoch.epoch for epoch in reversed(run.epochs) if epoch.best), None)
    return [*parts, *([Text(f"best in epoch {best}", QUIET)] if best else [])]


def spark(values: npt.NDArray[np.float32], room: int, heights: Sequence[str]) -> str:
    """A curve in one line of signs, its least value lowest, on a log scale where it can be; only what is a number."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if not finite.size:
        return ""
    pieces = np.array_split(finite, min(room, finite.size))
    means = np.array([piece.mean() for piece in pieces])
    means = np.log(means) if means.min() > 0 else means
    low, high = float(means.min()), float(means.max())
    if math.isclose(low, high):
        return heights[0] * len(means)
    places = np.rint((means - low) / (high - low) * (len(heights) - 1)).astype(int)
    return "".join(heights[place] for place in places)
