"""What the classes of a plan take and give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from netloom.compiler import naming
from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import custom
from netloom.compiler.source.custom import Customs
from netloom.layers.catalogue import kinds_of, spec

Place: TypeAlias = tuple[str, str]
"""A node and one of its output ports."""

NOTHING = Customs()


@dataclass(frozen=True, slots=True)
class Interface:
    """What a class takes and gives: the outputs that are its arguments, and those that it returns.

    `members` are the nodes of its `forward`, `built` those that are attributes of it. A model with one result returns
    that; an objective always returns a tuple.
    """

    arguments: Mapping[Place, str]
    results: tuple[Place, ...]
    members: tuple[str, ...]
    built: tuple[str, ...]
    always_tuple: bool = False
    customs: Customs = NOTHING


def model_interface(plan: Plan, own: Customs = NOTHING) -> Interface:
    """From inputs to outputs; without an output, to whatever leads nowhere yet."""
    nodes = plan.working
    arguments: dict[Place, str] = {}
    for item in plan.boundary("Input"):
        arguments[item.node.id, "out"] = naming.argument(item.node.name, {*arguments.values(), *own.reserved})
    outputs = plan.boundary("Output")
    if outputs:
        results = [(wire.source, wire.output) for item in outputs for wire in item.wires]
        needed = _needed(plan, results)
    else:
        results = _ends(nodes)
        needed = {item.node.id for item in nodes}
    members = tuple(
        item.node.id for item in nodes if item.part == "model" and item.node.id in needed and not _is_boundary(item)
    )
    return Interface(arguments, tuple(results), members, _built(plan, members), customs=own)


def _is_boundary(item: NodePlan) -> bool:
    return item.node.kind in ("Input", "Output")


def _built(plan: Plan, members: Sequence[str]) -> tuple[str, ...]:
    """The nodes with a module of their own: members, and those whose weights members use."""
    wanted = {*members, *(plan.nodes[key].weights for key in members)}
    return tuple(key for key in plan.order if key in wanted and _has_module(plan.nodes[key]))


def _has_module(item: NodePlan) -> bool:
    if not item.outputs or item.weights:
        return False
    found = spec(item.node.kind)
    if found.role == "custom":
        return custom.has_module(item)
    return found.role in ("module", "block") or (found.role == "loss" and bool(found.target))


def _needed(plan: Plan, results: Iterable[Place]) -> set[str]:
    stack = [node for node, _ in results]
    found = set(stack)
    while stack:
        item = plan.nodes.get(stack.pop())
        for wire in item.wires if item else ():
            if wire.source not in found:
                found.add(wire.source)
                stack.append(wire.source)
    return found


def _ends(nodes: Sequence[NodePlan]) -> list[Place]:
    used = {(wire.source, wire.output) for item in nodes for wire in item.wires}
    read = {node for node, _ in used}
    ends = [(item.node.id, port) for item in nodes if item.part == "model" for port in list(item.outputs)[:1]]
    return [place for place in ends if place[0] not in read]


def loss_places(plan: Plan) -> tuple[Place, ...]:
    """The losses: every loss node, and every operation whose result an optimizer lowers."""
    optimizers = (item for kind in kinds_of("optimizer") for item in plan.by_kind.get(kind, ()))
    lowered = {(wire.source, wire.output) for item in optimizers for wire in item.wires if wire.input == "losses"}
    items = (item for item in plan.working if item.part == "objective")
    places = ((item.node.id, port) for item in items for port in item.outputs)
    return tuple(place for place in places if place[1] == "loss" or place in lowered)


def objective_interface(plan: Plan, own: Customs = NOTHING) -> Interface:
    """From the model's outputs and the dataset's columns to the losses."""
    nodes = plan.working
    members = tuple(item.node.id for item in nodes if item.part == "objective" and _is_computed(item))
    arguments: dict[Place, str] = {}
    for item in plan.boundary("Output"):
        arguments[item.node.id, "out"] = naming.argument(item.node.name, {*arguments.values(), *own.reserved})
    for place in column_places(plan):
        name = f"{plan.nodes[place[0]].node.name}_{place[1]}"
        arguments[place] = naming.argument(name, {*arguments.values(), *own.reserved})
    return Interface(arguments, loss_places(plan), members, _built(plan, members), always_tuple=True, customs=own)


def _is_computed(item: NodePlan) -> bool:
    """Whether a node behind the outputs is part of a loss; optimizers, schedules and metrics are not."""
    return bool(item.outputs) and spec(item.node.kind).role in ("module", "function", "block", "loss", "custom")


def column_places(plan: Plan) -> tuple[Place, ...]:
    """The dataset columns that losses, metrics and operations between them read."""
    found: dict[Place, None] = {}
    for key in plan.order:
        item = plan.nodes.get(key)
        for wire in item.wires if item and item.part == "objective" else ():
            if plan.nodes[wire.source].part == "data":
                found[wire.source, wire.output] = None
    return tuple(found)
