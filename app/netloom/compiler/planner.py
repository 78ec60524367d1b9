"""The walk from a graph to its plan. Needs no torch, remembers each answer by kind, parameters and input shapes."""

import dataclasses
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeAlias, cast

import msgspec

from netloom.compiler import checks, limits, problems
from netloom.compiler.dims import BATCH, Dim, is_fixed, letters, symbol, value
from netloom.compiler.flow import Flow
from netloom.compiler.plan import NodePlan, Part, Plan, Problem, Severity
from netloom.compiler.rules import RULES, Answer, Insert, Mismatch, SetParam
from netloom.compiler.rules.rule import written
from netloom.errors import GraphError
from netloom.graph.model import Graph, Node, Value, Wire
from netloom.graph.walk import ordered, upstream
from netloom.layers import ports
from netloom.layers.catalogue import spec
from netloom.layers.datasets import columns_for
from netloom.layers.spec import LayerSpec, Port, Role

FLOAT = "float32"
OUTSIDE: Mapping[Role, str] = {
    "dataset": "a dataset",
    "loss": "a loss",
    "metric": "a metric",
    "optimizer": "an optimizer",
}
"""What trains a model and is no part of it."""

Definition: TypeAlias = tuple[str, tuple[tuple[str, Flow], ...]]
"""A block and what flows into it."""


class Planner:
    """Plans graphs, and remembers what each kind answered to the same parameters and shapes."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, bytes, tuple[tuple[str, tuple[Flow, ...]], ...]], Answer | Mismatch] = {}

    def plan(self, graph: Graph) -> Plan:
        """The plan of a whole graph; what is wrong becomes problems, never an exception."""
        walk = _Walk(self, graph, "", {})
        walk.run()
        plan = walk.result
        return dataclasses.replace(plan, problems=(*plan.problems, *checks.advice(graph, plan)))

    def answer(self, kind: str, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]) -> Answer:
        """What a kind puts out; raises Mismatch where what flows in does not fit."""
        key = (kind, msgspec.json.encode(arguments), tuple(inputs.items()))
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = _ask(kind, arguments, inputs)
        if isinstance(found, Mismatch):
            raise found
        return found


def _ask(kind: str, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]) -> Answer | Mismatch:
    try:
        answer = RULES[kind](arguments, inputs)
        limits.refuse_too_large(answer)
    except Mismatch as mismatch:
        return mismatch
    return answer


def arguments_of(
    found: LayerSpec, node: Node, inputs: Mapping[str, tuple[Flow, ...]]
) -> tuple[dict[str, Value], frozenset[str]]:
    """Every parameter's value, and the names of those that a wire decides; Mismatch where a size is not fixed."""
    arguments: dict[str, Value] = {}
    derived = set()
    for param in found.params:
        if param.name in node.params:
            arguments[param.name] = node.params[param.name]
        elif param.derived is not None and (flows := inputs.get(param.derived.port)):
            arguments[param.name] = _derived(param.name, flows[0], param.derived.dim, param.derived.port)
            derived.add(param.name)
        else:
            arguments[param.name] = param.default
    return arguments, frozenset(derived)


def _derived(name: str, flow: Flow, dim: int, port: str) -> int:
    if not -len(flow.shape) <= dim < len(flow.shape):
        raise Mismatch(f"{{node}} takes its {name} from dimension {dim}, but {flow} has no such dimension.", port)
    size = flow.shape[dim]
    if not is_fixed(size):
        raise Mismatch(f"{name} of {{node}} must be a number, but this dimension of {flow} is {size}.", port)
    return size


