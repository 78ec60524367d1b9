"""How good a model is on a split: losses, metrics, and which classes it takes for which."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from netloom.compiler.module import Compiled
from netloom.training import metrics
from netloom.training.events import Split
from netloom.training.feed import Feed
from netloom.training.network import Network

MOST_CLASSES = 50
MOST_TRAIN_ROWS = 2_000
BATCHES_AT_ONCE = 4
"""Evaluation keeps nothing for a backward pass, so it takes this many training batches at a time."""
MACS_AT_ONCE, ROWS_AT_ONCE = 500_000_000, 4096
"""A small network takes more, as its time goes into calls, not into arithmetic."""


@dataclass(frozen=True, slots=True)
class Score:
    """The losses and metrics of one split by name; `confusion` counts rows of truth by columns of answers."""

    losses: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    confusion: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """A model output with a score for each class, and the column with the right ones."""

    output: int
    column: int
    classes: int


class Evaluation:
    """Measures the current weights on either split, in eval mode; the model is in train mode before and after."""

    def __init__(self, network: Network, batch_size: int) -> None:
        compiled, feed = network.compiled, network.feed
        self._compiled, self._feed, self._device = compiled, feed, network.device
        small = min(ROWS_AT_ONCE, MACS_AT_ONCE // max(1, compiled.plan.macs))
        self._size = max(batch_size * BATCHES_AT_ONCE, small)
        self._metrics = [metrics.build(plan, self._device) for plan in compiled.metrics]
        self._rows = {split: _rows(feed, split) for split in feed.splits}
        self._classification = classification(network)

    @property
    def losses(self) -> tuple[str, ...]:
        """The names of all losses."""
        return self._compiled.losses

    @property
    def rising(self) -> dict[str, bool]:
        """All metrics by name, and whether more is better."""
        return {metric.plan.name: metric.is_better_higher for metric in self._metrics}

    @property
    def accuracies(self) -> tuple[str, ...]:
        """The names of the metrics that measure accuracy."""
        return tuple(metric.plan.name for metric in self._metrics if "Accuracy" in metric.plan.target)

    def __call__(self) -> dict[Split, Score]:
        """The scores of both splits, or of the training rows where nothing is held out."""
        with evaluating(self._compiled), torch.no_grad():
            return {split: self._score(rows, split) for split, rows in self._rows.items() if len(rows)}

    def _score(self, rows: Tensor, split: Split) -> Score:
        """Answers are not kept beyond their batch."""
        inputs = self._feed.inputs
        total = torch.zeros(len(self._compiled.losses), device=self._device)
        tally = _Tally(self._classification if split == "val" else None)
        for metric in self._metrics:
            metric.reset()
        for batch in self._feed.batches(rows, self._size):
            outputs, columns = several(self._compiled.model(*batch[:inputs])), batch[inputs:]
            total += torch.stack(self._compiled.objective(*outputs, *columns)) * len(batch[0])
            for metric in self._metrics:
                metric.add(outputs[metric.plan.output], columns[metric.plan.column])
            tally.add(outputs, columns)
        return Score(
            losses=dict(zip(self._compiled.losses, (total / len(rows)).tolist(), strict=True)),
            metrics={metric.plan.name: metric.read() for metric in self._metrics},
            confusion=tally.cells(),
        )


class _Tally:
    """Counts answers by truth."""

    def __init__(self, found: Classification | None) -> None:
        self._found = found if found and found.classes <= MOST_CLASSES else None
        self._counts: Tensor | None = None

    def add(self, outputs: Sequence[Tensor], columns: Sequence[Tensor]) -> None:
        if self._found is not None:
            classes = self._found.classes
            pairs = columns[self._found.column] * classes + outputs[self._found.output].argmax(1)
            counts = torch.bincount(pairs, minlength=classes * classes)
            self._counts = counts if self._counts is None else self._counts + counts

    def cells(self) -> npt.NDArray[np.int64] | None:
        """Rows of truth, columns of answers."""
        if self._found is None or self._counts is None:
            return None
        found: npt.NDArray[np.int64] = self._counts.reshape(self._found.classes, -1).cpu().numpy()
        return found


def several(outputs: Any) -> Sequence[Tensor]:
    """What a model puts out as a tuple, also where it is a single tensor."""
    return outputs if isinstance(outputs, tuple) else (outputs,)


@contextmanager
def evaluating(compiled: Compiled) -> Iterator[None]:
    """Eval mode inside, train mode afterwards."""
    compiled.model.eval()
    compiled.objective.eval()
    try:
        yield
    finally:
        compiled.model.train()
        compiled.objective.train()


def is_real(dtype: str) -> bool:
    """Whether values of that type are scores: decimal numbers, and no complex ones."""
    return dtype.startswith(("float", "bfloat"))


def classification(network: Network) -> Classification | None:
    """What the model classifies, where it does: the pair of its metric, or an output as wide as a label has classes."""
    compiled, feed = network.compiled, network.feed
    pairs = [(plan.output, plan.column) for plan in compiled.metrics]
    pairs += [
        (output, column) for output in range(len(compiled.plan.outputs)) for column in range(len(compiled.columns))
    ]
    widths = [flow.shape[1:] if is_real(flow.dtype) else None for flow in compiled.plan.outputs.values()]
    for output, column in pairs:
        classes = len(feed.classes[feed.inputs + column])
        if classes and widths[output] == (classes,):
            return Classification(output, column, classes)
    return None


def _rows(feed: Feed, split: Split) -> Tensor:
    """All rows held out; of the training rows evenly spread ones, as many, for a like comparison at little cost."""
    rows = feed.splits[split]
    if split == "val":
        return rows
    most = min(len(rows), len(feed.splits["val"]) or MOST_TRAIN_ROWS, MOST_TRAIN_ROWS)
    return rows[torch.arange(most, device=rows.device) * len(rows) // most]
