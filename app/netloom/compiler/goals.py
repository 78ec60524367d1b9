"""What a model is trained for, as plain data: its metrics, its optimizers and their schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import Place, loss_places
from netloom.graph.model import Value
from netloom.layers.catalogue import kinds_of, spec
from netloom.layers.spec import Role

STEPPING = ("order", "period", "warmup_steps", "clip_norm", "clip_value", "spare_biases")
"""Arguments of optimizer nodes that say what is done around the optimizer."""
LENGTHS = ("total_steps", "T_max", "total_iters", "T_0")
"""Arguments of schedules that are the number of steps of the whole run where they are left empty."""
PEAKS = ("max_lr", "base_lr")
"""Arguments of schedules that are rates themselves: each group of weights gets its multiple of them."""


@dataclass(frozen=True, slots=True)
class MetricPlan:
    """A metric: its torchmetrics class, and which model output and which column it compares."""

    node: str
    name: str
    target: str
    arguments: Mapping[str, Value]
    output: int
    column: int


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """A schedule of an optimizer's rate: its class, when it takes a step ("epoch" or "batch"), and what it combines."""

    node: str
    name: str
    target: str
    arguments: Mapping[str, Value]
    step: str = "epoch"
    children: tuple[SchedulePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class OptimizerPlan:
    """An optimizer: its class and arguments, which losses it lowers, the nodes it updates (none: all), how it steps.

    Optimizers step in the order of `order`, those of one number from one forward pass; each at every `period`-th batch.
    Gradients are clipped to `clip_norm` and `clip_value` where these are above 0.
    """

    node: str
    name: str
    target: str
    arguments: Mapping[str, Value]
    losses: tuple[int, ...]
    updates: tuple[str, ...] = ()
    schedule: SchedulePlan | None = None
    order: int = 1
    period: int = 1
    warmup_steps: int = 0
    clip_norm: float = 0.0
    clip_value: float = 0.0
    spare_biases: bool = False

    @property
    def base_rate(self) -> float:
        """The learning rate that the person set, before any schedule."""
        return float(self.arguments["lr"])  # type: ignore[arg-type]  # every optimizer has one, and it is a number


@dataclass(frozen=True, slots=True)
class Goals:
    """All metrics and optimizers of a plan, in its order."""

    metrics: tuple[MetricPlan, ...]
    optimizers: tuple[OptimizerPlan, ...]


def goals(plan: Plan, columns: tuple[Place, ...]) -> Goals:
    """The metrics and optimizers of a plan without errors."""
    return Goals(tuple(_metric(plan, item, columns) for item in with_role(plan, "metric")), optimizers(plan))


def optimizers(plan: Plan) -> tuple[OptimizerPlan, ...]:
    """The optimizers of a plan, in its order."""
    return tuple(_optimizer(plan, item) for item in with_role(plan, "optimizer"))


def scored(plan: Plan) -> tuple[str, ...]:
    """The names of all metrics and losses: any of them can say which weights are the best."""
    losses = (plan.nodes[node].node.name for node, _ in loss_places(plan))
    return (*(item.node.name for item in with_role(plan, "metric")), *losses)


def updated(plan: Plan, optimizer: NodePlan) -> frozenset[str]:
    """The nodes of the top level whose weights an optimizer changes: those before its losses, or some of them."""
    found = _upstream(plan, {wire.source for wire in optimizer.wires if wire.input == "losses"})
    named = optimizer.arguments.get("updates")
    if isinstance(named, list) and named:
        found &= _top_level(plan, named)
    return frozenset(plan.nodes[key].weights or key for key in found if key in plan.nodes)


def _upstream(plan: Plan, nodes: set[str]) -> set[str]:
    found = set(nodes)
    for key in reversed(plan.order):
        if key in found and key in plan.nodes:
            found |= {wire.source for wire in plan.nodes[key].wires}
    return found


def _top_level(plan: Plan, nodes: Sequence[Value]) -> set[str]:
    """The nodes of the top level that these are, or in whose blocks they stand."""
    wanted = {*nodes, *(_heir(plan, key) for key in nodes)}
    return {key for key, item in plan.nodes.items() if key in wanted or wanted & set(_inside(item.block))}


def _heir(plan: Plan, node: Value) -> str:
    """The node that has the weights of a bypassed one."""
    item = plan.nodes.get(str(node))
    return item.weights if item is not None and item.node.bypassed else ""


def _inside(plan: Plan | None) -> Iterator[str]:
    for item in plan.working if plan else ():
        yield item.node.id
        yield from _inside(item.block)


def with_role(plan: Plan, role: Role) -> list[NodePlan]:
    """The nodes of the top level with a role, in the order of the plan."""
    kinds = kinds_of(role)
    present = kinds & plan.by_kind.keys()
    if len(present) < 2:
        return [item for kind in present for item in plan.by_kind[kind]]
    return [item for item in plan.working if item.node.kind in kinds]


def _metric(plan: Plan, item: NodePlan, columns: tuple[Place, ...]) -> MetricPlan:
    wires = {wire.input: (wire.source, wire.output) for wire in item.wires}
    outputs = [each.node.id for each in plan.boundary("Output")]
    found = spec(item.node.kind)
    arguments = {name: value for name, value in item.arguments.items() if value is not None}
    return MetricPlan(
        item.node.id,
        item.node.name,
        found.target,
        arguments,
        outputs.index(wires["preds"][0]),
        columns.index(wires["target"]),
    )


def _optimizer(plan: Plan, item: NodePlan) -> OptimizerPlan:
    places = loss_places(plan)
    schedules = [plan.nodes[wire.source] for wire in item.wires if wire.input == "schedule"]
    updates = item.arguments.get("updates") or ()
    own: dict[str, Any] = {name: item.arguments[name] for name in STEPPING if name in item.arguments}
    return OptimizerPlan(
        item.node.id,
        item.node.name,
        spec(item.node.kind).target,
        {name: value for name, value in item.arguments.items() if name not in own and name != "updates"},
        tuple(places.index((wire.source, wire.output)) for wire in item.wires if wire.input != "schedule"),
        tuple(str(node) for node in updates) if isinstance(updates, (list, tuple)) else (),
        _schedule(plan, schedules[0]) if schedules else None,
        **own,
    )


def _schedule(plan: Plan, item: NodePlan) -> SchedulePlan:
    return SchedulePlan(
        item.node.id,
        item.node.name,
        spec(item.node.kind).target,
        {name: value for name, value in item.arguments.items() if name != "step"},
        str(item.arguments.get("step") or "epoch"),
        tuple(_schedule(plan, plan.nodes[wire.source]) for wire in item.wires),
    )
