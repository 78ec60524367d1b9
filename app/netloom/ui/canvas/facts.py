"""What a card says of its node: plain values worked out from the graph and the plan. Knows no Qt."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import msgspec

from netloom.compiler.flow import Flow
from netloom.compiler.plan import NodePlan, Problem
from netloom.errors import GraphError
from netloom.graph import Document, Graph, Node, Value
from netloom.layers import ports
from netloom.layers.catalogue import kinds_of, spec
from netloom.layers.custom import definition
from netloom.layers.datasets import rows_for
from netloom.layers.spec import Category, LayerSpec, Param, Port, Role

Carried: TypeAlias = Literal["float", "integer", "boolean", "complex", "scalar", "schedule"]
"""What flows through a port, as far as the eye is told: it decides the port's shape and the wire's colour."""

WITHOUT_WELL = frozenset({"shape", "optimizer"})
WITH_CURVE = frozenset({"loss", "metric"})
SEPARATOR = " · "
ALL_BLOCKS = frozenset({"block", "repeat"})
"""What every block has to set; a definition hands out more."""
JOINED = "\u00a0"  # words that are shown together or not at all
TOLD: Mapping[Category, tuple[str, ...]] = {
    "data": ("source",),
    "loss": (),
    "metric": (),
    "optimizer": ("lr", "momentum"),
}
"""The values by which a person would name such a node, the first of them whatever it is; other kinds tell more."""
UNTOLD = frozenset({"batch_first"})
OF_DTYPE: Mapping[str, Carried] = {"bool": "boolean", "complex64": "complex", "complex128": "complex"}
LEARNING: frozenset[Role] = frozenset({"module", "block", "custom", "loss"})
"""What may have weights."""
SAMPLES = 16
"""Images of a dataset that its card shows."""
KEPT_FREE = " "
"""A footer in which a live value will stand, so that the card does not grow then."""


@dataclass(frozen=True, slots=True)
class PortFacts:
    """One port on the edge of a card. A hollow one is optional and has no wire; wires go down from and to some."""

    name: str
    carries: Carried
    many: bool = False
    hollow: bool = False
    down: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """The gravest problem of a node in the words of its strip, with the label of its fix."""

    severity: Literal["error", "warning"]
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a card shows but its live picture; equal facts look alike."""

    name: str
    kind: str
    category: Category
    glyph: str
    inputs: tuple[PortFacts, ...]
    outputs: tuple[PortFacts, ...]
    footer: str = ""
    well: tuple[int | str, ...] | None = None
    trouble: Trouble | None = None
    repeat: int = 0
    is_block: bool = False
    is_shared: bool = False
    remark: str = ""
    frozen: bool = False
    learns: bool = True
    bypassed: bool = False
    collapsed: bool = False
    comment: str = ""
    down: bool = False

    @property
    def has_rows(self) -> bool:
        """Whether ports have names in rows of their own: where a side has several, and in the training part."""
        if self.down:
            return False
        named = any(port.carries in ("scalar", "schedule") for port in (*self.inputs, *self.outputs))
        return len(self.inputs) > 1 or len(self.outputs) > 1 or named


def facts(
    graph: Graph, node: Node, plan: NodePlan | None = None, problems: Sequence[Problem] = (), footer: str = ""
) -> Facts:
    """What the card of a node shows; in a block with the values that the block is given where it is used."""
    found = spec(node.kind)
    node = _as_used(graph, node, plan)
    return Facts(
        name=node.name,
        kind=kind_line(graph, node, found),
        category=found.category,
        glyph="io-out" if found.role == "output" else found.category,
        inputs=_inputs(graph, node, plan),
        outputs=tuple(PortFacts(port.name, carried(port, _output_flow(plan, port))) for port in _outputs(graph, node)),
        footer=footer or _footer(graph, node, found, plan),
        well=_well(found, plan),
        trouble=_trouble(node, problems),
        repeat=_repeat(found, node),
        is_block=found.role == "block",
        is_shared=bool(node.share or graph.sharers(node.id)),
        remark=_remark(graph, node),
        frozen=learning(graph, node).frozen,
        learns=_learns(found, plan),
        bypassed=node.bypassed,
    )


def learning(graph: Graph, node: Node) -> Node:
    """The node that says how the weights of this one learn: the one whose weights it uses, else itself."""
    return graph.nodes.get(node.share, node)


def _learns(found: LayerSpec, plan: NodePlan | None) -> bool:
    """Whether it has weights, as far as is known."""
    if found.role not in LEARNING:
        return False
    return plan is None or not plan.outputs or bool(plan.parameters or plan.weights)


def _remark(graph: Graph, node: Node) -> str:
    """What stands at the right of the footer: who else uses the weights, how they learn, when an optimizer steps."""
    if node.kind in kinds_of("optimizer"):
        return _turn(graph, node)
    uses, how = len(graph.sharers(node.id)) + 1, learning(graph, node)
    learns = "frozen" if how.frozen else f"rate ×{how.rate:g}" if how.rate != 1 else ""
    return ", ".join(part for part in (f"{uses} uses" if uses > 1 else "", learns) if part)


