"""The statements of one `forward`: straight-line code in which a name is free again after its last use."""

import re
from collections.abc import Iterable, Mapping
from typing import cast

from netloom.compiler import calls, naming
from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import custom
from netloom.compiler.source.interface import Interface, Place
from netloom.compiler.source.lines import INDENT, Line, Shape, shape
from netloom.graph.model import Value, Wire
from netloom.layers.catalogue import spec

TIED: Mapping[tuple[str, str], str] = {
    ("Linear", "Embedding"): "nn.functional.linear({input}, {owner}.weight)",
}
"""How a kind uses the weights of another one."""

UNUSED = re.compile(r"\(_(?:, _)*\)")
"""A part of a result of which nothing is used."""


def is_chain(item: NodePlan, repeat: Value) -> bool:
    """Whether a block stands for several copies."""
    return item.block is not None and (calls.is_hole(repeat) or cast(int, repeat or 1) > 1)


def is_loop(item: NodePlan, repeat: Value) -> bool:
    """Whether the copies of a block are called one by one, as nn.Sequential takes and gives one tensor only."""
    return is_chain(item, repeat) and (len(item.inputs) > 1 or len(item.outputs) > 1)


class Body:
    """`values` are the arguments of nodes whose arguments are not those of the plan."""

    def __init__(
        self,
        plan: Plan,
        interface: Interface,
        values: Mapping[str, Mapping[str, Value]] | None = None,
        *,
        see: bool = False,
    ) -> None:
        self.plan = plan
        self.interface = interface
        self.values = values or {}
        self.see = see
        self.reserved = interface.customs.reserved
        self.names: dict[Place, str] = dict(interface.arguments)
        self.uses = self._uses()
        self.several = {place for place, count in self.uses.items() if count > 1 or self._is_named_result(place)}

    def _is_named_result(self, place: Place) -> bool:
        results = self.interface.results
        return place in results and (len(results) > 1 or self.interface.always_tuple)

    def _uses(self) -> dict[Place, int]:
        uses: dict[Place, int] = dict.fromkeys(self.interface.results, 1)
        for key in self.interface.members:
            for wire in self.plan.nodes[key].wires:
                place = (wire.source, wire.output)
                uses[place] = uses.get(place, 0) + 1
        return uses

    def statements(self, indent: str) -> list[Line]:
        """All lines of the body, the `return` included."""
        lines: list[Line] = []
        if self.see:
            lines += [self._shown(node, name, indent) for (node, _), name in self.interface.arguments.items()]
        for key in self.interface.members:
            lines += self._statement(self.plan.nodes[key], indent)
        results = [self.names[place] for place in self.interface.results if place in self.names]
        says_nothing = all(line.text.lstrip().startswith("#") for line in lines)
        if self.interface.always_tuple:
            return [*lines, Line(f"{indent}return {calls.tuple_of(results)}")]
        if results or says_nothing:
            lines.append(Line(f"{indent}return {', '.join(results)}".rstrip()))
        return lines

    def _statement(self, item: NodePlan, indent: str) -> Iterable[Line]:
        if self._waits(item):
            yield Line(f"{indent}# {item.node.name} waits: see its problem.", item.node.id)
            return
        said = () if self.see else (shape(next(iter(item.outputs.values()))),)
        if is_loop(item, self._arguments(item).get("repeat")):
            yield from self._loop(item, indent, said)
        else:
            yield from self._assignment(item, indent, said)
        if self.see:
            yield self._shown(item.node.id, self.names[item.node.id, next(iter(item.outputs))], indent)

    def _assignment(self, item: NodePlan, indent: str, said: tuple[Shape, ...]) -> Iterable[Line]:
        expression = self._expression(item, self._incoming(item))
        self._release(item.wires)
        if expression == f"self.{self._attribute(item)}":  # a tensor that the module keeps needs no other name
            self.names[item.node.id, next(iter(item.outputs))] = expression
        else:
            yield Line(f"{indent}{self._taken(item)} = {expression}", item.node.id, said)

    def _waits(self, item: NodePlan) -> bool:
        missing = any((wire.source, wire.output) not in self.names for wire in item.wires)
        return not item.outputs or missing or (bool(item.weights) and item.weights not in self.interface.built)

    def _arguments(self, item: NodePlan) -> Mapping[str, Value]:
        return self.values.get(item.node.id, item.arguments)

    def _incoming(self, item: NodePlan) -> calls.Incoming:
        ports = item.block.inputs if item.block else item.inputs
        return {
            port: [self.names[wire.source, wire.output] for wire in item.wires if wire.input == port] for port in ports
        }

    def _attribute(self, item: NodePlan) -> str:
        """The name of the module that a node calls: its own, or that whose weights it uses."""
        return naming.attribute(self.plan.nodes[item.weights or item.node.id].node.name)

    def _expression(self, item: NodePlan, incoming: calls.Incoming) -> str:
        owner = self.plan.nodes[item.weights] if item.weights else item
        tied = TIED.get((item.node.kind, owner.node.kind))
        if tied is not None:
            return tied.format(input=incoming["input"][0], owner=f"self.{self._attribute(item)}")
        if item.node.kind in calls.EXPRESSIONS:
            own = {"self": [f"self.{self._attribute(item)}"]} if owner.node.id in self.interface.built else {}
            return calls.EXPRESSIONS[item.node.kind](self._arguments(item), {**own, **incoming})
        if custom.is_custom(item):
            return self._own_code(item, incoming)
        return calls.module_call(self._attribute(item), incoming, item.node.kind, self._arguments(item))

    def _own_code(self, item: NodePlan, incoming: calls.Incoming) -> str:
        arguments = self._arguments(item)
        if custom.has_module(item):
            return custom.call(f"self.{self._attribute(item)}", item, incoming)
        name = self.interface.customs.names[custom.text_of(arguments)]
        return custom.call(name, item, incoming, custom.settings(arguments))

    def _loop(self, item: NodePlan, indent: str, said: tuple[Shape, ...]) -> Iterable[Line]:
        """The copies one after another: what one puts out goes into the first inputs of the next."""
        entering = list(self._incoming(item).items())
        chained = [names[0] for _, names in entering[: len(item.outputs)]]
        others = [names[0] for _, names in entering[len(item.outputs) :]]
        first = {port for port, _ in entering[: len(item.outputs)]}
        self._release([wire for wire in item.wires if wire.input in first])
        taken = [self._named(item, index, port) for index, port in enumerate(item.outputs)]
        self._release([wire for wire in item.wires if wire.input not in first])
        self._forget_unused(item)
        copies = f"self.{self._attribute(item)}"
        layer = naming.argument("layer", {*self.names.values(), *taken, *others, *self.reserved})
        targets, node = ", ".join(taken), item.node.id
        begins = [(name, source) for name, source in zip(taken, chained, strict=True) if name != source]
        if begins:
            left, right = (", ".join(words) for words in zip(*begins, strict=True))
            yield Line(f"{indent}{left} = {right}", node)
        yield Line(f"{indent}for {layer} in {copies}:", node)
        yield Line(f"{indent}{INDENT}{targets} = {layer}({', '.join([*taken, *others])})", node, said)

    def _release(self, wires: Iterable[Wire]) -> None:
        for wire in wires:
            place = (wire.source, wire.output)
            self.uses[place] -= 1
            if not self.uses[place]:
                del self.names[place]

    def _forget_unused(self, item: NodePlan) -> None:
        for index, port in enumerate(item.outputs):
            if not self._is_used(item, index, port):
                del self.names[item.node.id, port]

    def _is_used(self, item: NodePlan, index: int, port: str) -> bool:
        return bool(self.uses.get((item.node.id, port))) or (self.see and index == 0)

    def _taken(self, item: NodePlan) -> str:
        taken = {
            port: self._named(item, index, port) if self._is_used(item, index, port) else "_"
            for index, port in enumerate(item.outputs)
        }
        return UNUSED.sub("_", calls.result(item.node.kind, taken))

    def _named(self, item: NodePlan, index: int, port: str) -> str:
        """A short name for what is soon used up, the node's own for what is read twice or returned beside others.

        An operation that a person has named keeps its name, since its line says it nowhere else.
        """
        own = item.node.name if index == 0 else f"{item.node.name}_{port}"
        live = {*self.names.values(), *self.reserved}
        is_told = (item.node.id, port) in self.several or _is_named_operation(item)
        is_passing = len(item.outputs) == 1 and not is_told
        self.names[item.node.id, port] = found = naming.passing(own, live) if is_passing else naming.argument(own, live)
        return found

    def _shown(self, node: str, name: str, indent: str) -> Line:
        return Line(f"{indent}see({calls.literal(node)}, {name})", node)


def _is_named_operation(item: NodePlan) -> bool:
    found = spec(item.node.kind)
    return found.role == "function" and item.node.name.rstrip("0123456789") != found.stem
