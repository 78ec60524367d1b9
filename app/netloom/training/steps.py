"""What a step does: the statements that an expert would write for such a document, and no others."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn
from torch.amp import GradScaler

from netloom.errors import TrainingError
from netloom.graph import Training
from netloom.training.average import Average
from netloom.training.choices import Choices
from netloom.training.evaluate import several
from netloom.training.network import Network
from netloom.training.optimizers import Stepper, give

Batch: TypeAlias = tuple[Tensor, ...]
Step: TypeAlias = Callable[[Batch], None]
Forward: TypeAlias = Callable[[Batch], Sequence[Tensor]]

HALF = {"bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(slots=True)
class Cycle:
    """How many times all optimizers could have stepped, and how many batches wait for the next time."""

    number: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a step is made of. `unread` gets the losses of each step, which stay on the device."""

    network: Network
    settings: Training
    choices: Choices
    steppers: Sequence[Stepper]
    unread: list[Tensor]
    average: Average | None
    scaler: GradScaler | None
    cycle: Cycle

    @property
    def is_plain(self) -> bool:
        """Whether it is the loop that everybody writes: one output, one loss, one optimizer, nothing around it."""
        compiled = self.network.compiled
        alone = len(self.steppers) == len(compiled.plan.outputs) == len(compiled.losses) == 1
        extras = self.average is not None or self.scaler is not None or self.settings.accumulate > 1
        return alone and not extras and self.steppers[0].is_plain


def build(parts: Parts) -> Step:
    """The step of a document; TrainingError where settings do not go together."""
    if any(stepper.searches for stepper in parts.steppers):
        return _searching(parts)
    return _plain(parts) if parts.is_plain else _General(parts).step


def forward(parts: Parts) -> Forward:
    """From a batch to its losses, in the precision and with the compiler that were chosen."""
    compiled, inputs = parts.network.compiled, parts.network.feed.inputs
    objective = compiled.objective.forward
    model: Callable[..., Any] = _translated(compiled.model) if parts.choices.compiled else compiled.model

    def losses(batch: Batch) -> Sequence[Tensor]:
        found: Sequence[Tensor] = objective(*several(model(*batch[:inputs])), *batch[inputs:])
        return found

    return _in_half(losses, parts.network.device, parts.choices)


def _translated(model: nn.Module) -> Callable[..., Any]:
    """The model by torch.compile, whose own parts warn of each other while they are loaded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found: Callable[..., Any] = torch.compile(model)
    return found


def _in_half(losses: Forward, device: torch.device, choices: Choices) -> Forward:
    dtype = HALF.get(choices.precision)
    if dtype is None:
        return losses

    def cast(batch: Batch) -> Sequence[Tensor]:
        with torch.autocast(device.type, dtype):
            return losses(batch)

    return cast


def _plain(parts: Parts) -> Step:
    losses, unread = forward(parts), parts.unread
    (stepper,) = parts.steppers
    optimizer, parameters, cycle = stepper.optimizer, stepper.parameters, parts.cycle

    def step(batch: Batch) -> None:
        for parameter in parameters:  # what zero_grad does, without its bookkeeping: 5 µs of a step of 200
            parameter.grad = None
        (loss,) = losses(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        stepper.taken += 1
        cycle.number += 1
        unread.append(loss.detach())

    return step


class _General:
    """Several losses or optimizers, or something around their steps.

    Optimizers of one order share a forward pass and follow the sum of their own losses; the next order looks again.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._forward = forward(parts)
        ranked = sorted(parts.steppers, key=lambda stepper: stepper.plan.order)
        self._stages = [list(stage) for _, stage in groupby(ranked, lambda stepper: stepper.plan.order)]

    def step(self, batch: Batch) -> None:
        """Follow the losses of one batch; weights change where it is the last of those that are accumulated."""
        cycle, every = self._parts.cycle, self._parts.settings.accumulate
        cycle.waiting += 1
        is_last = cycle.waiting >= every
        shown: list[Tensor] = []
        stepped = False
        for stage in self._stages:
            due = [stepper for stepper in stage if (cycle.number + 1) % stepper.plan.period == 0]
            if due or not shown:
                losses = self._forward(batch)
                shown = _replaced(shown, losses, due)
                self._follow(losses, due)
                stepped |= is_last and self._take(due)
        self._parts.unread.extend(shown)
        if is_last:
            cycle.number, cycle.waiting = cycle.number + 1, 0
        if stepped:
            self._finish()

    def _follow(self, losses: Sequence[Tensor], due: Sequence[Stepper]) -> None:
        parts = self._parts
        for place, stepper in enumerate(due):
            total = _total(losses, stepper.plan.losses)
            total = total / parts.settings.accumulate if parts.settings.accumulate > 1 else total
            total = total if parts.scaler is None else parts.scaler.scale(total)
            more = place + 1 < len(due)
            stepper.gather(torch.autograd.grad(total, stepper.parameters, retain_graph=more, allow_unused=True))

    def _take(self, due: Sequence[Stepper]) -> bool:
        for stepper in due:
            stepper.step(self._parts.scaler)
        return bool(due)

    def _finish(self) -> None:
        if self._parts.scaler is not None:
            self._parts.scaler.update()
        if self._parts.average is not None:
            self._parts.average.update()


