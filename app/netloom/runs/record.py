"""What the store knows of a run."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from netloom.errors import RunError
from netloom.graph import Document
from netloom.graph.file import dumps, loads
from netloom.layers.edit import check_document
from netloom.runs import schema
from netloom.training.events import EpochEnded, RunState, Scores, Split

DOCUMENT = "document.loom"
"""What the document of a run is called in its folder."""
LIVE = ("running", "paused")
"""The states in which a process works on a run."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One loss over the steps of a run: `x` step numbers, `y` values."""

    x: npt.NDArray[np.int64]
    y: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mark:
    """A change while a run went on: after step `step`, in two or three words and in a line."""

    step: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Curves:
    """What was measured while a run went on: each step's losses by name, the scores of each epoch; and the changes."""

    steps: Mapping[str, Steps] = field(default_factory=dict)
    epochs: tuple[EpochEnded, ...] = ()
    marks: tuple[Mark, ...] = ()


class RunLine(msgspec.Struct, frozen=True, gc=False):
    """A run in a list. `seconds` is training time, `about` the kinds of its nodes and the sources of its data."""

    number: int
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
    fingerprint: str
    notes: str
    tags: tuple[str, ...]
    is_pinned: bool
    is_hidden: bool
    about: str
    store: Path

    @property
    def folder(self) -> Path:
        """Where the files of the run are."""
        return self.store / self.folder_name

    @property
    def folder_name(self) -> str:
        """What the folder is called: whatever the database says, a run stays in its store."""
        return re.sub(r"[^\w-]", "_", self.id)

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
    def measured(self) -> Scores:
        """The metrics of validation, else those of training."""
        return self.metrics.get("val") or self.metrics.get("train") or {}

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
            "tags": list(self.tags),
            "notes": self.notes,
            "pinned": self.is_pinned,
            "hidden": self.is_hidden,
        }


class RunRecord(RunLine, frozen=True):
    """One training of one version of a document, and all that is known of it.

    `text` is the document as it is trained, `first_text` as the run began, where it was changed meanwhile. `data` is
    equal for runs on the same data. `tuning` holds the choices, the gain and the words of `Tuned`.
    """

    text: str
    first_text: str | None = None
    versions: Mapping[str, str] = {}
    data: str = ""
    tuning: Mapping[str, Any] = {}
    curves: Curves = Curves()

    @property
    def document(self) -> Document:
        """The document that is trained; DocumentError where it is none that could have been trained."""
        return _checked(self.text)

    @property
    def first_document(self) -> Document:
        """The document as it was when the run began."""
        return _checked(self.first_text or self.text)

    @property
    def best(self) -> EpochEnded | None:
        """The epoch whose weights are kept as the best; None where none was measured."""
        return next((epoch for epoch in reversed(self.curves.epochs) if epoch.best), None)

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
            "versions": dict(self.versions),
            "data": self.data,
            "tuning": dict(self.tuning),
            "marks": [{"step": mark.step, "title": mark.title, "text": mark.text} for mark in self.curves.marks],
        }


def fingerprint(document: Document) -> str:
    """A text that is equal for documents with the same graph."""
    return hashlib.sha256(dumps(Document(document.graph))).hexdigest()


def about(document: Document) -> str:
    """The words by which a run of this document is found besides its name."""
    return schema.about([(node.kind, str(node.params.get("source", ""))) for node in document.graph.nodes.values()])


def _checked(text: str) -> Document:
    if not text:
        raise RunError("The document of this run was lost when the run store was damaged.")
    document = loads(text.encode())
    check_document(document)
    return document
