"""A running network made anew from a changed document: what did not change keeps its weights and optimizer state."""

import contextlib
import copy
import operator
from collections.abc import Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from netloom.compiler import plan_graph, untrainable
from netloom.compiler.goals import SchedulePlan
from netloom.compiler.module import expect_buildable
from netloom.errors import TrainingError
from netloom.graph import Document, Training
from netloom.training import engine, network, randomness
from netloom.training.checkpoint import Place
from netloom.training.engine import Engine
from netloom.training.network import Network
from netloom.training.optimizers import FACTOR, Stepper

PACE = ("epochs", "batch_size", "accumulate")
"""Settings on which the length of a run in steps depends."""
FREE = frozenset({"lr", "weight_decay", "betas", "eps", "alpha", "rho", "lr_decay", "lambd", "t0", "dampening"})
"""Arguments that change how far a step goes, and not what is kept of a weight."""
MOMENTA = ("momentum", "betas")
"""What some schedules move beside the rate."""
Pairs: TypeAlias = Mapping[int, nn.Parameter]
"""The parameter that stood where one stands now, by the identity of the new one."""


def rebuilt(old: Engine, document: Document, place: Place) -> Engine:
    """The engine of a changed document that goes on from an old one, which stood at that place and stays as it is.

    Weights, their averages and optimizer states go to the weights of the same address; of a tensor of another size what
    fits is kept. Gradients of batches that wait for others are let go. BuildError, DataError or TrainingError says why
    it cannot be trained.
    """
    plan = plan_graph(document.graph)
    expect_buildable(plan)
    if missing := untrainable(plan):
        raise TrainingError(missing)
    with randomness.own(old.network.device):
        made = network.build(plan, old.network.device, document.training.seed, old.network)
        new = engine.build(made, document.training, old.parts.choices, _lengths(old, made, document.training, place))
    _copy_weights(old.network, made)
    _hand_over(old, new)
    new.parts.cycle.number = old.parts.cycle.number
    return new


def _lengths(old: Engine, made: Network, settings: Training, place: Place) -> Mapping[str, int]:
    """How long schedules are: as before, where the run is, else with what is ahead now."""
    periods = {plan.node: plan.period for plan in made.compiled.optimizers}
    before = {plan.node: plan.period for plan in old.network.compiled.optimizers}
    same = all(getattr(settings, name) == getattr(old.settings, name) for name in PACE)
    if same and periods == before and made.feed is old.network.feed:
        return old.lengths
    taken = {stepper.plan.node: stepper.taken for stepper in old.parts.steppers}
    place = place if made.feed is old.network.feed else Place(epoch=place.epoch)
    return engine.planned(made, settings, engine.batches_ahead(made, settings, place), taken)


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
            _keep_state(earlier, stepper, pairs)
    _keep_schedules(old, new)
    _keep_average(old, new, pairs)
    if old.parts.scaler is not None and new.parts.scaler is not None:
        new.parts.scaler.load_state_dict(old.parts.scaler.state_dict())


def _keep_state(old: Stepper, new: Stepper, pairs: Pairs) -> None:
    """Momentum and the like, for each weight that was there before, where the same is kept of a weight now."""
    if type(old.optimizer) is not type(new.optimizer) or _form(old) != _form(new):
        return
    if new.searches:
        _keep_search(old, new, pairs)
        return
    for parameter in new.parameters:
        earlier = pairs.get(id(parameter))
        if earlier is not None and (state := old.optimizer.state.get(earlier)) and _fits(state, earlier, parameter):
            new.optimizer.state[parameter] = {key: _grown(value, earlier, parameter) for key, value in state.items()}


def _form(stepper: Stepper) -> dict[str, Any]:
    """The arguments on which depends what an optimizer keeps of a weight."""
    return {name: value for name, value in stepper.plan.arguments.items() if name not in FREE}


def _keep_search(old: Stepper, new: Stepper, pairs: Pairs) -> None:
    """What is kept of all weights as one vector, where these are the same."""
    before = [pairs.get(id(each)) for each in new.parameters]
    are_same = len(before) == len(old.parameters) and all(map(operator.is_, before, old.parameters))
    if are_same and [each.shape for each in old.parameters] == [each.shape for each in new.parameters]:
        new.optimizer.state[new.parameters[0]] = copy.deepcopy(dict(old.optimizer.state[old.parameters[0]]))


def _fits(state: Mapping[str, Any], old: nn.Parameter, new: nn.Parameter) -> bool:
    """Whether all that is kept of a weight is single numbers, or of its size, or it has the same size still."""
    tensors = [value for value in state.values() if isinstance(value, Tensor)]
    return old.shape == new.shape or all(value.dim() == 0 or value.shape == old.shape for value in tensors)


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
    """A schedule of the same kind goes on; another one begins anew, at the rate of its optimizer."""
    before = {stepper.plan.node: (stepper, schedule) for stepper, schedule in old.moving}
    for stepper, schedule in new.moving:
        earlier, known = before.get(stepper.plan.node, (None, None))
        if earlier is not None and known is not None and _alike(earlier.plan.schedule, stepper.plan.schedule):
            with contextlib.suppress(TrainingError):  # another combination: it begins anew
                schedule.restore(known.state())
                _keep_rates(earlier, stepper)
                schedule.see_rates()


def _alike(old: SchedulePlan | None, new: SchedulePlan | None) -> bool:
    if old is None or new is None or (old.target, old.step) != (new.target, new.step):
        return False
    return len(old.children) == len(new.children) and all(map(_alike, old.children, new.children))


def _keep_rates(old: Stepper, new: Stepper) -> None:
    """A rate that a schedule has lowered to a tenth is a tenth of the new rate now; so it is with momentum."""
    group = old.optimizer.param_groups[0]
    began = old.plan.base_rate * group.get(FACTOR, 1.0)
    for each in new.optimizer.param_groups:
        if began:
            each["lr"] = new.plan.base_rate * each.get(FACTOR, 1.0) * float(group["lr"]) / began
        for name in MOMENTA:
            if name in each and old.plan.arguments.get(name) == new.plan.arguments.get(name):
                each[name] = group[name]


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
