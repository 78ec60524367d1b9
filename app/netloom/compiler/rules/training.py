"""Optimizers and the schedules of their learning rate.

What a schedule is flows along its wire as the dtype: `schedule`, or one of those that not every node can take.
"""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, flag

USUAL_MOMENTUM = 0.9
SCHEDULE, OF_MOMENTUM, OF_LOSS = "schedule", "schedule of momentum", "schedule of the loss"


def optimizer(arguments: Arguments, inputs: Inputs) -> Answer:
    """Any optimizer: one whose momentum a schedule moves must have a momentum."""
    moved = any(flow.dtype == OF_MOMENTUM for flow in inputs.get("schedule", ()))
    if moved and "betas" not in arguments and "momentum" not in arguments:
        text = "{node} has no momentum, which its schedule wants to move: switch cycle_momentum of the schedule off."
        raise Mismatch(text, "schedule")
    return Answer({})


def sgd(arguments: Arguments, inputs: Inputs) -> Answer:
    """SGD: to look ahead along the momentum there must be one, at full strength."""
    momentum, dampening = arguments["momentum"], arguments["dampening"]
    if flag(arguments, "nesterov") and (not momentum or dampening):
        wanted = momentum or USUAL_MOMENTUM
        raise Mismatch(
            f"nesterov of {{node}} needs a momentum above 0 and a dampening of 0, gets {momentum} and {dampening}.",
            None,
            [SetParam(f"Use momentum {wanted} and dampening 0", {"momentum": wanted, "dampening": 0.0})],
        )
    return optimizer(arguments, inputs)


def schedule(_: Arguments, __: Inputs) -> Answer:
    """A schedule that knows its steps alone."""
    return Answer({"schedule": Flow((), SCHEDULE)})


def cycle(arguments: Arguments, _: Inputs) -> Answer:
    """CyclicLR, OneCycleLR: move the momentum as well where they are told to."""
    return Answer({"schedule": Flow((), OF_MOMENTUM if flag(arguments, "cycle_momentum") else SCHEDULE)})


def one_cycle(arguments: Arguments, inputs: Inputs) -> Answer:
    """OneCycleLR: the way up to the peak must be longer than the one step at which it begins."""
    steps, part = arguments["total_steps"], cast(float, arguments["pct_start"])
    if isinstance(steps, int) and part * steps == 1:
        text = f"the way up of {{node}} is one step: {part} of {steps}. It needs less or more."
        raise Mismatch(text, None, [SetParam(f"Use {steps + 1} steps", {"total_steps": steps + 1})])
    return cycle(arguments, inputs)


def plateau(_: Arguments, __: Inputs) -> Answer:
    """ReduceLROnPlateau: looks at the loss."""
    return Answer({"schedule": Flow((), OF_LOSS)})


def chained(_: Arguments, inputs: Inputs) -> Answer:
    """ChainedScheduler, SequentialLR: several schedules, none of which looks at the loss."""
    flows = inputs["schedules"]
    if any(flow.dtype == OF_LOSS for flow in flows):
        text = "{node} cannot combine a schedule that looks at the loss, such as ReduceLROnPlateau."
        raise Mismatch(f"{text} Wire that one into an optimizer.", "schedules")
    moved = any(flow.dtype == OF_MOMENTUM for flow in flows)
    return Answer({"schedule": Flow((), OF_MOMENTUM if moved else SCHEDULE)})


def sequential(arguments: Arguments, inputs: Inputs) -> Answer:
    """SequentialLR: a milestone between each two schedules."""
    milestones, count = cast(list[int], arguments["milestones"]), len(inputs["schedules"])
    if len(milestones) != count - 1:
        raise Mismatch(
            f"{{node}} changes {len(milestones)} times, but {count} schedules are wired to it. "
            "It needs one milestone less than it has schedules.",
            "schedules",
            _fitting(milestones, count - 1),
        )
    return chained(arguments, inputs)


def _fitting(milestones: list[int], count: int) -> list[SetParam]:
    if not count:
        return []
    further = [milestones[-1] + 10 * step for step in range(1, count - len(milestones) + 1)]
    found = [*milestones[:count], *further]
    return [SetParam(f"Use {', '.join(map(str, found))}", {"milestones": cast(list[None], found)})]


OPTIMIZERS = (
    "Adam",
    "AdamW",
    "NAdam",
    "RAdam",
    "Adamax",
    "Adagrad",
    "Adadelta",
    "Adafactor",
    "SparseAdam",
    "RMSprop",
    "Rprop",
    "ASGD",
    "Muon",
    "LBFGS",
)
SCHEDULES = (
    "StepLR",
    "MultiStepLR",
    "ExponentialLR",
    "PolynomialLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ConstantLR",
    "LinearLR",
)

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(OPTIMIZERS, optimizer),
    "SGD": sgd,
    **dict.fromkeys(SCHEDULES, schedule),
    "CyclicLR": cycle,
    "OneCycleLR": one_cycle,
    "ReduceLROnPlateau": plateau,
    "ChainedScheduler": chained,
    "SequentialLR": sequential,
}
