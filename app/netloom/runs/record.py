"""What the store knows of a run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netloom.graph import Document
from netloom.graph.file import dumps, loads
from netloom.layers.edit import check_document
from netloom.training.events import EpochEnded, RunState, Scores, Split

DOCUMENT = "document.loom"
"""What the document of a run is called in its folder."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One loss over the steps of a run: `x` step numbers, `y` values."""

    x: npt.NDArray[np.int64]
    y: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything that was measured while a run went on: each step's losses by name, and the scores of each epoch."""

    steps: Mapping[str, Steps] = field(default_factory=dict)
    epochs: tuple[EpochEnded, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One training of one version of a document. `curves` are read by `Store.run` only; `seconds` is training time."""

    id: str
    name: str
    state: RunState
    started: str
    epochs: int
    steps: int
    seconds: float
    losses: Scores
    metrics: Mapping[Split, Scores]
    settings: Mapping[str, Any]
    device: str
    message: str
    node: str | None
    folder: Path
    text: str
    curves: Curves = field(default_factory=Curves)

    @property
    def document(self) -> Document:
        """The document as it was when the run began; DocumentError where it is none that could have been trained."""
        document = loads(self.text.encode())
        check_document(document)
        return document

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the run has written so far."""
        if not self.folder.is_dir():
            return ()
        return tuple(path for path in sorted(self.folder.iterdir()) if path.is_file() and not path.name.startswith("."))

    @property
    def weights(self) -> Path | None:
        """The best weights, else the last ones, else None."""
        return next(
            (path for name in ("best", "last") if (path := self.folder / f"{name}.safetensors").is_file()), None
        )

    @property
    def best(self) -> EpochEnded | None:
        """The epoch whose weights are kept as the best; None where none was measured or the curves were not read."""
        return next((epoch for epoch in reversed(self.curves.epochs) if epoch.best), None)

    def summary(self) -> dict[str, Any]:
        """The run as JSON, one line of a list."""
        return {
            "run": self.id,
            "name": self.name,
            "state": self.state,
            "started": self.started,
            "epochs": self.epochs,
            "losses": dict(self.losses),
            "metrics": {split: dict(scores) for split, scores in self.metrics.items()},
        }

    def details(self) -> dict[str, Any]:
        """Everything but document and step curves, as JSON."""
        best = self.best
        return self.summary() | {
            "steps": self.steps,
            "seconds": self.seconds,
            "settings": dict(self.settings),
            "device": self.device,
            "message": self.message,
            "node": self.node,
            "best": best and {"epoch": best.epoch, "losses": dict(best.losses), "metrics": dict(best.metrics)},
            "files": [str(path) for path in self.files],
        }


def fingerprint(document: Document) -> str:
    """A text that is equal for documents with the same graph."""
    return hashlib.sha256(dumps(Document(document.graph))).hexdigest()
