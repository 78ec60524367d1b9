"""Metrics: fed with answers and targets a batch at a time, read as one number."""

import inspect
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from netloom.compiler.goals import MetricPlan
from netloom.errors import TrainingError
from netloom.training.devices import is_out_of_memory
from netloom.training.dotted import dotted


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of torchmetrics with its plan. What it refuses is a TrainingError that names its node."""

    plan: MetricPlan
    _measure: Any

    @property
    def is_better_higher(self) -> bool:
        """Whether more is better, as it is where torchmetrics does not say."""
        return getattr(self._measure, "higher_is_better", None) is not False

    def reset(self) -> None:
        """Forget all that was seen."""
        self._measure.reset()

    def add(self, answers: Tensor, targets: Tensor) -> None:
        """See one batch. Answers of N×1 are compared with N targets."""
        if answers.shape != targets.shape and answers.numel() == targets.numel():
            answers = answers.reshape(targets.shape)
        with _named(self.plan):
            self._measure.update(answers, targets)

    def read(self) -> float:
        """The number over all that was seen."""
        with _named(self.plan):
            found = self._measure.compute()
            if isinstance(found, Tensor) and found.numel() != 1:
                raise ValueError(f"it gives {found.numel()} numbers, and a curve shows one")
            return float(found)


def build(plan: MetricPlan, device: torch.device) -> Metric:
    """The metric of a node; TrainingError where its arguments do not fit together."""
    make = dotted(plan.target)
    checks = "validate_args" in inspect.signature(make).parameters
    quick = {"validate_args": False} if checks else {}
    try:
        with _quiet():
            return Metric(plan, make(**plan.arguments, **quick).to(device))
    except (ValueError, TypeError) as error:
        raise TrainingError(f"{plan.name} cannot be made: {error}", node=plan.node) from error


@contextmanager
def _named(plan: MetricPlan) -> Iterator[None]:
    """Words with a node for what a metric cannot measure."""
    try:
        with _quiet():
            yield
    except (ValueError, TypeError, IndexError, KeyError, RuntimeError, AssertionError) as error:
        if is_out_of_memory(error):
            raise
        text = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
        raise TrainingError(f"{plan.name} cannot be measured: {text}.", node=plan.node) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """What a metric warns of shows in its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
