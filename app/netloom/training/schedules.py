"""From the schedule of an optimizer to the scheduler that changes its rate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias, cast

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from netloom.compiler.goals import LENGTHS, PEAKS, SchedulePlan
from netloom.errors import TrainingError
from netloom.training.dotted import dotted
from netloom.training.optimizers import FACTOR

Scheduler: TypeAlias = LRScheduler | ReduceLROnPlateau

MOVING = (
    "last_epoch",
    "_step_count",
    "_last_lr",
    "best",
    "num_bad_epochs",
    "cooldown_counter",
    "T_cur",
    "T_i",
)
"""What changes in a scheduler while it runs; all else follows from the document."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a run is."""

    epochs: int
    batches: int

    def of(self, plan: SchedulePlan) -> int:
        """In the steps of a schedule."""
        return self.batches if plan.step == "batch" else self.epochs


@dataclass(frozen=True, slots=True)
class Schedule:
    """A scheduler with those that it combines after it, and when it takes its steps."""

    parts: tuple[Scheduler, ...]
    by_batch: bool

    def step(self, loss: Callable[[], float]) -> None:
        """One step further; a scheduler that looks at the loss asks for it."""
        first = self.parts[0]
        if isinstance(first, ReduceLROnPlateau):
            first.step(loss())
        else:
            first.step()

    def state(self) -> list[dict[str, Any]]:
        """Where each part stands, as JSON."""
        return [{name: value for name, value in vars(part).items() if name in MOVING} for part in self.parts]

    def restore(self, state: Sequence[dict[str, Any]]) -> None:
        """Go on from there; TrainingError where that is the state of another schedule."""
        if len(state) != len(self.parts) or any(
            values.keys() - vars(part).keys() for part, values in self._with(state)
        ):
            raise TrainingError("The state belongs to another schedule of the learning rate.")
        for part, values in self._with(state):
            vars(part).update(values)

    def see_rates(self) -> None:
        """Take the rates as they are now for those of the last step."""
        for part in self.parts:
            part._last_lr = [group["lr"] for group in part.optimizer.param_groups]  # noqa: SLF001

    def _with(self, state: Sequence[dict[str, Any]]) -> Iterator[tuple[Scheduler, dict[str, Any]]]:
        return zip(self.parts, state, strict=True)


def build(plan: SchedulePlan, optimizer: Optimizer, length: Length) -> Schedule:
    """The schedule of an optimizer over a run of that length; TrainingError names the node that does not fit."""
    parts = tuple(_parts(plan, optimizer, length.of(plan)))
    return Schedule(parts, plan.step == "batch")


def _parts(plan: SchedulePlan, optimizer: Optimizer, steps: int) -> Iterator[Scheduler]:
    """A scheduler, and after it those that it combines."""
    families = [
        list(_parts(child, optimizer, span)) for child, span in zip(plan.children, _spans(plan, steps), strict=True)
    ]
    yield _made(plan, optimizer, steps, [family[0] for family in families])
    for family in families:
        yield from family


def _spans(plan: SchedulePlan, steps: int) -> list[int]:
    """How many steps each child is in charge."""
    milestones = cast(list[int], plan.arguments.get("milestones") or [])
    if plan.target.endswith(".SequentialLR") and len(milestones) == len(plan.children) - 1:
        return [max(1, end - begin) for begin, end in pairwise([0, *milestones, max(steps, *milestones, 0)])]
    return [steps] * len(plan.children)


def _made(plan: SchedulePlan, optimizer: Optimizer, steps: int, children: list[Scheduler]) -> Scheduler:
    arguments: dict[str, Any] = {name: value for name, value in plan.arguments.items() if value is not None}
    arguments |= {name: steps for name in LENGTHS if name in plan.arguments and plan.arguments[name] is None}
    for name in arguments.keys() & {*PEAKS}:
        arguments[name] = [float(arguments[name]) * group.get(FACTOR, 1.0) for group in optimizer.param_groups]
    if plan.children:
        arguments["schedulers"] = children
    _refuse_short(plan, arguments, steps)
    try:
        made: Scheduler = dotted(plan.target)(optimizer=optimizer, **arguments)
    except (ValueError, TypeError, ZeroDivisionError, KeyError) as error:
        raise TrainingError(f"{plan.name} cannot be made: {error}", node=plan.node) from error
    return made


def _refuse_short(plan: SchedulePlan, arguments: Mapping[str, Any], steps: int) -> None:
    total = arguments.get("total_steps")
    if total is None:
        return
    unit = "batches" if plan.step == "batch" else "epochs"
    text = ""
    if total < steps:
        text = f"{plan.name} ends after {total} steps, the run has {steps} {unit}. Leave total_steps empty."
    elif arguments.get("pct_start", 0) * total == 1:
        text = f"the way up of {plan.name} is one of {total} {unit}, too short to rise in. Change pct_start or {unit}."
    if text:
        raise TrainingError(text, node=plan.node)
