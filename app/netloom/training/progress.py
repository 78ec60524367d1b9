"""All that a run has said so far, folded into one object that a window or a terminal can read at any moment."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from netloom.training.events import (
    Boundary,
    Changed,
    CheckpointSaved,
    EpochEnded,
    Event,
    Logged,
    LossesRead,
    Preview,
    ProbeMode,
    ProbesRead,
    Refused,
    RunEnded,
    RunStarted,
    RunState,
    Stepped,
    Trying,
    Tuned,
)

FIRST_CAPACITY = 1024


class Curve:
    """Values over steps that grow without copying each time. One thread appends; any thread may read."""

    def __init__(self) -> None:
        self._x = np.empty(FIRST_CAPACITY, np.float64)
        self._y = np.empty(FIRST_CAPACITY, np.float32)
        self._points = (self._x[:0], self._y[:0])

    def append(self, x: npt.NDArray[Any], y: npt.NDArray[Any]) -> None:
        """Add points of equal number at the end."""
        size = len(self)
        needed = size + len(x)
        if needed > len(self._x):
            self._x, self._y = _grown(self._x, size, needed), _grown(self._y, size, needed)
        self._x[size:needed], self._y[size:needed] = x, y
        self._points = (self._x[:needed], self._y[:needed])

    @property
    def points(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float32]]:
        """Steps and values, of equal length even while another thread appends."""
        return self._points

    @property
    def x(self) -> npt.NDArray[np.float64]:
        """The steps; with `y` from a running session, use `points`, which cannot change in between."""
        return self._points[0]

    @property
    def y(self) -> npt.NDArray[np.float32]:
        """The values."""
        return self._points[1]

    def __len__(self) -> int:
        return len(self._points[0])


def _grown(values: npt.NDArray[Any], size: int, needed: int) -> npt.NDArray[Any]:
    larger = np.empty(max(needed, 2 * len(values)), values.dtype)
    larger[:size] = values[:size]
    return larger


class Progress:
    """Feed it a run's events in order. `version` grows with each, so that a view can tell whether to repaint."""

    def __init__(self) -> None:
        self.version = 0
        self.state: RunState = "running"
        self.started: RunStarted | None = None
        self.ended: RunEnded | None = None
        self.step = 0
        self.epoch = 0
        self.losses: dict[str, Curve] = {}
        self.epochs: list[EpochEnded] = []
        self.rates: Mapping[str, float] = {}
        self.samples_per_second = 0.0
        self.seconds_left = 0.0
        self.probe_mode: ProbeMode = "activations"
        self.previews: Mapping[str, Preview] = {}
        self.look_step = 0
        self.boundary: Boundary | None = None
        self.gradient_norms: Mapping[str, float] = {}
        self.checkpoints: dict[str, CheckpointSaved] = {}
        self.log: list[Logged] = []
        self.tried: float | None = None
        self.tuned: Tuned | None = None
        self.epoch_began = 0
        self.changes: list[Changed] = []
        self.refusals: list[Refused] = []
        self._fold: dict[type, Callable[[Any], None]] = {
            Stepped: self._stepped,
            RunStarted: self._run_started,
            LossesRead: self._losses_read,
            EpochEnded: self._epoch_ended,
            ProbesRead: self._probes_read,
            CheckpointSaved: self._checkpoint_saved,
            Trying: self._trying,
            Tuned: self._tuned,
            Changed: self._changed,
            Refused: self._refused,
            Logged: self._logged,
            RunEnded: self._run_ended,
        }

    def feed(self, event: Event) -> None:
        """Take in the next event."""
        self._fold[type(event)](event)
        self.version += 1

    def set_paused(self, *, paused: bool) -> None:
        """Note that the run rests between two steps, or goes on; nothing happens once it has ended."""
        if self.ended is None:
            self.state = "paused" if paused else "running"
            self.version += 1

    def _stepped(self, event: Stepped) -> None:
        if event.epoch != self.epoch and self.epochs:
            self.epoch_began = self.epochs[-1].step
        self.step = event.step
        self.epoch = event.epoch

    def _run_started(self, event: RunStarted) -> None:
        self.started = event
        self.step = event.first_step
        self.epoch_began = event.epoch_began
        self.losses = {name: Curve() for name in event.losses}

    def _losses_read(self, event: LossesRead) -> None:
        for name, values in event.losses.items():
            steps = np.arange(event.first_step, event.first_step + len(values))
            self.losses.setdefault(name, Curve()).append(steps, values)
        self.rates = event.rates
        self.samples_per_second = event.samples_per_second
        self.seconds_left = event.seconds_left

    def _epoch_ended(self, event: EpochEnded) -> None:
        self.epochs.append(event)

    def _probes_read(self, event: ProbesRead) -> None:
        kept = self.previews if event.mode == self.probe_mode else {}
        self.probe_mode = event.mode
        self.previews = {**kept, **event.previews}
        self.look_step = event.step
        self.boundary = event.boundary or self.boundary
        self.gradient_norms = event.gradient_norms or self.gradient_norms

    def _checkpoint_saved(self, event: CheckpointSaved) -> None:
        self.checkpoints[event.name] = event

    @property
    def steps_in_epoch(self) -> int:
        """The steps done in this epoch."""
        return self.step - self.epoch_began

    @property
    def share_done(self) -> float:
        """How much of the run is done, from 0 to 1; its length may change while it goes on."""
        if self.started is None:
            return 0.0
        epochs = max(self.epoch - 1, 0) + self.steps_in_epoch / max(self.started.steps_per_epoch, 1)
        return min(epochs / max(self.started.epochs, 1), 1.0)

    def _trying(self, event: Trying) -> None:
        self.tried = event.share

    def _tuned(self, event: Tuned) -> None:
        self.tried = None
        self.tuned = event
        self.log.append(Logged(event.text))

    def _changed(self, event: Changed) -> None:
        self.changes.append(event)
        self.started = event.started
        self.epoch_began = event.started.epoch_began
        for name in event.started.losses:
            self.losses.setdefault(name, Curve())
        self.log.append(Logged(event.text))

    def _refused(self, event: Refused) -> None:
        self.refusals.append(event)
        self.log.append(Logged(event.text, "warning"))

    def _logged(self, event: Logged) -> None:
        self.log.append(event)

    def _run_ended(self, event: RunEnded) -> None:
        self.ended = event
        self.state = event.state
        self.seconds_left = 0.0
