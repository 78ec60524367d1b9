"""How good a model is on a split: losses, metrics, and which classes it takes for which."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from netloom.compiler.module import Compiled, MetricPlan
from netloom.errors import TrainingError
from netloom.training.events import Split
from netloom.training.feed import Feed
from netloom.training.network import Network
from netloom.training.optimizers import dotted

MOST_CLASSES = 50
MOST_TRAIN_ROWS = 2_000
BATCHES_AT_ONCE = 8
"""Evaluation keeps nothing for a backward pass, so it takes this many training batches at a time."""


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
        self._size = batch_size * BATCHES_AT_ONCE
        self._metrics = [_metric(plan, self._device) for plan in compiled.metrics]
        self._rows = {split: _rows(feed, split) for split in feed.splits}
        self._classification = classification(network)

    def __call__(self, split: Split, *, confusion: bool = False) -> Score:
        """The scores of a split; empty where it has no rows."""
        rows = self._rows[split]
        if not len(rows):
            return Score()
        with evaluating(self._compiled), torch.no_grad():
            losses, outputs, columns = self._forward(rows)
        found = self._classification if confusion else None
        return Score(
            losses=dict(zip(self._compiled.losses, losses.tolist(), strict=True)),
            metrics={
                plan.name: value
                for plan, value in zip(self._compiled.metrics, self._measure(outputs, columns), strict=True)
            },
            confusion=_confusion(outputs[found.output], columns[found.column], found.classes) if found else None,
        )

    def _forward(self, rows: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Mean losses, and all outputs and columns of these rows."""
        inputs = self._feed.inputs
        total = torch.zeros(len(self._compiled.losses), device=self._device)
        answers: list[Sequence[Tensor]] = []
        for batch in self._feed.batches(rows, self._size):
            outputs = several(self._compiled.model(*batch[:inputs]))
            total += torch.stack(self._compiled.objective(*outputs, *batch[inputs:])) * len(batch[0])
            answers.append(outputs)
        joined = [torch.cat(parts) for parts in zip(*answers, strict=True)]
        return total / len(rows), joined, [column[rows] for column in self._feed.columns[inputs:]]

    def _measure(self, outputs: list[Tensor], columns: list[Tensor]) -> Iterator[float]:
        for plan, metric in zip(self._compiled.metrics, self._metrics, strict=True):
            metric.reset()
            metric.update(outputs[plan.output], columns[plan.column])
            yield float(metric.compute())


def several(outputs: Any) -> Sequence[Tensor]:
    """What a model puts out as a tuple, also where it is a single tensor."""
    return outputs if isinstance(outputs, tuple) else (outputs,)


@contextmanager
def evaluating(compiled: Compiled) -> Iterator[None]:
    """Eval mode inside, train mode afterwards."""
    compiled.model.eval()
    try:
        yield
    finally:
        compiled.model.train()


def classification(network: Network) -> Classification | None:
    """What the model classifies, where it does: the pair of its metric, or an output as wide as a label has classes."""
    compiled, feed = network.compiled, network.feed
    pairs = [(plan.output, plan.column) for plan in compiled.metrics]
    pairs += [
        (output, column) for output in range(len(compiled.plan.outputs)) for column in range(len(compiled.columns))
    ]
    widths = [flow.shape[1:] for flow in compiled.plan.outputs.values()]
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


def _metric(plan: MetricPlan, device: torch.device) -> Any:
    make: Callable[..., Any] = dotted(plan.target)
    try:
        return make(**plan.arguments, validate_args=False).to(device)
    except (ValueError, TypeError) as error:
        raise TrainingError(f"{plan.name} cannot be made: {error}", node=plan.node) from error


def _confusion(scores: Tensor, truth: Tensor, classes: int) -> npt.NDArray[np.int64] | None:
    if classes > MOST_CLASSES:
        return None
    cells = torch.bincount(truth * classes + scores.argmax(1), minlength=classes * classes)
    found: npt.NDArray[np.int64] = cells.reshape(classes, classes).cpu().numpy()
    return found
