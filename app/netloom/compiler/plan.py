"""The frozen answer about a graph. Nothing in it refers to the live graph."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from netloom.compiler.flow import Flow
from netloom.graph.model import Node, Value, Wire
from netloom.graph.patch import Patch

Part: TypeAlias = Literal["data", "model", "objective"]
"""Where a node belongs: before the inputs, between inputs and outputs, or in the training after the outputs."""

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy for one click: what the button says, and the patch that it makes."""

    label: str
    patch: Patch


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at which node and port, in plain words."""

    node: str
    port: str | None
    severity: Severity
    message: str
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class NodePlan:
    """What is known of a node: `arguments` holds every parameter's value, `derived` names those that a wire decides."""

    node: Node
    part: Part
    wires: tuple[Wire, ...]
    inputs: Mapping[str, tuple[Flow, ...]]
    outputs: Mapping[str, Flow]
    arguments: Mapping[str, Value]
    derived: frozenset[str] = frozenset()
    parameters: int = 0
    macs: int = 0
    block: "Plan | None" = None
    weights: str = ""
    """The node whose weights this one uses, or "" where it has its own."""
    kept: int = 0
    """Bytes of one sample that wait for the backward pass."""


@dataclass(frozen=True)
class Plan:
    """Order, shape and dtype at every port, parameters, multiply-adds, problems.

    A bypassed node stands in `nodes` with what flows round it, and not in `order`; no wire of another leads to it.
    """

    order: tuple[str, ...]
    nodes: Mapping[str, NodePlan]
    problems: tuple[Problem, ...]
    parameters: int
    macs: int
    inputs: Mapping[str, Flow] = field(default_factory=dict)
    outputs: Mapping[str, Flow] = field(default_factory=dict)
    name: str = ""
    """The block's name where the plan is that of a block's definition."""
    definition: str = ""
    """The block's id where the plan is that of a block's definition."""

    @property
    def shapes(self) -> Mapping[tuple[str, str], tuple[int | str, ...]]:
        """The shape at every output port, by node id and port name."""
        return {
            (key, port): tuple(flow.dims()) for key, item in self.nodes.items() for port, flow in item.outputs.items()
        }

    @cached_property
    def working(self) -> Sequence[NodePlan]:
        """The nodes that take part, in their order."""
        return tuple(filter(None, map(self.nodes.get, self.order)))

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[NodePlan]]:
        """The nodes that take part by their kind, those of each in their order."""
        found: dict[str, list[NodePlan]] = {}
        for item in self.working:
            found.setdefault(item.node.kind, []).append(item)
        return found

    def with_problems(self, problems: Iterable[Problem]) -> "Plan":
        """The same of the same nodes, with these problems; what was looked up of them is not looked up again."""
        made = replace(self, problems=tuple(problems))
        vars(made).update({name: vars(self)[name] for name in ("working", "by_kind") if name in vars(self)})
        return made

    def boundary(self, kind: Literal["Input", "Output"]) -> list[NodePlan]:
        """The nodes of one side in the order of `inputs` or `outputs`, those that cannot be ports yet behind them."""
        places = {name: place for place, name in enumerate(self.inputs if kind == "Input" else self.outputs)}
        return sorted(self.by_kind.get(kind, ()), key=lambda item: places.get(item.node.name, len(places)))

    @property
    def is_valid(self) -> bool:
        """Whether no problem is an error."""
        return all(problem.severity != "error" for problem in self.problems)
