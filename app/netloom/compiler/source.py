"""From a plan to the Python that an expert would have written. The module that trains is made from this very text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from netloom.compiler import calls, naming
from netloom.compiler.layout import wrapped
from netloom.compiler.plan import NodePlan, Plan
from netloom.layers.catalogue import spec

Place: TypeAlias = tuple[str, str]
"""A node and one of its output ports."""

HEAD = ("import torch", "from torch import Tensor, nn")
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a module, and which node each line (from 1) speaks of."""

    text: str
    lines: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of code, the node that it speaks of, and what is said of it in a comment."""

    text: str
    node: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """What a class takes and gives: the outputs that are its arguments, and those that it returns.

    A model with one result returns that; an objective always returns a tuple.
    """

    arguments: Mapping[Place, str]
    results: tuple[Place, ...]
    members: tuple[str, ...]
    always_tuple: bool = False


def source(plan: Plan, name: str = "Model") -> Source:
    """The whole module as text; nodes that cannot work yet are comments. The same plan always gives the same text.

    The class is called `name`, as far as that can name a class.
    """
    name = naming.class_name(name, ())
    classes = Classes(name)
    body = classes.of(plan, model_interface(plan), name)
    return _joined([*_imports([*classes.lines, *body]), *classes.lines, *body])


def objective_source(plan: Plan) -> Source:
    """The class that turns what the model puts out, and the dataset's columns, into losses."""
    classes = Classes("Objective")
    body = classes.of(plan, objective_interface(plan), "Objective")
    return _joined([*_imports(body, always=True), *body])


def watch_source(plan: Plan) -> Source:
    """The model's `forward` as a function that shows `see` what each node puts out."""
    body = Body(plan, model_interface(plan), see=True)
    names = ", ".join(["self", "see", *body.interface.arguments.values()])
    return _joined([Line("import torch"), Line(""), Line(""), Line(f"def watch({names}):"), *body.statements(INDENT)])


def _joined(lines: Sequence[Line]) -> Source:
    texts: list[str] = []
    nodes: dict[int, str] = {}
    for line in lines:
        for text in wrapped(line.text, line.comment):
            texts.append(text)
            if line.node is not None:
                nodes[len(texts)] = line.node
    return Source("\n".join(texts) + "\n", nodes)


def _imports(body: Iterable[Line], *, always: bool = False) -> list[Line]:
    texts = [line.text for line in body]
    uses_torch = always or any("torch." in text for text in texts)
    return [Line(text) for text in HEAD if uses_torch or text != "import torch"]


def model_interface(plan: Plan) -> Interface:
    """From inputs to outputs; without an output, to whatever leads nowhere yet."""
    nodes = [plan.nodes[key] for key in plan.order if key in plan.nodes]
    arguments: dict[Place, str] = {}
    for item in nodes:
        if item.node.kind == "Input":
            arguments[item.node.id, "out"] = naming.argument(item.node.name, arguments.values())
    outputs = [item for item in nodes if item.node.kind == "Output"]
    if outputs:
        results = [(wire.source, wire.output) for item in outputs for wire in item.wires]
        needed = _needed(plan, results)
    else:
        results = _ends(nodes)
        needed = {item.node.id for item in nodes}
    members = tuple(
        item.node.id for item in nodes if item.part == "model" and item.node.id in needed and not _is_boundary(item)
    )
    return Interface(arguments, tuple(results), members)


def _is_boundary(item: NodePlan) -> bool:
    return item.node.kind in ("Input", "Output")


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
    ends = [(item.node.id, port) for item in nodes if item.part == "model" for port in list(item.outputs)[:1]]
    return [place for place in ends if place not in used and not any(node == place[0] for node, _ in used)]


def loss_places(plan: Plan) -> tuple[Place, ...]:
    """The losses: every loss node, and every operation whose result an optimizer lowers."""
    lowered = {
        (wire.source, wire.output) for item in plan.nodes.values() for wire in item.wires if wire.input == "losses"
    }
    found = []
    for key in plan.order:
        item = plan.nodes.get(key)
        if item and item.part == "objective":
            found += [(key, port) for port in item.outputs if port == "loss" or (key, port) in lowered]
    return tuple(found)


def objective_interface(plan: Plan) -> Interface:
    """From the model's outputs and the dataset's columns to the losses."""
    nodes = [plan.nodes[key] for key in plan.order if key in plan.nodes]
    members = tuple(item.node.id for item in nodes if item.part == "objective" and item.outputs)
    arguments: dict[Place, str] = {}
    for item in nodes:
        if item.node.kind == "Output":
            arguments[item.node.id, "out"] = naming.argument(item.node.name, arguments.values())
    for place in column_places(plan):
        name = f"{plan.nodes[place[0]].node.name}_{place[1]}"
        arguments[place] = naming.argument(name, arguments.values())
    return Interface(arguments, loss_places(plan), members, always_tuple=True)


def column_places(plan: Plan) -> tuple[Place, ...]:
    """The dataset columns that losses, metrics and operations between them read."""
    found: dict[Place, None] = {}
    for key in plan.order:
        item = plan.nodes.get(key)
        for wire in item.wires if item and item.part == "objective" else ():
            if plan.nodes[wire.source].part == "data":
                found[wire.source, wire.output] = None
    return tuple(found)


