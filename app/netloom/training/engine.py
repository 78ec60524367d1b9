"""The optimizer step of a run: nothing in it but the statements that an expert would write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.optim import Optimizer

from netloom.compiler import Compiled
from netloom.training import optimizers
from netloom.training.evaluate import several
from netloom.training.network import Network

Batch: TypeAlias = tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Engine:
    """What a run trains. `step` does one optimizer step and appends the detached losses to `unread`."""

    network: Network
    optimizers: list[Optimizer]
    unread: list[Tensor]
    step: Callable[[Batch], None]

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


def build(network: Network) -> Engine:
    """The step of a network with the optimizers that its document draws; TrainingError if one has nothing to train."""
    compiled = network.compiled
    steppers = [optimizers.build(compiled, plan, network.device) for plan in compiled.optimizers]
    unread: list[Tensor] = []
    return Engine(network, steppers, unread, _step(network, steppers, unread))


def _step(network: Network, steppers: list[Optimizer], unread: list[Tensor]) -> Callable[[Batch], None]:
    compiled, inputs = network.compiled, network.feed.inputs
    if len(steppers) == 1 and len(compiled.plan.outputs) == len(compiled.losses) == 1:
        return _plain_step(compiled, inputs, steppers[0], unread)
    return _general_step(compiled, inputs, steppers, unread)


def _plain_step(compiled: Compiled, inputs: int, optimizer: Optimizer, unread: list[Tensor]) -> Callable[[Batch], None]:
    """One output, one loss, one optimizer: the loop that everybody writes."""
    model, objective = compiled.model, compiled.objective.forward
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]

    def step(batch: Batch) -> None:
        for parameter in parameters:  # what zero_grad does, without its bookkeeping: 5 µs of a step of 200
            parameter.grad = None
        (loss,) = objective(model(*batch[:inputs]), *batch[inputs:])
        loss.backward()
        optimizer.step()
        unread.append(loss.detach())

    return step


def _general_step(
    compiled: Compiled, inputs: int, steppers: Sequence[Optimizer], unread: list[Tensor]
) -> Callable[[Batch], None]:
    """Several losses or optimizers: one forward pass; each optimizer follows the sum of its own losses."""
    model, objective = compiled.model, compiled.objective.forward
    lowered = [plan.losses for plan in compiled.optimizers]
    owned = [[p for group in optimizer.param_groups for p in group["params"]] for optimizer in steppers]

    def step(batch: Batch) -> None:
        losses = objective(*several(model(*batch[:inputs])), *batch[inputs:])
        totals = [torch.stack([losses[index] for index in chosen]).sum() for chosen in lowered]
        found = [
            torch.autograd.grad(total, parameters, retain_graph=index + 1 < len(totals), allow_unused=True)
            for index, (total, parameters) in enumerate(zip(totals, owned, strict=True))
        ]
        for optimizer, parameters, gradients in zip(steppers, owned, found, strict=True):
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = gradient
            optimizer.step()
        unread.extend(loss.detach() for loss in losses)

    return step