def _replaced(shown: Sequence[Tensor], losses: Sequence[Tensor], due: Sequence[Stepper]) -> list[Tensor]:
    """Each loss as the optimizer saw it that lowers it; of others what was seen first."""
    mine = {index for stepper in due for index in stepper.plan.losses}
    return [loss.detach() if not shown or index in mine else shown[index] for index, loss in enumerate(losses)]


def _searching(parts: Parts) -> Step:
    """With an optimizer that tries several points in a step: each computes the losses as often as it likes."""
    _refuse_search(parts)
    losses, unread = forward(parts), parts.unread

    ranked = sorted(parts.steppers, key=lambda stepper: stepper.plan.order)

    def step(batch: Batch) -> None:
        first: list[Tensor] = []
        parts.cycle.number += 1
        for stepper in ranked:
            if parts.cycle.number % stepper.plan.period:
                continue

            def evaluate(stepper: Stepper = stepper) -> Tensor:
                found = losses(batch)
                total = _total(found, stepper.plan.losses)
                give(stepper.parameters, torch.autograd.grad(total, stepper.parameters, allow_unused=True))
                stepper.clip()
                first.extend(found[len(first) :])
                return total

            with stepper.warming():
                stepper.optimizer.step(evaluate)  # type: ignore[arg-type]  # torch says float, and takes a tensor
            stepper.taken += 1
        unread.extend(loss.detach() for loss in first or _looked_at(losses, batch))
        if parts.average is not None and first:
            parts.average.update()

    return step


def _looked_at(losses: Forward, batch: Batch) -> Sequence[Tensor]:
    with torch.no_grad():
        return losses(batch)


def _refuse_search(parts: Parts) -> None:
    plan = next(stepper.plan for stepper in parts.steppers if stepper.searches)
    ways = (
        ("accumulate", parts.settings.accumulate > 1, "1"),
        ("precision", parts.scaler is not None, "float32"),
        ("memory_format", parts.choices.memory_format == "channels_last", "contiguous"),
    )
    for name, is_set, fitting in ways:
        if is_set:
            raise TrainingError(
                f"{plan.name} looks at the loss several times in a step, which does not go with {name} "
                f"{getattr(parts.settings, name)}. Set {name} to {fitting}, or take another optimizer.",
                node=plan.node,
            )


def _total(losses: Sequence[Tensor], chosen: Sequence[int]) -> Tensor:
    return losses[chosen[0]] if len(chosen) == 1 else torch.stack([losses[index] for index in chosen]).sum()
