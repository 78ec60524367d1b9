"""How a training script makes optimizers, schedules and metrics."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import cast

from netloom.compiler import calls
from netloom.compiler.goals import LENGTHS, PEAKS, MetricPlan, OptimizerPlan, SchedulePlan
from netloom.compiler.plan import Plan
from netloom.graph.model import Value
from netloom.layers.catalogue import spec


def optimizer(found: OptimizerPlan, kind: str, held: str) -> str:
    """The call that makes an optimizer; its rate is always said."""
    return f"{found.target}({', '.join([held, *_keywords(kind, found.arguments, ('lr',))])})"


def metric(found: MetricPlan, kind: str) -> str:
    """The call that makes a metric."""
    return f"{found.target}({', '.join(_keywords(kind, found.arguments))}).to(DEVICE)"


def schedule(plan: Plan, found: SchedulePlan, optimizer: str, steps: str, factors: Sequence[float] = (1.0,)) -> str:
    """The call that makes a schedule, with those that it combines; `steps` is the length of the run.

    `factors` are those of the rates of the optimizer's groups.
    """
    kind = plan.nodes[found.node].node.kind
    peaks = {name: value for name, value in found.arguments.items() if name in PEAKS and isinstance(value, float)}
    own = {name: [value * factor for factor in factors] for name, value in peaks.items() if set(factors) != {1.0}}
    words = _keywords(kind, {**found.arguments, **own})
    words += [f"{name}={steps}" for name in LENGTHS if name in found.arguments and found.arguments[name] is None]
    if found.children:
        spans = _spans(found, steps)
        parts = (
            schedule(plan, each, optimizer, span, factors) for each, span in zip(found.children, spans, strict=True)
        )
        words.append(f"schedulers=[{', '.join(parts)}]")
    return f"{found.target}({', '.join([optimizer, *words])})"


def _spans(found: SchedulePlan, steps: str) -> list[str]:
    """How many steps each child is in charge."""
    milestones = cast(list[int], found.arguments.get("milestones") or [])
    if not found.target.endswith(".SequentialLR") or len(milestones) != len(found.children) - 1:
        return [steps] * len(found.children)
    known = [str(max(1, end - begin)) for begin, end in pairwise([0, *milestones])]
    return [*known, f"max(1, {steps} - {milestones[-1]})" if milestones else steps]


def _keywords(kind: str, arguments: Mapping[str, Value], always: tuple[str, ...] = ()) -> list[str]:
    return [f"{name}={calls.literal(value)}" for name, value in _said(kind, arguments, always)]


def _said(kind: str, arguments: Mapping[str, Value], always: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
    for param in spec(kind).params:
        value = arguments.get(param.name)
        if value is not None and (param.required or param.name in always or value != param.default):
            yield param.name, value
