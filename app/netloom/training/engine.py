"""The optimizer step of a run: nothing in it but the statements that an expert would write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim import LBFGS, Optimizer

from netloom.compiler import Compiled
from netloom.graph import Training
from netloom.training import optimizers, schedules
from netloom.training.checkpoint import Parts
from netloom.training.evaluate import several
from netloom.training.feed import batch_sizes
from netloom.training.network import Network
from netloom.training.schedules import Length, Schedule

Batch: TypeAlias = tuple[Tensor, ...]
Step: TypeAlias = Callable[[Batch], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """What a run trains. `step` does one optimizer step and appends the detached losses to `unread`."""

    network: Network
    optimizers: list[Optimizer]
    unread: list[Tensor]
    step: Step
    schedules: tuple[Schedule, ...] = ()

    @property
    def parts(self) -> Parts:
        """All that changes as the run learns."""
        compiled = self.network.compiled
        return Parts(compiled.model, compiled.objective, self.optimizers, self.schedules)

    def read_losses(self) -> npt.NDArray[np.float32]:
        """The losses of all steps since the last reading in one copy from the device: a row for each loss."""
        if not self.unread:
            return np.empty((len(self.network.compiled.losses), 0), np.float32)
        values: npt.NDArray[np.float32] = torch.stack(self.unread).float().cpu().numpy()
        self.unread.clear()
        return values.reshape(-1, len(self.network.compiled.losses)).T

    def rates(self) -> dict[str, float]:
        """The learning rate of each optimizer by its name."""
        pairs = zip(self.network.compiled.optimizers, self.optimizers, strict=True)
        return {plan.name: float(optimizer.param_groups[0]["lr"]) for plan, optimizer in pairs}

    def end_epoch(self, loss: Callable[[], float]) -> None:
        """Move on the schedules that go by epochs; one that waits for a plateau asks for the loss."""
        for schedule in self.schedules:
            if not schedule.by_batch:
                schedule.step(loss)


def build(network: Network, settings: Training) -> Engine:
    """The step of a network with the optimizers that its document draws; TrainingError if one has nothing to train."""
    batches = settings.epochs * len(batch_sizes(len(network.feed.splits["train"]), settings.batch_size))
    length = Length(settings.epochs, batches)
    compiled = network.compiled
    steppers = [optimizers.build(compiled, plan, network.device) for plan in compiled.optimizers]
    _freeze(compiled, steppers)
    pairs = zip(compiled.optimizers, steppers, strict=True)
    moving = tuple(
        schedules.build(plan.schedule, optimizer, length) for plan, optimizer in pairs if plan.schedule is not None
    )
    unread: list[Tensor] = []
    step = _scheduled(_step(network, steppers, unread), [each for each in moving if each.by_batch])
    return Engine(network, steppers, unread, step, moving)


def _freeze(compiled: Compiled, steppers: Sequence[Optimizer]) -> None:
    """Weights that no optimizer updates need no gradients."""
    trained = {id(parameter) for own in _owned(steppers) for parameter in own}
    for parameter in chain(compiled.model.parameters(), compiled.objective.parameters()):
        parameter.requires_grad_(id(parameter) in trained)


def _owned(steppers: Sequence[Optimizer]) -> list[list[nn.Parameter]]:
    return [[parameter for group in each.param_groups for parameter in group["params"]] for each in steppers]


def _scheduled(step: Step, moving: Sequence[Schedule]) -> Step:
    """The step, and after it one of each schedule that goes by batches."""
    if not moving:
        return step

    def followed(batch: Batch) -> None:
        step(batch)
        for schedule in moving:
            schedule.step(_no_loss)

    return followed


def _no_loss() -> float:
    raise AssertionError("a schedule that looks at the loss goes by epochs")


def _step(network: Network, steppers: list[Optimizer], unread: list[Tensor]) -> Step:
    compiled, inputs = network.compiled, network.feed.inputs
    if any(isinstance(each, LBFGS) for each in steppers):
        return _searching_step(compiled, inputs, steppers, unread)
    if len(steppers) == 1 and len(compiled.plan.outputs) == len(compiled.losses) == 1:
        return _plain_step(compiled, inputs, steppers[0], unread)
    return _general_step(compiled, inputs, steppers, unread)


def _plain_step(compiled: Compiled, inputs: int, optimizer: Optimizer, unread: list[Tensor]) -> Step:
    """One output, one loss, one optimizer: the loop that everybody writes."""
    model, objective = compiled.model, compiled.objective.forward
    (parameters,) = _owned([optimizer])

    def step(batch: Batch) -> None:
        for parameter in parameters:  # what zero_grad does, without its bookkeeping: 5 µs of a step of 200
            parameter.grad = None
        (loss,) = objective(model(*batch[:inputs]), *batch[inputs:])
        loss.backward()
        optimizer.step()
        unread.append(loss.detach())

    return step


def _general_step(compiled: Compiled, inputs: int, steppers: Sequence[Optimizer], unread: list[Tensor]) -> Step:
    """Several losses or optimizers: one forward pass; each optimizer follows the sum of its own losses."""
    model, objective = compiled.model, compiled.objective.forward
    lowered = [plan.losses for plan in compiled.optimizers]
    owned = _owned(steppers)

    def step(batch: Batch) -> None:
        losses = objective(*several(model(*batch[:inputs])), *batch[inputs:])
        totals = [_total(losses, chosen) for chosen in lowered]
        found = [
            torch.autograd.grad(total, parameters, retain_graph=index + 1 < len(totals), allow_unused=True)
            for index, (total, parameters) in enumerate(zip(totals, owned, strict=True))
        ]
        for optimizer, parameters, gradients in zip(steppers, owned, found, strict=True):
            _give(parameters, gradients)
            optimizer.step()
        unread.extend(loss.detach() for loss in losses)

    return step


def _searching_step(compiled: Compiled, inputs: int, steppers: Sequence[Optimizer], unread: list[Tensor]) -> Step:
    """With an optimizer that tries several points in a step: each computes the losses as often as it likes."""
    model, objective = compiled.model, compiled.objective.forward
    lowered = [plan.losses for plan in compiled.optimizers]
    owned = _owned(steppers)

    def step(batch: Batch) -> None:
        first: list[Tensor] = []
        for optimizer, parameters, chosen in zip(steppers, owned, lowered, strict=True):

            def evaluate(parameters: list[nn.Parameter] = parameters, chosen: tuple[int, ...] = chosen) -> Tensor:
                losses = objective(*several(model(*batch[:inputs])), *batch[inputs:])
                total = _total(losses, chosen)
                _give(parameters, torch.autograd.grad(total, parameters, allow_unused=True))
                first.extend(losses[len(first) :])
                return total

            optimizer.step(evaluate)  # type: ignore[arg-type]  # torch says float, and takes a tensor
        unread.extend(loss.detach() for loss in first)

    return step


def _total(losses: Sequence[Tensor], chosen: Sequence[int]) -> Tensor:
    return torch.stack([losses[index] for index in chosen]).sum()


def _give(parameters: Sequence[nn.Parameter], gradients: Sequence[Tensor | None]) -> None:
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient
