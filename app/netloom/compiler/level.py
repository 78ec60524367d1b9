"""One level of a graph, and what is known of it: the top, or a block's definition with what flows in and is set there.

A level remembers its answers; after an edit only what lies downstream of it is asked again.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from netloom.compiler import limits, problems
from netloom.compiler.arguments import Derived, arguments_of, decided, tied_arguments
from netloom.compiler.dims import BATCH, Dim, letters, symbol, value
from netloom.compiler.flow import Flow
from netloom.compiler.plan import NodePlan, Part, Plan, Problem, Severity
from netloom.compiler.problems import Finding
from netloom.compiler.rules import Answer, Insert, Mismatch, Remedy, SetParam, TakePart
from netloom.compiler.rules.rule import written
from netloom.compiler.showing import Settings, expect_chain, handed_in
from netloom.compiler.standing import Standing
from netloom.compiler.tally import Tally
from netloom.compiler.ways import Ways
from netloom.errors import GraphError
from netloom.graph.model import Block, Graph, Node, Value, Wire, id_order
from netloom.layers import bypass, ports
from netloom.layers.catalogue import spec
from netloom.layers.datasets import columns_for
from netloom.layers.spec import OUTSIDE, LayerSpec

if TYPE_CHECKING:
    from netloom.compiler.planner import Planner

T = TypeVar("T")
FLOAT = "float32"
MOST_ROUNDS = 8
"""One is enough but for nodes that use the same weights, where a later one may decide the sizes of an earlier one."""

Inputs: TypeAlias = dict[str, tuple[Flow, ...]]


class Level:
    """A level with what flows into it. `changed` waits for the next `update`."""

    def __init__(self, planner: "Planner", block: str, given: Mapping[str, Flow], settings: Settings) -> None:
        self.planner = planner
        self.block = block
        self.given = given
        self.settings = settings
        self.changed: set[str] = set()
        self.standing = Standing(block)
        self.is_sorted = True
        self.tally = Tally()
        self.nodes: dict[str, NodePlan] = {}
        self.parts: dict[str, Part] = {}
        self.findings: dict[str, list[Finding]] = {}
        self.inner: dict[str, Level] = {}
        self.ways = Ways()
        self.shared: dict[str, tuple[str, object]] = {}
        self.plan = Plan((), {}, (), 0, 0)
        self.layers = 0
        self.depth = 0
        self.too_many: list[Finding] = []

    def update(self, graph: Graph) -> None:
        """Ask again whatever has changed, and what lies downstream of an answer that is another now."""
        if not self.standing.is_stale and not self.changed:
            return
        if self.standing.is_stale:
            self._order(graph)
        for _ in range(MOST_ROUNDS):
            for key in self.standing.order:
                if key in self.changed:
                    self.changed.remove(key)
                    self._visit(graph, graph.nodes[key])
            self.changed.intersection_update(self.standing.order)
            if not self.changed:
                break
        self.changed.clear()
        self.plan = self._result(graph)

    def _order(self, graph: Graph) -> None:
        is_new, needs = self.standing.renew(graph, self.ways.led)
        self.changed |= needs
        if is_new:
            self._follow_order()
        self.shared.clear()
        self.ways.forget_heirs()
        for owner in graph.shared & self.standing.places.keys():
            self.changed |= {owner, *graph.sharers(owner)}

    def _follow_order(self) -> None:
        here = self.standing.places.keys()
        self.changed |= here - self.nodes.keys() - self.findings.keys()
        for key in self.nodes.keys() - here:
            self.tally.take_away(self.nodes[key])
        for table in (self.nodes, self.parts, self.findings, self.inner, self.ways.led):
            for key in table.keys() - here:
                del table[key]
        self.is_sorted = False

    def _visit(self, graph: Graph, node: Node) -> None:
        before, way = self.nodes.get(node.id), self._way(node)
        for table in (self.findings, self.inner, self.ways.led):
            table.pop(node.id, None)
        after = self._asked(graph, node)
        self._keep(node.id, before, after)
        if before is None or after is None or before.outputs != after.outputs or way != self._way(node):
            self.changed |= {wire.target for wire in graph.out_of(node.id)}

    def _asked(self, graph: Graph, node: Node) -> NodePlan | None:
        try:
            found = spec(node.kind)
        except GraphError as error:
            self._note(node, Mismatch(str(error), None))
            return None
        is_led = bypass.is_led_round(node)
        return (self._led_round if is_led else self._planned)(graph, node, found)

    def _keep(self, key: str, before: NodePlan | None, after: NodePlan | None) -> None:
        """Hold what is known of a node now in the place of what was, which keeps the order."""
        if before is not None:
            self.tally.take_away(before)
        if after is not None:
            self.tally.add(after)
            self.is_sorted &= before is not None
            self.nodes[key] = after
        elif before is not None:
            del self.nodes[key]

    def _way(self, node: Node) -> tuple[Part | None, bool, Wire | None]:
        """What those that read a node know of it besides its outputs."""
        return self.parts.get(node.id), node.id in self.ways.led, self.ways.led.get(node.id)

    def _led_round(self, graph: Graph, node: Node, found: LayerSpec) -> NodePlan:
        """A bypassed node: what comes in at its main input goes out again, and nothing else is asked of it."""
        main = bypass.main_wire(graph, node)
        led = self.ways.led[node.id] = None if main is None else self.ways.beginning(graph, main)
        self.parts[node.id] = part = self._part(graph, found, (led,) if led else ())
        self._follow_none(graph, node)
        if main is None and found.role not in OUTSIDE:
            mismatch = Mismatch("{node} is bypassed, but nothing comes into it that could go on.", None, [TakePart()])
            self._note(node, mismatch, "error" if node.id in self.standing.needed else "warning")
        if main and (lost := self._lost(graph, main)):
            self._note(node, lost)
        flow = self._flow(led) if led else None
        inputs = {main.input: (flow,)} if main and flow else {}
        given = [port.name for port in ports.outputs(graph, node) if bypass.hands_on(graph, node, port.name)]
        outputs = dict.fromkeys(given, flow) if flow else {}
        return NodePlan(node, part, (), inputs, outputs, {}, weights=self.ways.owner(graph, node))

    def _lost(self, graph: Graph, wire: Wire) -> Mismatch | None:
        """What is wrong with the beginning of a wire; that of one that leaves a bypassed node is looked at there."""
        is_led = graph.wires.get(wire.key) is not wire or wire.source in self.ways.led
        return None if is_led else problems.lost_port(self.nodes.get(wire.source), wire)

    def _planned(self, graph: Graph, node: Node, found: LayerSpec) -> NodePlan:
        if node.bypassed:
            self._note(node, Mismatch(bypass.refusal(node) or "", None, [TakePart()]))
        led = (self.ways.beginning(graph, wire) for wire in graph.into(node.id))
        wires = tuple(sorted(filter(None, led), key=lambda wire: (wire.input, wire.slot)))
        self.parts[node.id] = part = self._part(graph, found, wires)
        params = self._params(graph, node)
        empty = NodePlan(node, part, wires, {}, {}, params, weights=self.ways.owner(graph, node))
        if self.block and found.role in OUTSIDE:
            self._note(node, Mismatch(f"{{node}} is {OUTSIDE[found.role]}, which cannot stand in a block.", None))
            return empty
        inputs, complete = self._inputs(graph, node, found, wires)
        empty = dataclasses.replace(empty, inputs=inputs)
        if not complete:
            self._follow_none(graph, node)
            return empty
        try:
            self._expect_places(graph, node, found, wires)
            return self._answered(graph, node, found, empty, params)
        except Mismatch as mismatch:
            self._note(node, mismatch)
            return empty

    def _params(self, graph: Graph, node: Node) -> dict[str, Value]:
        """What is set at a node, or at the one whose weights it uses, and what the outside of the block sets there."""
        owner = graph.nodes.get(node.share, node)
        return {**owner.params, **self.settings.get(owner.id, {})}

    def _note(self, node: Node, mismatch: Mismatch, severity: Severity = "error") -> None:
        fixed = self.settings.get(node.id, {}).keys()
        if any(_sets(remedy, fixed) for remedy in mismatch.remedies):
            remedies = [remedy for remedy in mismatch.remedies if not _sets(remedy, fixed)]
            mismatch = Mismatch(mismatch.text, mismatch.port, remedies)
        self.findings.setdefault(node.id, []).append(Finding(node.id, mismatch, severity))

    def _part(self, graph: Graph, found: LayerSpec, wires: Iterable[Wire]) -> Part:
        if found.role == "dataset":
            return "data"
        if found.role in ("input", "output"):
            return "model"
        if found.role in ("loss", "metric", "optimizer", "schedule"):
            return "objective"
        after = any(
            self.parts.get(wire.source) == "objective" or graph.nodes[wire.source].kind == "Output" for wire in wires
        )
        return "objective" if after else "model"

    def _inputs(self, graph: Graph, node: Node, found: LayerSpec, wires: tuple[Wire, ...]) -> tuple[Inputs, bool]:
        inputs: Inputs = {}
        complete = True
        taken = ports.inputs(graph, node)
        for port in taken:
            arriving = [wire for wire in wires if wire.input == port.name]
            known = tuple(flow for wire in arriving if (flow := self._flow(wire)) is not None)
            if arriving:
                inputs[port.name] = known
                complete &= len(known) == len(arriving)
                for wire in arriving:
                    if wrong := self._lost(graph, wire) or problems.unfit_flow(graph, wire, port):
                        complete = False
                        self._note(node, wrong)
            elif not port.optional:
                complete = False
                several = len(taken) > 1
                missing = _missing(found, port.name, several, self._bypassed_before(graph, node, port.name))
                self._note(node, missing, "error" if node.id in self.standing.needed else "warning")
        for wire in wires:
            if ports.port(taken, wire.input) is None:
                complete = False
                self._note(node, Mismatch(f"{{node}} has no input {wire.input} now.", wire.input))
        return inputs, complete

    def _bypassed_before(self, graph: Graph, node: Node, port: str) -> list[TakePart]:
        """Nodes that would bring something into a port, were they not bypassed."""
        return [TakePart(wire.source) for wire in graph.into(node.id) if wire.input == port]

    def _flow(self, wire: Wire) -> Flow | None:
        source = self.nodes.get(wire.source)
        return None if source is None else source.outputs.get(wire.output)

    def _expect_places(self, graph: Graph, node: Node, found: LayerSpec, wires: Iterable[Wire]) -> None:
        """Data enters the model through inputs and leaves it through outputs, once each."""
        for wire in wires:
            source = graph.nodes[wire.source]
            part = self.parts[source.id]
            if found.role == "input" and part != "data":
                raise Mismatch("{node} is where data comes in; only a dataset can be wired to it.", wire.input)
            if found.role == "output" and (part == "objective" or source.kind == "Output"):
                raise Mismatch(
                    "{node} reads what an Output has let out already; wire it to what is before.", wire.input
                )
            if not self.block:
                self._expect_part(node, found, wire, source)

    def _expect_part(self, node: Node, found: LayerSpec, wire: Wire, source: Node) -> None:
        here, part = self.parts[node.id], self.parts[source.id]
        if here == "objective" and part == "model" and source.kind != "Output":
            text = f"{{node}} reads {source.name} inside the model; what leaves the model passes an Output."
            raise Mismatch(text, wire.input, [Insert("Insert Output", "Output")])
        if part == "data" and found.role not in ("input", "loss", "metric") and here == "model":
            text = f"{{node}} reads {source.name} directly; data enters the model by an Input."
            raise Mismatch(text, wire.input, [Insert("Insert Input", "Input")])

    def _answered(
        self, graph: Graph, node: Node, found: LayerSpec, empty: NodePlan, params: dict[str, Value]
    ) -> NodePlan:
        inputs = cast(Inputs, empty.inputs)
        if found.role == "block":
            return self._block(graph, node, empty, params)
        arguments, derived = self._arguments(graph, node, found, params, inputs)
        answer = self._boundary(node, found, arguments, inputs) or self.planner.answer(node.kind, arguments, inputs)
        if answer.advice is not None:
            self._note(node, answer.advice, "warning")
        return dataclasses.replace(
            empty,
            outputs=answer.outputs,
            arguments=arguments,
            derived=derived,
            parameters=0 if empty.weights else answer.parameters,
            macs=_at_one(answer.macs),
            kept=sum(flow.size() for flow in answer.outputs.values()) if answer.kept is None else _at_one(answer.kept),
        )

    def _arguments(
        self, graph: Graph, node: Node, found: LayerSpec, params: Mapping[str, Value], inputs: Inputs
    ) -> Derived:
        """A node's arguments; of those that use the same weights the first decides what wires determine."""
        owner = graph.nodes.get(node.share, node)
        if owner.kind != node.kind:
            return tied_arguments(owner, params), frozenset()
        return self._led(graph, node, lambda: arguments_of(found.params, params, inputs))

    def _led(self, graph: Graph, node: Node, made: Callable[[], T]) -> T:
        """What is made for a node; for one of several that use the same weights, what was made for the first."""
        owner = node.share or node.id
        if not node.share and not graph.sharers(node.id):
            return made()
        leader, known = self.shared.get(owner, (node.id, None))
        if leader != node.id:
            return cast(T, known)
        new = made()
        self.shared[owner] = (node.id, new)
        if new != known:
            self.changed |= {owner, *graph.sharers(owner)}
        return new

    def _follow_none(self, graph: Graph, node: Node) -> None:
        """A node without inputs decides no sizes: those that use the same weights decide them anew."""
        owner = node.share or node.id
        if self.shared.get(owner, ("",))[0] == node.id:
            del self.shared[owner]
            self.changed |= {owner, *graph.sharers(owner)}

    def _boundary(
        self, node: Node, found: LayerSpec, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]
    ) -> Answer | None:
        if found.role == "dataset":
            flows = {c.name: Flow((symbol(BATCH), *c.shape), c.dtype, len(c.classes)) for c in columns_for(arguments)}
            return Answer(flows, kept=0)
        if found.role == "input":
            answer = Answer({"out": self._entering(node, arguments, inputs)})
            limits.refuse_too_large(answer)
            return dataclasses.replace(answer, kept=0) if self.block else answer
        if found.role == "output":
            return Answer({"out": inputs["input"][0]}, kept=0)
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

    def _block(self, graph: Graph, node: Node, empty: NodePlan, params: dict[str, Value]) -> NodePlan:
        owner = graph.nodes.get(node.share, node)
        block = ports.definition(graph, owner)
        if block is None:
            raise Mismatch("{node} shows a block that does not exist.", None)
        arguments, derived = arguments_of(ports.params(graph, owner), params, empty.inputs)
        params = params | {name: arguments[name] for name in derived}
        repeat = cast(int, arguments.get("repeat") or 1)
        given = {name: flows[0] for name, flows in empty.inputs.items()}
        inner = self.planner.level(graph, block.id, given, handed_in(block, params))
        self.inner[node.id] = inner
        plan = inner.plan
        if repeat > 1 and plan.is_valid:
            expect_chain(plan)
        self._expect_one_size(graph, node, plan)
        return dataclasses.replace(
            empty,
            outputs=plan.outputs if plan.is_valid else {},
            arguments=arguments,
            derived=derived,
            parameters=0 if empty.weights else plan.parameters * repeat,
            macs=plan.macs * repeat,
            kept=sum(item.kept for item in plan.nodes.values()) * repeat,
            block=plan,
        )

    def _expect_one_size(self, graph: Graph, node: Node, plan: Plan) -> None:
        """Blocks that use the same weights must make them of one size."""
        if not plan.is_valid:
            self._follow_none(graph, node)
            return
        own = decided(plan)
        first = self._led(graph, node, lambda: own)
        for name in own.keys() & first.keys():
            if own[name] != first[name]:
                leader = graph.nodes[self.shared[node.share or node.id][0]].name
                text = (
                    f"{{node}} and {leader} use the same weights, but {name} is {own[name]} here, {first[name]} there."
                )
                raise Mismatch(text, None)

    def _result(self, graph: Graph) -> Plan:
        if not self.is_sorted:
            self.nodes = {key: self.nodes[key] for key in self.standing.order if key in self.nodes}
            self.is_sorted = True
        self._count_layers()
        self.depth = 1 + max((inner.depth for inner in self.inner.values()), default=0)
        block, led = graph.blocks.get(self.block), self.ways.led
        return Plan(
            order=tuple(key for key in self.standing.order if key not in led) if led else tuple(self.standing.order),
            nodes=dict(self.nodes),
            problems=self.problems(graph),
            parameters=self.tally.parameters,
            macs=self.tally.macs,
            inputs=self._named(graph, block, "Input"),
            outputs=self._named(graph, block, "Output"),
            name=block.name if block else "",
            definition=self.block,
        )

    def _count_layers(self) -> None:
        self.layers, self.too_many = len(self.standing.order) - len(self.ways.led), []
        for key, inner in self.inner.items():
            self.layers += inner.layers * cast(int, self.nodes[key].arguments.get("repeat") or 1)
            if self.layers > limits.MOST_LAYERS:
                self.too_many = [Finding(key, limits.too_many(self.layers), "error")]
                break

    def _named(self, graph: Graph, block: Block | None, kind: str) -> dict[str, Flow]:
        if block is None:
            keys = sorted(self.tally.ends[kind], key=id_order)
        else:
            keys = [node.id for node in ports.boundary(graph, block, "input" if kind == "Input" else "output")]
        items = (self.nodes[key] for key in keys if key in self.nodes)
        return {item.node.name: item.outputs["out"] for item in items if "out" in item.outputs}

    def problems(self, graph: Graph) -> tuple[Problem, ...]:
        """What is wrong here and in the blocks inside, each once, with fixes that fit the graph as it is now."""
        found: dict[tuple[str, str], Finding] = {}
        for finding in _findings(self, set()):
            found.setdefault((finding.node, finding.mismatch.text), finding)
        return tuple(
            problems.problem(graph, graph.nodes[each.node], each.mismatch, each.severity) for each in found.values()
        )


def _findings(level: Level, seen: set[int]) -> Iterable[Finding]:
    seen.add(id(level))
    yield from level.too_many
    for key in sorted(level.findings.keys() | level.inner.keys(), key=level.standing.places.__getitem__):
        yield from level.findings.get(key, ())
        inner = level.inner.get(key)
        if inner is not None and id(inner) not in seen:
            yield from _findings(inner, seen)


def _missing(found: LayerSpec, port: str, several: bool, remedies: Sequence[Remedy]) -> Mismatch:
    if found.role == "optimizer":
        return Mismatch("{node} has no loss to lower. Wire a loss into it.", port, remedies)
    text = f"Nothing comes into {port} of {{node}}." if several else "Nothing comes into {node}."
    return Mismatch(text, port, remedies)


def _at_one(amount: Dim) -> int:
    return amount if isinstance(amount, int) else value(amount, dict.fromkeys(letters((amount,)), 1))


def _sets(remedy: Remedy, fixed: Collection[str]) -> bool:
    """Whether a remedy sets what the outside of the block sets again."""
    return isinstance(remedy, SetParam) and not {*remedy.values, *remedy.unset}.isdisjoint(fixed)
