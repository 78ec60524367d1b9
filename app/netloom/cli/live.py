"""The live display of a training in a terminal; elsewhere a quiet line for each epoch."""

import time
from collections.abc import Mapping
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from netloom.cli.output import QUIET, count, duration, score
from netloom.training.events import EpochEnded, Event, Logged, RunStarted, Scores, Split
from netloom.training.progress import Progress as Run

INTERVAL = 0.1
COLOURS = {"warning": "yellow", "error": "red", "info": QUIET}


class Display(Protocol):
    """Something that shows a training while it goes on."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self, event: Event, run: Run) -> None:
        """Take in an event that was fed to `run`."""


class Silent:
    """Shows nothing: for `--json`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, event: Event, run: Run) -> None:
        """Nothing."""


class Lines:
    """One line for the device and for each epoch."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, event: Event, run: Run) -> None:
        """Print what is worth a line."""
        line = told(event, run)
        if line is not None:
            self._console.print(line, soft_wrap=True)


class Bar:
    """A bar with epoch, losses, validation metric, speed and time left, under a line for each message."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._due = 0.0
        self._bar = Progress(
            SpinnerColumn(style=QUIET),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20, complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
            TextColumn("{task.fields[scores]}"),
            TextColumn(f"[{QUIET}]{{task.fields[speed]}}[/]"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=None, scores="", speed="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, event: Event, run: Run) -> None:
        """Move the bar, at most ten times a second."""
        if isinstance(event, Logged | RunStarted) and (line := told(event, run)) is not None:
            self._console.print(line, soft_wrap=True)
        now = time.monotonic()
        if run.started is None or (now < self._due and not isinstance(event, EpochEnded)):
            return
        self._due = now + INTERVAL
        steps = run.started.epochs * run.started.steps_per_epoch
        epoch = f"epoch {min(max(run.epoch, 1), run.started.epochs)}/{run.started.epochs}"
        speed = f"{count(round(run.samples_per_second))} samples/s  {duration(run.seconds_left)} left"
        self._bar.update(
            self._task, description=epoch, total=steps, completed=run.step, scores=_scores(run), speed=speed
        )


def _scores(run: Run) -> str:
    losses = {name: float(curve.y[-1]) for name, curve in run.losses.items() if len(curve)}
    return pairs(losses) + (f"  {pairs(_measured(run.epochs[-1].metrics), 'val ')}" if run.epochs else "")


def _measured(scores: Mapping[Split, Scores]) -> Scores:
    return scores.get("val") or scores.get("train") or {}


def pairs(scores: Scores, prefix: str = "") -> str:
    """Scores by name in a line."""
    return "  ".join(f"{prefix}{name} {score(value)}" for name, value in scores.items())


def told(event: Event, run: Run) -> Text | None:
    """An event as a line, where it deserves one."""
    if isinstance(event, RunStarted):
        samples = " and ".join(f"{count(number)} {split}" for split, number in event.samples.items())
        resumed = f", going on after step {count(event.first_step)}" if event.first_step else ""
        return Text(f"{event.run}  {samples} samples{resumed}", QUIET)
    if isinstance(event, Logged):
        return Text(event.text, COLOURS[event.severity])
    if isinstance(event, EpochEnded):
        epochs = run.started.epochs if run.started else event.epoch
        best = "  best" if event.best else ""
        losses = pairs(_measured(event.losses), "val ")
        return Text(f"epoch {event.epoch}/{epochs}  {losses}  {pairs(_measured(event.metrics), 'val ')}{best}")
    return None
