"""One class for one plan, with marks in place of the values that differ between its uses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from netloom.compiler import calls, naming
from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import custom
from netloom.compiler.source.body import Body, is_chain, is_loop
from netloom.compiler.source.interface import Interface
from netloom.compiler.source.lines import INDENT, Line, Shape, shape
from netloom.graph.model import Value
from netloom.layers.catalogue import spec
from netloom.layers.spec import LayerSpec

MARK = re.compile("⟦([0-9]+)⟧")

Values: TypeAlias = Mapping[str, Mapping[str, Value]]
"""The arguments of nodes by id."""


@dataclass(frozen=True, slots=True)
class Made:
    """The class of a plan, and what this plan gives to its constructor."""

    name: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Use:
    """A plan that becomes a class; `caller` is a node that shows it, None for the model itself."""

    plan: Plan
    interface: Interface
    caller: NodePlan | None = None

    def values(self, made: Mapping[int, Made]) -> Values:
        """What is written of each node: its arguments, for a block those of its class."""
        keys = dict.fromkeys((*self.interface.members, *self.interface.built))
        return {key: _values(self.plan.nodes[key], made) for key in keys}


def _values(item: NodePlan, made: Mapping[int, Made]) -> Mapping[str, Value]:
    if item.block is not None:
        inner = made.get(id(item.block))
        return {"repeat": item.arguments.get("repeat") or 1, **(inner.arguments if inner else {})}
    found = spec(item.node.kind)
    if found.role in ("function", "custom") or found.kind in calls.CONSTRUCTORS:
        return item.arguments
    params = {param.name: param for param in found.params}
    return {
        name: calls.plain(params[name], value) if name in params else value for name, value in item.arguments.items()
    }


@dataclass(frozen=True, slots=True)
class Draft:
    """What a class says: the lines that make its modules, the head of `forward`, and its body."""

    made: Sequence[Line]
    head: Line
    body: Sequence[Line]

    @property
    def lines(self) -> list[Line]:
        """All lines in order."""
        return [*self.made, self.head, *self.body]


def draft(use: Use, values: Values, made: Mapping[int, Made]) -> Draft:
    """The class of one use, in which each node is written with these values."""
    plan, interface = use.plan, use.interface
    names = interface.customs.names
    lines = [_construction(plan.nodes[key], values[key], made, names) for key in interface.built]
    arguments = ", ".join(["self", *(f"{name}: Tensor" for name in interface.arguments.values())])
    head = Line(f"{INDENT}def forward({arguments}) -> {_returned(interface)}:", None, _arriving(plan, interface))
    return Draft(lines, head, Body(plan, interface, values).statements(INDENT * 2))


def _construction(
    item: NodePlan, values: Mapping[str, Value], made: Mapping[int, Made], names: Mapping[str, str]
) -> Line:
    if item.block is not None:
        call = _copies(item, values, made)
    elif custom.is_custom(item):
        call = f"{names[custom.text_of(values)]}({', '.join(custom.settings(values))})"
    else:
        call = _call(spec(item.node.kind), values)
    return Line(f"{INDENT * 2}self.{naming.attribute(item.node.name)} = {call}", item.node.id)


def _call(found: LayerSpec, values: Mapping[str, Value]) -> str:
    if found.kind in calls.CONSTRUCTORS:
        return calls.CONSTRUCTORS[found.kind](values)
    return calls.constructor(found, values)


def _copies(item: NodePlan, values: Mapping[str, Value], made: Mapping[int, Made]) -> str:
    repeat = values["repeat"]
    inner = made[id(item.block)]
    given = ", ".join(f"{name}={calls.literal(values[name])}" for name in inner.arguments)
    call = f"{inner.name}({given})"
    if not is_chain(item, repeat):
        return call
    copies = f"{call} for _ in range({calls.literal(repeat)})"
    return f"nn.ModuleList({copies})" if is_loop(item, repeat) else f"nn.Sequential(*({copies}))"


def _returned(interface: Interface) -> str:
    count = len(interface.results)
    if count == 1 and not interface.always_tuple:
        return "Tensor"
    return f"tuple[{', '.join(['Tensor'] * count) or '()'}]" if count or interface.always_tuple else "None"


def _arriving(plan: Plan, interface: Interface) -> tuple[Shape, ...]:
    places = ((plan.nodes[node].outputs, port) for node, port in interface.arguments)
    return tuple(shape(outputs[port]) for outputs, port in places if port in outputs)


def marks_in(lines: Iterable[Line]) -> list[int]:
    """The numbers of the marks in these lines, in the order in which they first stand there."""
    return list(dict.fromkeys(int(number) for line in lines for number in MARK.findall(line.text)))