def _turn(graph: Graph, node: Node) -> str:
    """When an optimizer steps: its place where there are several, and every how many batches."""
    others = (each for each in graph.level(node.parent) if each.kind in kinds_of("optimizer") and each.id != node.id)
    order, period = node.params.get("order", 1), node.params.get("period", 1)
    several = order != 1 or next(others, None) is not None
    told = (f"order {order}" if several else "", f"every {period}" if period != 1 else "")
    return ", ".join(part for part in told if part)


def as_seen(found: Facts, document: Document, key: str) -> Facts:
    """The same facts with what the view says of the node: that it is collapsed, a comment, and which way wires go."""
    collapsed, comment = key in document.collapsed, document.comments.get(key, "")
    found = replace(found, collapsed=collapsed, comment=comment) if collapsed or comment else found
    is_down = bool(document.directions) and document.directions.get(document.graph.node(key).parent) == "down"
    return headed(found, is_down=is_down)


def headed(found: Facts, *, is_down: bool) -> Facts:
    """The same facts where wires come from above and go on below, or from the left and to the right."""
    if found.down == is_down:
        return found
    inputs, outputs = (tuple(replace(port, down=is_down) for port in side) for side in (found.inputs, found.outputs))
    return replace(found, inputs=inputs, outputs=outputs, down=is_down)


def _as_used(graph: Graph, node: Node, plan: NodePlan | None) -> Node:
    block = graph.blocks.get(node.parent) if node.parent and plan is not None else None
    if block is None or plan is None:
        return node
    given = {each.param for each in block.params if each.node == node.id} & plan.arguments.keys()
    values = {name: plan.arguments[name] for name in sorted(given)}
    return msgspec.structs.replace(node, params={**node.params, **values}) if values else node


def steady(found: Facts, before: Facts, plan: NodePlan | None) -> Facts:
    """The same facts with the room of earlier ones where shapes are not known for now, so that no card jumps."""
    if before.kind.split(" ")[0] != found.kind.split(" ")[0] or (plan is not None and plan.outputs):
        return found
    footer = found.footer or (KEPT_FREE if before.footer else "")
    return replace(found, well=before.well if found.well is None else found.well, footer=footer)


def kind_line(graph: Graph, node: Node, found: LayerSpec) -> str:
    """The kind, then values that a person would name it by: required ones and those unlike their default."""
    if found.role == "block":
        return _block_line(graph, node)
    if found.role == "custom":
        return _defined(node, found)
    values = [
        _value(param, node.params.get(param.name, param.default))
        for param in found.params
        if _is_telling(found.category, param, node)
    ]
    return " ".join((found.kind, SEPARATOR.join(value for value in values if value))).strip()


def _defined(node: Node, found: LayerSpec) -> str:
    """The class or function that a node of custom code is; its kind where its text cannot be read."""
    try:
        return definition(node.kind, {**{param.name: param.default for param in found.params}, **node.params}).name
    except GraphError:
        return found.kind


def _block_line(graph: Graph, node: Node) -> str:
    """The definition, then what this use of it sets; where it sets nothing, how many nodes the definition has."""
    block = ports.definition(graph, node)
    if block is None:
        return "Block"
    given = [each for each in ports.params(graph, node) if each.name in node.params and each.name not in ALL_BLOCKS]
    if not given:
        return f"{block.name}{SEPARATOR}{_counted(sum(1 for _ in graph.level(block.id)), 'node')}"
    return f"{block.name} {SEPARATOR.join(_named(param, node.params[param.name]) for param in given)}"


def _named(param: Param, value: Value) -> str:
    return _value(param, value) if isinstance(value, bool) else f"{param.name} {_plain(param, value)}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _is_telling(category: Category, param: Param, node: Node) -> bool:
    told = TOLD.get(category)
    if param.name in UNTOLD or (told is not None and param.name not in told):
        return False
    if told is not None and param.name == told[0]:
        return True
    if param.name not in node.params:
        return param.required and param.derived is None and param.default is not None
    value = node.params[param.name]
    return param.required or value != param.default


def _value(param: Param, value: Value) -> str:
    if isinstance(value, bool):
        return param.name if value else f"no {param.name}"
    text = _plain(param, value)
    return text if param.positional or param.required or param.type in ("shape", "choice") else f"{param.name} {text}"


def _plain(param: Param, value: Value) -> str:
    if isinstance(value, list):
        return (", " if param.type in ("ints", "floats") else "×").join(str(item) for item in value)
    if isinstance(value, float):
        return f"{value:g}".replace("e-0", "e-")
    if param.type == "size" and param.dims and isinstance(value, int):
        return "×".join([str(value)] * param.dims)
    return str(value)


def _inputs(graph: Graph, node: Node, plan: NodePlan | None) -> tuple[PortFacts, ...]:
    wired = {wire.input for wire in graph.into(node.id)}
    return tuple(
        PortFacts(
            port.name, carried(port, _input_flow(plan, port)), port.many, port.optional and port.name not in wired
        )
        for port in ports.inputs(graph, node)
    )


