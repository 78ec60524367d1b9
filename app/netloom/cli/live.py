"""The live display of a training in a terminal; elsewhere a quiet line for each message and each epoch."""

import time
from collections.abc import Mapping
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from netloom.cli.output import QUIET, count, score
from netloom.cli.screen import PLAIN_SIGNS, SIGNS, drawn
from netloom.training.events import Changed, EpochEnded, Event, Logged, RunStarted, Scores, Split, Tuned
from netloom.training.progress import Progress as Run

INTERVAL = 0.1
LINES = (Logged, RunStarted, Tuned, Changed)
"""Events that are told in a line of their own above what moves."""
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
    """Bar, curves and scores under a line for each message; all that moves is drawn at most ten times a second."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._signs = SIGNS if "utf" in console.encoding.lower() else PLAIN_SIGNS
        self._due = 0.0
        self._live = Live(self._drawn(Run()), console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, event: Event, run: Run) -> None:
        """Print what is worth a line, and draw how the run stands."""
        if isinstance(event, LINES) and (line := told(event, run)) is not None:
            self._console.print(line, soft_wrap=True)
        now = time.monotonic()
        if now >= self._due or isinstance(event, EpochEnded):
            self._due = now + INTERVAL
            self._live.update(self._drawn(run), refresh=True)

    def _drawn(self, run: Run) -> Text:
        return drawn(run, self._console.width, self._signs)


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
    if isinstance(event, Tuned | Changed):
        return Text(event.text, QUIET)
    if isinstance(event, EpochEnded):
        epochs = run.started.epochs if run.started else event.epoch
        best = "  best" if event.best else ""
        losses = pairs(_measured(event.losses), "val ")
        return Text(f"epoch {event.epoch}/{epochs}  {losses}  {pairs(_measured(event.metrics), 'val ')}{best}")
    return None