class _Walk:
    """One pass over one level of a graph."""

    def __init__(
        self,
        planner: Planner,
        graph: Graph,
        parent: str,
        given: Mapping[str, Flow],
        definitions: "dict[Definition, _Walk] | None" = None,
        inside: tuple[str, ...] = (),
    ) -> None:
        self.planner = planner
        self.definitions = {} if definitions is None else definitions
        self.inside = inside
        self.layers = 0
        self.graph = graph
        self.parent = parent
        self.given = given
        self.order = ordered(graph, parent)
        self.nodes: dict[str, NodePlan] = {}
        self.parts: dict[str, Part] = {}
        self.problems: list[Problem] = []
        self.needed = upstream(graph, (key for key in self.order if _is_goal(graph.nodes[key])))

    def run(self) -> None:
        for key in self.order:
            self._visit(self.graph.nodes[key])

    def _visit(self, node: Node) -> None:
        try:
            found = spec(node.kind)
        except GraphError as error:
            self._note(Problem(node.id, None, "error", str(error)))
            return
        self.layers += 1
        wires = tuple(sorted(self.graph.into(node.id), key=lambda wire: (wire.input, wire.slot)))
        self.parts[node.id] = part = self._part(found, wires)
        if self.parent and found.role in OUTSIDE:
            self.nodes[node.id] = NodePlan(node, part, wires, {}, {}, dict(node.params))
            text = f"{node.name} is {OUTSIDE[found.role]}, which cannot stand in a block. Move it out."
            self._note(Problem(node.id, None, "error", text))
            return
        inputs, complete = self._inputs(node, found, wires)
        empty = NodePlan(node, part, wires, inputs, {}, dict(node.params))
        if not complete:
            self.nodes[node.id] = empty
            return
        try:
            self._expect_places(node, found, wires)
            self.nodes[node.id] = self._answered(node, found, part, wires, inputs)
        except Mismatch as mismatch:
            self.nodes[node.id] = empty
            self._note(problems.problem(self.graph, node, mismatch))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)

    def _part(self, found: LayerSpec, wires: Iterable[Wire]) -> Part:
        if found.role == "dataset":
            return "data"
        if found.role in ("input", "output"):
            return "model"
        if found.role in ("loss", "metric", "optimizer"):
            return "objective"
        after = any(self.parts.get(wire.source) == "objective" or self._is_output(wire.source) for wire in wires)
        return "objective" if after else "model"

    def _is_output(self, key: str) -> bool:
        return self.graph.nodes[key].kind == "Output"

    def _inputs(
        self, node: Node, found: LayerSpec, wires: tuple[Wire, ...]
    ) -> tuple[dict[str, tuple[Flow, ...]], bool]:
        inputs: dict[str, tuple[Flow, ...]] = {}
        complete = True
        for port in self._ports(node, found):
            arriving = [self._flow(wire) for wire in wires if wire.input == port.name]
            known = tuple(flow for flow in arriving if flow is not None)
            if arriving:
                inputs[port.name] = known
                complete &= len(known) == len(arriving)
                lost = (
                    problems.lost_port(self.nodes.get(wire.source), node, wire)
                    for wire in wires
                    if wire.input == port.name
                )
                self.problems += filter(None, lost)
            elif not port.optional:
                complete = False
                self._note(self._missing(node, found, port))
        return inputs, complete

    def _ports(self, node: Node, found: LayerSpec) -> Iterable[Port]:
        return ports.inputs(self.graph, node) if found.role == "block" else found.inputs_for(node.params)

    def _missing(self, node: Node, found: LayerSpec, port: Port) -> Problem:
        severity: Severity = "error" if node.id in self.needed else "warning"
        if found.role == "optimizer":
            text = f"{node.name} has no loss to lower. Wire a loss into it."
        elif len(found.inputs_for(node.params)) > 1:
            text = f"Nothing comes into {port.name} of {node.name}."
        else:
            text = f"Nothing comes into {node.name}."
        return Problem(node.id, port.name, severity, text)

    def _flow(self, wire: Wire) -> Flow | None:
        source = self.nodes.get(wire.source)
        return None if source is None else source.outputs.get(wire.output)

    def _expect_places(self, node: Node, found: LayerSpec, wires: Iterable[Wire]) -> None:
        """Data enters the model through inputs and leaves it through outputs."""
        if self.parent:
            return
        for wire in wires:
            source = self.graph.nodes[wire.source]
            part = self.parts[source.id]
            if self.parts[node.id] == "objective" and part == "model" and source.kind != "Output":
                text = f"{{node}} reads {source.name} inside the model; what leaves the model passes an Output."
                raise Mismatch(text, wire.input, [Insert("Insert Output", "Output")])
            if found.role == "input" and part != "data":
                raise Mismatch("{node} is where data comes in; only a dataset can be wired to it.", wire.input)
            if part == "data" and found.role not in ("input", "loss", "metric") and self.parts[node.id] == "model":
                raise Mismatch(
                    f"{{node}} reads {source.name} directly; data enters the model by an Input.",
                    wire.input,
                    [Insert("Insert Input", "Input")],
                )

    def _answered(
        self, node: Node, found: LayerSpec, part: Part, wires: tuple[Wire, ...], inputs: dict[str, tuple[Flow, ...]]
    ) -> NodePlan:
        arguments, derived = arguments_of(found, node, inputs)
        if found.role == "block":
            return self._block(node, wires, inputs, arguments)
        answer = self._boundary(node, found, arguments, inputs) or self.planner.answer(node.kind, arguments, inputs)
        if answer.advice is not None:
            self._note(problems.problem(self.graph, node, answer.advice, "warning"))
        macs = _at_one(answer.macs)
        return NodePlan(node, part, wires, inputs, answer.outputs, arguments, derived, answer.parameters, macs)

    def _boundary(
        self, node: Node, found: LayerSpec, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]
    ) -> Answer | None:
        if found.role == "dataset":
            return Answer(
                {c.name: Flow((symbol(BATCH), *c.shape), c.dtype, len(c.classes)) for c in columns_for(arguments)}
            )
        if found.role == "input":
            answer = Answer({"out": self._entering(node, arguments, inputs)})
            limits.refuse_too_large(answer)
            return answer
        if found.role == "output":
            return Answer({"out": inputs["input"][0]})
        return None

    def _entering(self, node: Node, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]) -> Flow:
        given = inputs["data"][0] if inputs.get("data") else self.given.get(node.name)
        typed = arguments.get("shape")
        if typed is None:
            if given is None:
                raise Mismatch("{node} does not know its shape. Wire a dataset into it, or type a shape.", None)
            return given
        shape = tuple(symbol(dim) if isinstance(dim, str) else cast(int, dim) for dim in cast(list[Value], typed))
        if given is None:
            return Flow((symbol(BATCH), *shape), cast(str, arguments.get("dtype") or FLOAT))
        if given.shape[1:] != shape:
            brought = written(given.shape[1:])
            raise Mismatch(
                f"{{node}} is set to {written(shape)}, the wire brings {brought}.",
                "data",
                [SetParam(f"Use {brought}", unset=("shape",))],
            )
        return given

    def _block(
        self, node: Node, wires: tuple[Wire, ...], inputs: dict[str, tuple[Flow, ...]], arguments: dict[str, Value]
    ) -> NodePlan:
        block, repeat = str(arguments["block"]), cast(int, arguments.get("repeat") or 1)
        inner = self._definition(block, {name: flows[0] for name, flows in inputs.items()})
        plan = inner.result
        self.layers += inner.layers * repeat
        limits.refuse_too_many(self.layers)
        if repeat > 1 and [*plan.outputs.values()] != [*plan.inputs.values()] and plan.is_valid:
            raise Mismatch("{node} is repeated, so what it puts out must have the shape of what comes in.", None)
        outputs = plan.outputs if plan.is_valid else {}
        sizes = (plan.parameters * repeat, plan.macs * repeat)
        return NodePlan(node, self.parts[node.id], wires, inputs, outputs, arguments, frozenset(), *sizes, plan)

    def _definition(self, block: str, given: Mapping[str, Flow]) -> "_Walk":
        """The walk through a block's definition; the same definition with the same input is walked once."""
        if block in self.inside:
            raise Mismatch("{node} would hold itself.", None)
        limits.refuse_too_deep(len(self.inside))
        key = (block, tuple(given.items()))
        found = self.definitions.get(key)
        if found is None:
            found = self.definitions[key] = _Walk(
                self.planner, self.graph, block, given, self.definitions, (*self.inside, block)
            )
            found.run()
            self.problems += found.problems
        return found

    @cached_property
    def result(self) -> Plan:
        """The plan of this level, once it is walked."""
        boundary = [(self.nodes[key], self.graph.nodes[key]) for key in self.order if key in self.nodes]
        return Plan(
            order=tuple(self.order),
            nodes=self.nodes,
            problems=tuple(self.problems),
            parameters=sum(item.parameters for item in self.nodes.values() if item.part == "model"),
            macs=sum(item.macs for item in self.nodes.values() if item.part == "model"),
            inputs=_named(item for item, node in boundary if node.kind == "Input"),
            outputs=_named(item for item, node in boundary if node.kind == "Output"),
            name=self.graph.blocks[self.parent].name if self.parent else "",
        )


def _named(items: Iterable[NodePlan]) -> dict[str, Flow]:
    return {item.node.name: item.outputs["out"] for item in items if "out" in item.outputs}


def _is_goal(node: Node) -> bool:
    try:
        return spec(node.kind).role in ("output", "loss", "metric", "optimizer")
    except GraphError:
        return False


def _at_one(macs: Dim) -> int:
    return value(macs, dict.fromkeys(letters((macs,)), 1))