def _outputs(graph: Graph, node: Node) -> tuple[Port, ...]:
    return ports.outputs(graph, node)


def _input_flow(plan: NodePlan | None, port: Port) -> Flow | None:
    return next(iter(plan.inputs.get(port.name, ())), None) if plan else None


def _output_flow(plan: NodePlan | None, port: Port) -> Flow | None:
    return plan.outputs.get(port.name) if plan else None


def carried(port: Port, flow: Flow | None) -> Carried:
    """What goes through a port: what the plan knows, else what its kind declares."""
    if port.flow == "loss":
        return "scalar"
    if flow is not None and port.flow != "schedule":
        return "integer" if flow.is_integer else OF_DTYPE.get(flow.dtype, "float")
    return port.flow if port.flow in ("integer", "boolean", "complex", "schedule") else "float"


def _footer(graph: Graph, node: Node, found: LayerSpec, plan: NodePlan | None) -> str:
    if node.share:
        return f"of {graph.node(node.share).name}"
    if found.role in ("loss", "metric"):
        return KEPT_FREE
    if plan is None:
        return ""
    if found.role == "dataset":
        return _splits(plan)
    if found.role in ("input", "output"):
        return next((flow.dtype for flow in plan.outputs.values()), "")
    return f"{plan.parameters:,}" if plan.parameters else ""


def _splits(plan: NodePlan) -> str:
    """How many rows train and how many are held out."""
    trained, held = rows_for(plan.arguments)
    return f"{trained:,}{JOINED}train {held:,}{JOINED}val" if trained else ""


def _well(found: LayerSpec, plan: NodePlan | None) -> tuple[int | str, ...] | None:
    """The shape of what the well will show, without the batch; None for a card without a well."""
    if found.category in WITH_CURVE:
        return ()
    if found.category in WITHOUT_WELL or plan is None:
        return None
    shapes = [tuple(flow.dims()[1:]) for flow in plan.outputs.values()]
    if found.role == "dataset":
        return next(((SAMPLES, *shape[1:]) for shape in shapes if len(shape) == 3), None)
    return next((shape for shape in shapes if shape), None)


def _trouble(node: Node, problems: Sequence[Problem]) -> Trouble | None:
    first = next((problem for problem in problems if problem.severity == "error"), next(iter(problems), None))
    if first is None:
        return None
    fix = first.fixes[0].label if first.fixes else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Trouble(first.severity, shortened(first.message, node.name) + more, fix)


def shortened(message: str, name: str) -> str:
    """The first sentence of a problem without the name that stands on the card anyway."""
    text = message.split(". ", maxsplit=1)[0].rstrip(".").removeprefix(f"{name} ")
    return text[:1].upper() + text[1:]


def _repeat(found: LayerSpec, node: Node) -> int:
    repeat = node.params.get("repeat", 1)
    return repeat if found.role == "block" and isinstance(repeat, int) and repeat > 1 else 0


def spoken(graph: Graph, keys: Collection[str]) -> str:
    """Some nodes in words, for screen readers: one with its kind and neighbours, several as a number."""
    if len(keys) != 1:
        return f"{len(keys)} nodes selected" if keys else ""
    node = graph.node(next(iter(keys)))
    before = ", ".join(graph.node(wire.source).name for wire in graph.into(node.id))
    after = ", ".join(graph.node(wire.target).name for wire in graph.out_of(node.id))
    ends = [text for text in (before and f"from {before}", after and f"to {after}") if text]
    return ", ".join((node.name, node.kind, *ends))


def told_at(graph: Graph, level: str, problems: Sequence[Problem]) -> Mapping[str, tuple[Problem, ...]]:
    """The problems of each node of a level, in their order; after its own a block tells those that are inside it."""
    found: dict[str, tuple[Problem, ...]] = {}
    inside: dict[str, list[Problem]] = {}
    for problem in problems:
        node = graph.nodes.get(problem.node)
        if node is None or node.parent == level:
            found[problem.node] = (*found.get(problem.node, ()), problem)
        else:
            inside.setdefault(node.parent, []).append(problem)
    for node in graph.level(level) if inside else ():
        for held in _held(graph, node):
            told = tuple(_told_outside(node, problem) for problem in inside.get(held, ()))
            found[node.id] = (*found.get(node.id, ()), *told)
    return {key: each for key, each in found.items() if each}


def _held(graph: Graph, node: Node) -> Iterator[str]:
    """The definitions inside a block, its own first."""
    seen: set[str] = set()
    stack = [node]
    while stack:
        each = stack.pop()
        block = ports.definition(graph, each) if each.kind == "Block" else None
        if block is not None and block.id not in seen:
            seen.add(block.id)
            yield block.id
            stack += graph.level(block.id)


def _told_outside(node: Node, problem: Problem) -> Problem:
    """A problem inside a block, as the block tells it: what mends it is offered where it is."""
    return Problem(node.id, None, problem.severity, f"Inside: {problem.message}")
