"""A running network made anew from a changed document: what did not change keeps its weights and optimizer state."""

import contextlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from netloom.compiler import plan_graph, untrainable
from netloom.compiler.module import expect_buildable
from netloom.errors import TrainingError
from netloom.graph import Document
from netloom.training import engine, network
from netloom.training.engine import Engine
from netloom.training.network import Network
from netloom.training.optimizers import FACTOR, Stepper

Pairs: TypeAlias = Mapping[int, nn.Parameter]
"""The parameter that stood where one stands now, by the identity of the new one."""


def rebuilt(old: Engine, document: Document) -> Engine:
    """The engine of a changed document that goes on from an old one.

    Weights, their averages and optimizer states go to the weights of the same address; of a tensor of another size what
    fits is kept. BuildError, DataError or TrainingError says why it cannot be trained; then the old one still can.
    """
    plan = plan_graph(document.graph)
    expect_buildable(plan)
    if missing := untrainable(plan):
        raise TrainingError(missing)
    with network.own_randomness(old.network.device):
        made = network.build(plan, old.network.device, document.training.seed, old.network)
        new = engine.build(made, document.training, old.parts.choices, old.taken)
    _copy_weights(old.network, made)
    _hand_over(old, new)
    return new


def _copy_weights(old: Network, new: Network) -> None:
    if new.compiled.model is old.compiled.model:
        return
    for before, after in (
        (old.weights.parameters, new.weights.parameters),
        (old.weights.buffers, new.weights.buffers),
    ):
        for address, value in after.items():
            if address in before:
                _fill(value, before[address])


@torch.no_grad()
def _fill(target: Tensor, source: Tensor) -> None:
    """Put as much of a tensor into another one as fits, from the first value of each dimension on."""
    if target.dim() == source.dim():
        part = tuple(slice(min(ours, theirs)) for ours, theirs in zip(target.shape, source.shape, strict=True))
        target[part] = source[part].to(target.dtype)


def _hand_over(old: Engine, new: Engine) -> None:
    """What is known of the weights beside their values."""
    before = old.network.weights.parameters
    pairs = {id(each): before[key] for key, each in new.network.weights.parameters.items() if key in before}
    steppers = {stepper.plan.node: stepper for stepper in old.parts.steppers}
    for stepper in new.parts.steppers:
        if (earlier := steppers.get(stepper.plan.node)) is not None:
            stepper.taken = earlier.taken
            _keep_rate(earlier, stepper)
            _keep_state(earlier, stepper, pairs)
    _keep_schedules(old, new)
    _keep_average(old, new, pairs)
    if old.parts.scaler is not None and new.parts.scaler is not None:
        new.parts.scaler.load_state_dict(old.parts.scaler.state_dict())


def _keep_rate(old: Stepper, new: Stepper) -> None:
    """A rate that a schedule has lowered to a tenth is a tenth of the new rate now."""
    group = old.optimizer.param_groups[0]
    began = old.plan.base_rate * group.get(FACTOR, 1.0)
    if old.plan.schedule is not None and new.plan.schedule is not None and began:
        for each in new.optimizer.param_groups:
            each["lr"] = new.plan.base_rate * each.get(FACTOR, 1.0) * float(group["lr"]) / began


def _keep_state(old: Stepper, new: Stepper, pairs: Pairs) -> None:
    """Momentum and the like, for each weight that was there before."""
    if type(old.optimizer) is not type(new.optimizer):
        return
    for parameter in new.parameters:
        earlier = pairs.get(id(parameter))
        if earlier is not None and (state := old.optimizer.state.get(earlier)):
            new.optimizer.state[parameter] = {key: _grown(value, earlier, parameter) for key, value in state.items()}


def _grown(value: Any, old: nn.Parameter, new: nn.Parameter) -> Any:
    """One part of a weight's state; where it has the size of the weight, in the size of the new one."""
    if not isinstance(value, Tensor):
        return value
    if value.shape != old.shape:
        return value.clone()
    grown = torch.zeros_like(new, dtype=value.dtype)
    _fill(grown, value)
    return grown


def _keep_schedules(old: Engine, new: Engine) -> None:
    before = {stepper.plan.node: (stepper.plan.schedule, schedule) for stepper, schedule in old.moving}
    for stepper, schedule in new.moving:
        plan, earlier = before.get(stepper.plan.node, (None, None))
        if earlier is not None and plan is not None and stepper.plan.schedule is not None:
            if plan.target == stepper.plan.schedule.target:
                with contextlib.suppress(TrainingError):  # another combination: it begins anew
                    schedule.restore(earlier.state())
            schedule.see_rates()


def _keep_average(old: Engine, new: Engine, pairs: Pairs) -> None:
    before, after = old.parts.average, new.parts.average
    if before is None or after is None or not before.has_begun:
        return
    known = {id(parameter): value for parameter, value in zip(before.parameters, before.tensors, strict=True)}
    for parameter, value in zip(after.parameters, after.tensors, strict=True):
        earlier = pairs.get(id(parameter))
        if earlier is not None and id(earlier) in known:
            _fill(value, known[id(earlier)])
    after.has_begun = True