@dataclass
class Classes:
    """The classes of a module, each distinct block once."""

    main: str
    lines: list[Line] = field(default_factory=list)
    known: dict[tuple[str, ...], str] = field(default_factory=dict)
    planned: dict[int, str] = field(default_factory=dict)

    def of(self, plan: Plan, interface: Interface, name: str) -> list[Line]:
        """The lines of one class; the classes that it needs are put before it."""
        body = Body(plan, interface)
        made = [line for key in interface.members for line in self._made(plan.nodes[key])]
        arguments = ", ".join(["self", *(f"{name}: Tensor" for name in interface.arguments.values())])
        return [
            *[Line("")] * 2,
            Line(f"class {name}(nn.Module):"),
            Line(f"{INDENT}def __init__(self) -> None:"),
            Line(f"{INDENT * 2}super().__init__()"),
            *made,
            Line(""),
            Line(f"{INDENT}def forward({arguments}) -> {_returned(interface)}:", comment=_arriving(plan, interface)),
            *body.statements(INDENT * 2),
        ]

    def _made(self, item: NodePlan) -> Iterable[Line]:
        found = spec(item.node.kind)
        if found.role not in ("module", "loss", "block") or not item.outputs:
            return
        call = f"{self._block_class(item)}()" if item.block else calls.constructor(found, item.arguments)
        repeat = cast(int, item.arguments.get("repeat") or 1)
        if item.block and repeat > 1:
            call = f"nn.Sequential(*({call} for _ in range({repeat})))"
        yield Line(f"{INDENT * 2}self.{naming.attribute(item.node.name)} = {call}", item.node.id)

    def _block_class(self, item: NodePlan) -> str:
        plan = cast(Plan, item.block)
        if id(plan) not in self.planned:
            self.planned[id(plan)] = self._class_of(plan)
        return self.planned[id(plan)]

    def _class_of(self, plan: Plan) -> str:
        lines = self.of(plan, model_interface(plan), "?")
        key = tuple(line.text for line in lines)
        if key not in self.known:
            name = self.known[key] = naming.class_name(plan.name, {self.main, *self.known.values()})
            self.lines += [
                Line(line.text.replace("class ?", f"class {name}"), line.node, line.comment) for line in lines
            ]
        return self.known[key]


def _returned(interface: Interface) -> str:
    count = len(interface.results)
    if count == 1 and not interface.always_tuple:
        return "Tensor"
    return f"tuple[{', '.join(['Tensor'] * count) or '()'}]" if count or interface.always_tuple else "None"


def _arriving(plan: Plan, interface: Interface) -> str:
    return ", ".join(
        str(plan.nodes[node].outputs[port]) for node, port in interface.arguments if port in plan.nodes[node].outputs
    )


class Body:
    """The statements of one `forward`: straight-line code in which a name is free again after its last use."""

    def __init__(self, plan: Plan, interface: Interface, *, see: bool = False) -> None:
        self.plan = plan
        self.interface = interface
        self.see = see
        self.names: dict[Place, str] = dict(interface.arguments)
        self.uses = self._uses()

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
        waiting = [wire for wire in item.wires if (wire.source, wire.output) not in self.names]
        if not item.outputs or waiting:
            yield Line(f"{indent}# {item.node.name} waits: see its problem.", item.node.id)
            return
        incoming = {
            port: [self.names[wire.source, wire.output] for wire in item.wires if wire.input == port]
            for port in item.inputs
        }
        expression = self._expression(item, incoming)
        self._release(item)
        taken = self._taken(item)
        shape = str(next(iter(item.outputs.values())))
        yield Line(f"{indent}{taken} = {expression}", item.node.id, "" if self.see else shape)
        if self.see:
            yield self._shown(item.node.id, self.names[item.node.id, next(iter(item.outputs))], indent)

    def _expression(self, item: NodePlan, incoming: calls.Incoming) -> str:
        if item.node.kind in calls.EXPRESSIONS:
            return calls.EXPRESSIONS[item.node.kind](item.arguments, incoming)
        if item.block:
            incoming = {name: incoming[name] for name in item.block.inputs if name in incoming}
        return calls.module_call(naming.attribute(item.node.name), incoming, item.node.kind)

    def _release(self, item: NodePlan) -> None:
        for wire in item.wires:
            place = (wire.source, wire.output)
            self.uses[place] -= 1
            if not self.uses[place]:
                del self.names[place]

    def _taken(self, item: NodePlan) -> str:
        taken: dict[str, str] = {}
        for index, port in enumerate(item.outputs):
            place = (item.node.id, port)
            if not self.uses.get(place) and not (self.see and index == 0):
                taken[port] = "_"
                continue
            name = item.node.name if index == 0 else f"{item.node.name}_{port}"
            taken[port] = self.names[place] = naming.variable(name, self.names.values())
        pattern = calls.RESULTS.get(item.node.kind)
        return pattern.format(**taken) if pattern else ", ".join(taken.values())

    def _shown(self, node: str, name: str, indent: str) -> Line:
        return Line(f"{indent}see({calls.literal(node)}, {name})", node)
