"""What a run says of itself while it goes on, and what it can be told."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from netloom.graph import Document

Split: TypeAlias = Literal["train", "val"]
Scores: TypeAlias = Mapping[str, float]
RunState: TypeAlias = Literal["running", "paused", "finished", "stopped", "interrupted", "failed"]
ProbeMode: TypeAlias = Literal["activations", "gradients", "weights", "off"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first event: what will be done, where, and on how much.

    `first_step` counts the steps done before: above 0 where a run is resumed; `epoch_began` those before this epoch.
    """

    run: str
    device: str
    device_reason: str
    epochs: int
    steps_per_epoch: int
    losses: tuple[str, ...]
    metrics: tuple[str, ...]
    samples: Mapping[Split, int]
    first_step: int = 0
    epoch_began: int = 0


@dataclass(frozen=True, slots=True)
class Stepped:
    """One optimizer step is done; steps and epochs count from 1. The losses stay on the device until `LossesRead`."""

    step: int
    epoch: int


@dataclass(frozen=True, slots=True)
class LossesRead:
    """The losses of the steps `first_step` … since the last such event, fetched in one copy."""

    first_step: int
    losses: Mapping[str, npt.NDArray[np.float32]]
    rates: Mapping[str, float]
    samples_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """The scores of one epoch. Both splits are measured with the same weights, in eval mode."""

    epoch: int
    step: int
    losses: Mapping[Split, Scores]
    metrics: Mapping[Split, Scores]
    confusion: npt.NDArray[np.int64] | None = None
    best: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What one node puts out, small enough to draw: `maps` C×H×W, `grid` H×W, `vector`, or `histogram` counts.

    `low` and `high` are the range of the values over all that was seen; `shape` is one sample's real shape.
    """

    kind: Literal["maps", "grid", "vector", "histogram"]
    data: npt.NDArray[np.float32]
    low: float
    high: float
    mean: float
    std: float
    shape: tuple[int, ...]
    counts: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(32, np.float32))


@dataclass(frozen=True, slots=True)
class Boundary:
    """The answer over a plane of two features: `values` rows × columns of class numbers with their certainty 0…1."""

    values: npt.NDArray[np.int64]
    certainty: npt.NDArray[np.float32]
    extent: tuple[float, float, float, float]
    points: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProbesRead:
    """What the watched nodes put out, by node id, after `step` steps."""

    step: int
    mode: ProbeMode
    previews: Mapping[str, Preview]
    boundary: Boundary | None = None
    gradient_norms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """Weights were written to `path`."""

    path: Path
    name: Literal["best", "last"]
    step: int


@dataclass(frozen=True, slots=True)
class Trying:
    """Before the first step it is tried what is fastest here; `share` of that is done."""

    share: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """How the run computes: what was chosen by name, and how many times faster that is than the plain choice.

    `gain` is 1 where nothing was measured; `text` says it in a line.
    """

    choices: Mapping[str, str]
    gain: float
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The run was changed while it went on: from step `step` + 1 on it trains `document`, as `started` says.

    `title` is two or three words for a mark on the curves, `text` a line for the log.
    """

    step: int
    title: str
    text: str
    document: Document
    started: RunStarted


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that the run was asked for was not made; `text` says why."""

    text: str


@dataclass(frozen=True, slots=True)
class Logged:
    """One line for the log."""

    text: str
    severity: Literal["info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Remedy:
    """Settings with which a run that failed can go on from its last state, and what they do in a few words."""

    text: str
    settings: Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The last event. A failure names the node where one can be blamed, and what would help."""

    run: str
    state: RunState
    epochs: int
    steps: int
    seconds: float
    losses: Scores
    metrics: Mapping[Split, Scores]
    files: tuple[Path, ...]
    message: str = ""
    node: str | None = None
    remedies: tuple[Remedy, ...] = ()


Event: TypeAlias = (
    RunStarted
    | Trying
    | Tuned
    | Stepped
    | LossesRead
    | EpochEnded
    | ProbesRead
    | CheckpointSaved
    | Changed
    | Refused
    | Logged
    | RunEnded
)


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run after this step; `interrupted` where the program is being ended, not the person's wish."""

    state: Literal["stopped", "interrupted"] = "stopped"


@dataclass(frozen=True, slots=True)
class Watch:
    """Look inside these nodes from now on; `focus` is read at full size."""

    nodes: tuple[str, ...] = ()
    focus: str | None = None
    mode: ProbeMode = "activations"


@dataclass(frozen=True, slots=True)
class Apply:
    """Train this version of the document from the next step on; what did not change keeps weights and state."""

    document: Document


@dataclass(frozen=True, slots=True)
class Revert:
    """Go back to the weights and the document before the last `Apply`; the steps count on."""


Command: TypeAlias = Stop | Watch | Apply | Revert
Events: TypeAlias = Generator[Event, Command | None, None]
