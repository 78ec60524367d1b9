"""How a training script makes optimizers, schedules and metrics."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import cast

from netloom.compiler import calls, naming
from netloom.compiler.goals import LENGTHS, MetricPlan, OptimizerPlan, SchedulePlan, updated
from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import loss_places
from netloom.graph.model import Value
from netloom.layers.catalogue import spec


def weights(plan: Plan, optimizer: OptimizerPlan) -> str:
    """The weights that an optimizer updates, as an iterable."""
    if len(optimizer.losses) == len(loss_places(plan)) and not optimizer.updates:
        in_losses = any(item.part == "objective" and item.parameters for item in plan.nodes.values())
        return "[*model.parameters(), *objective.parameters()]" if in_losses else "model.parameters()"
    chosen = updated(plan, plan.nodes[optimizer.node])
    held = [_held(plan.nodes[key]) for key in plan.order if key in chosen and plan.nodes[key].parameters]
    if len(held) == 1 and held[0].startswith("*"):
        return held[0][1:]
    return f"[{', '.join(held)}]"


def _held(item: NodePlan) -> str:
    owner = "objective" if item.part == "objective" else "model"
    name = f"{owner}.{naming.attribute(item.node.name)}"
    is_tensor = calls.module_call("it", {}, item.node.kind, item.arguments) == "self.it" if not item.inputs else False
    return name if is_tensor else f"*{name}.parameters()"


def optimizer(found: OptimizerPlan, kind: str, held: str) -> str:
    """The call that makes an optimizer; its rate is always said."""
    return f"{found.target}({', '.join([held, *_keywords(kind, found.arguments, ('lr',))])})"


def metric(found: MetricPlan, kind: str) -> str:
    """The call that makes a metric."""
    return f"{found.target}({', '.join(_keywords(kind, found.arguments))}).to(DEVICE)"


def schedule(plan: Plan, found: SchedulePlan, optimizer: str, steps: str) -> str:
    """The call that makes a schedule, with those that it combines; `steps` is the length of the run."""
    kind = plan.nodes[found.node].node.kind
    words = _keywords(kind, found.arguments)
    words += [f"{name}={steps}" for name in LENGTHS if name in found.arguments and found.arguments[name] is None]
    if found.children:
        spans = _spans(found, steps)
        parts = (schedule(plan, each, optimizer, span) for each, span in zip(found.children, spans, strict=True))
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
