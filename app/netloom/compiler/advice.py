"""Warnings about what runs but is a mistake, on every level of a graph."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from netloom.compiler.goals import updated
from netloom.compiler.plan import Fix, NodePlan, Plan, Problem
from netloom.compiler.problems import insertion
from netloom.compiler.refusals import is_frozen
from netloom.compiler.rules import Insert
from netloom.graph import edit
from netloom.graph.model import Graph, Node, Value, Wire
from netloom.graph.patch import Change, Patch
from netloom.layers import bypass
from netloom.layers.edit import new_node

Check: TypeAlias = Callable[[Graph, Plan, NodePlan], Iterable[Problem]]

APPLIED_AGAIN: Mapping[str, tuple[str, ...]] = {
    "CrossEntropyLoss": ("Softmax", "LogSoftmax"),
    "BCEWithLogitsLoss": ("Sigmoid", "LogSigmoid"),
    "MultiLabelSoftMarginLoss": ("Sigmoid",),
}
"""What a loss does itself, so that it must not stand before it."""

WANTED: Mapping[str, tuple[str, str]] = {"NLLLoss": ("Softmax", "LogSoftmax")}
"""What stands before a loss by mistake, and what is meant."""

MIXING = (
    "Linear",
    *(f"{stem}{dims}d" for stem in ("Conv", "ConvTranspose") for dims in (1, 2, 3)),
)
NORMS = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm")
PASSING = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "Flatten", "Identity", "Reshape", "Permute", "Unflatten")
"""What changes no value but may stand between two layers that need something between them."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a level was when it was looked at last, and the nodes of which there was something to say."""

    level: Plan
    nodes: set[str]


class Adviser:
    """Says of one graph after another what is worth saying, and looks again only where something is another now."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def advice(
        self, graph: Graph, plan: Plan, batch_size: int | None = None, touched: Collection[str] = ()
    ) -> Iterator[Problem]:
        """What is worth saying of a graph as a whole; `batch_size` is that of the training where it is known.

        `touched` are the nodes whose wires have changed since the last time.
        """
        levels = _levels(plan, {}) if graph.blocks else {plan.definition: plan}
        asked = {name: self._asked(graph, level, touched) for name, level in levels.items()}
        self._told = {name: _Told(level, set()) for name, level in levels.items()}
        for name, level in levels.items():
            for item in _working(level, asked[name]):
                yield from self._noted(name, item, _checked(graph, level, item))
        if batch_size == 1:
            yield from _single_sample(plan)
        for item in _working(plan, asked[plan.definition]):
            yield from self._noted(plan.definition, item, _unused(graph, item))
        yield from _unseen(graph, plan)
        yield from _untrained(graph, plan)

    def forget(self, definitions: Iterable[str]) -> None:
        """Look at all of these again: how they are set from outside is another now."""
        for definition in definitions:
            self._told.pop(definition, None)

    def _asked(self, graph: Graph, level: Plan, touched: Collection[str]) -> Collection[str]:
        told = self._told.get(level.definition)
        if told is None:
            return level.nodes.keys()
        known, nodes = told.level.nodes, level.nodes
        changed = () if known is nodes else (key for key, item in nodes.items() if known.get(key) is not item)
        return told.nodes | _around(graph, (*changed, *touched))

    def _noted(self, definition: str, item: NodePlan, found: list[Problem]) -> list[Problem]:
        """What was found at a node, which is looked at again the next time."""
        if found:
            self._told[definition].nodes.add(item.node.id)
        return found


def _around(graph: Graph, changed: Iterable[str]) -> set[str]:
    """These nodes, and those whose advice looks as far as one of them."""
    found = {key for key in changed if key in graph.nodes}
    stack = list(found)
    while stack:
        for wire in graph.into(stack.pop()):
            if wire.source not in found:
                found.add(wire.source)
                stack += [wire.source] if graph.nodes[wire.source].bypassed else []
    stack = list(found)
    while stack:
        for wire in graph.out_of(stack.pop()):
            if wire.target not in found:
                found.add(wire.target)
                stack += [wire.target] if _looks_through(graph.nodes[wire.target]) else []
    return found


def _looks_through(node: Node) -> bool:
    return node.bypassed or node.kind == "Output" or node.kind in PASSING


def _working(level: Plan, keys: Collection[str]) -> list[NodePlan]:
    """Those of these nodes that take part, in their order."""
    items = [level.nodes[key] for key in keys if key in level.nodes]
    found = {item.node.id: item for item in items if not bypass.is_led_round(item.node)}
    return [found[key] for key in level.order if key in found] if len(found) > 1 else list(found.values())


def _checked(graph: Graph, level: Plan, item: NodePlan) -> list[Problem]:
    return [problem for check in CHECKS.get(item.node.kind, ()) for problem in check(graph, level, item)]


def _unused(graph: Graph, item: NodePlan) -> list[Problem]:
    """What is worth saying of a node of the top level to which no wire leads on."""
    if item.node.kind == "Output" or not item.outputs or any(bypass.leaving(graph, item.node.id)):
        return []
    if item.part == "model":
        return [_leads_nowhere(graph, item)]
    return [_lowered_by_none(graph, item)] if "loss" in item.outputs else []


def _levels(plan: Plan, found: dict[str, Plan]) -> dict[str, Plan]:
    """The plan and one of each definition inside it, by the definition."""
    if plan.definition not in found:
        found[plan.definition] = plan
        for item in plan.nodes.values():
            if item.block is not None:
                _levels(item.block, found)
    return found


def _applied_twice(graph: Graph, level: Plan, item: NodePlan) -> Iterator[Problem]:
    culprit = _before_loss(level, item)
    if culprit is None or culprit.kind not in APPLIED_AGAIN[item.node.kind] or not graph.into(culprit.id):
        return
    text = f"{culprit.name} before {item.node.name}: {item.node.kind} applies {culprit.kind.lower()} itself."
    yield Problem(culprit.id, None, "warning", text, (Fix(f"Remove {culprit.name}", bypassed(graph, culprit)),))


def _not_applied(_: Graph, level: Plan, item: NodePlan) -> Iterator[Problem]:
    culprit = _before_loss(level, item)
    found, meant = WANTED[item.node.kind]
    if culprit is None or culprit.kind != found:
        return
    text = f"{culprit.name} before {item.node.name}: {item.node.kind} takes logarithms, as {meant} gives them."
    new = Node(culprit.id, meant, culprit.name, culprit.params, culprit.parent)
    patch = Patch(f"Use {meant}", (Change("node", culprit.id, culprit, new),))
    yield Problem(culprit.id, None, "warning", text, (Fix(f"Use {meant}", patch),))


def _before_loss(level: Plan, item: NodePlan) -> Node | None:
    wire = next((wire for wire in item.wires if wire.input == "input"), None)
    while wire is not None and level.nodes[wire.source].node.kind == "Output":
        wire = next(iter(level.nodes[wire.source].wires), None)
    return None if wire is None else level.nodes[wire.source].node


def bypassed(graph: Graph, node: Node) -> Patch:
    """Remove a node with one way through it, and wire what came in to where it went."""
    arriving = next(iter(graph.into(node.id)))
    past = {wire: Wire(arriving.source, arriving.output, *wire.key) for wire in graph.out_of(node.id)}
    changes = [Change("wire", old.key, old, new) for old, new in past.items()]
    changes.append(Change("wire", arriving.key, arriving, None))
    return Patch(f"Remove {node.name}", (*changes, Change("node", node.id, node, None)))


def _nothing_between(graph: Graph, level: Plan, item: NodePlan) -> Iterator[Problem]:
    """Two layers that only weigh and add up are no more than one, unless something bends the line between them."""
    wire = next((wire for wire in item.wires if wire.input == "input"), None)
    first = wire
    while wire is not None and level.nodes[wire.source].node.kind in PASSING:
        wire = next(iter(level.nodes[wire.source].wires), None)
    before = level.nodes.get(wire.source) if wire else None
    if first is None or before is None or before.node.kind != item.node.kind or _is_factored(before, item):
        return
    text = (
        f"Nothing bends the line between {before.node.name} and {item.node.name}: together they are no more than one."
    )
    fix = Fix("Insert ReLU", insertion(graph, graph.wires[first.key], Insert("Insert ReLU", "ReLU")))
    yield Problem(item.node.id, "input", "warning", text, (fix,))


def _is_factored(before: NodePlan, item: NodePlan) -> bool:
    """Whether the pair is meant: channels apart and then together, or through a narrow middle, saves weights."""
    if any(each.arguments.get("groups", 1) != 1 for each in (before, item)):
        return True
    name = "features" if item.node.kind == "Linear" else "channels"
    middle, wide = before.arguments.get(f"out_{name}"), before.arguments.get(f"in_{name}")
    last = item.arguments.get(f"out_{name}")
    return all(isinstance(size, int) for size in (middle, wide, last)) and middle < min(wide, last)  # type: ignore[operator, type-var]  # proved to be ints


def _needless_bias(graph: Graph, level: Plan, item: NodePlan) -> Iterator[Problem]:
    before = level.nodes.get(item.wires[0].source) if item.wires else None
    if before is None or before.node.kind not in MIXING or before.arguments.get("bias") is not True or before.weights:
        return
    if _is_read_twice(graph, before.node.id) or "bias" in _set_from_outside(graph, before.node):
        return
    text = f"{before.node.name} learns a bias that {item.node.name} takes away again."
    fix = Fix("Set bias to false", edit.set_params(graph, before.node.id, {"bias": False}))
    yield Problem(before.node.id, None, "warning", text, (fix,))


def _is_read_twice(graph: Graph, key: str) -> bool:
    return len(list(islice(bypass.leaving(graph, key), 2))) > 1


def _set_from_outside(graph: Graph, node: Node) -> set[str]:
    block = graph.blocks.get(node.parent)
    return {each.param for each in block.params if each.node == node.id} if block else set()


def _single_sample(plan: Plan) -> Iterator[Problem]:
    for level in _levels(plan, {}).values():
        for item in level.working:
            if item.node.kind in NORMS and item.outputs:
                text = f"{item.node.name} compares the samples of a batch, and the batch size is 1."
                yield Problem(item.node.id, None, "warning", text)


def _leads_nowhere(graph: Graph, item: NodePlan) -> Problem:
    taken = any(node.kind == "Output" for node in graph.nodes.values())
    fixes = () if taken else (_followed(graph, item.node, next(iter(item.outputs)), "Output", "input"),)
    return Problem(item.node.id, None, "warning", f"What {item.node.name} puts out is not used.", fixes)


def _lowered_by_none(graph: Graph, item: NodePlan) -> Problem:
    text = f"No optimizer lowers {item.node.name}."
    return Problem(item.node.id, "loss", "warning", text, (_followed(graph, item.node, "loss", "AdamW", "losses"),))


def _followed(graph: Graph, node: Node, output: str, kind: str, port: str) -> Fix:
    added = new_node(graph, kind, parent=node.parent)
    wire = Wire(node.id, output, added.id, port)
    changes = (Change("node", added.id, None, added), Change("wire", wire.key, None, wire))
    return Fix(f"Add {kind}", Patch(f"Add {kind}", changes))


def _unseen(graph: Graph, plan: Plan) -> Iterator[Problem]:
    """Outputs that no loss sees, nor what they hand out on another way, where there is a loss at all."""
    losses = [item.node.id for item in plan.working if "loss" in item.outputs]
    if not losses:
        return
    seen = bypass.upstream(graph, losses)
    for key, item in plan.nodes.items():
        if item.node.kind == "Output" and not {key, *(wire.source for wire in item.wires)} & seen:
            yield Problem(key, None, "warning", f"No loss sees {item.node.name}, so training does not care about it.")


def _untrained(graph: Graph, plan: Plan) -> Iterator[Problem]:
    """Weights that no optimizer updates, where there is an optimizer at all."""
    optimizers = [item for item in plan.working if "losses" in item.inputs]
    if not optimizers:
        return
    for item in optimizers:
        yield from _unknown(graph, item)
    found = frozenset().union(*(updated(plan, item) for item in optimizers))
    users = _users(plan)
    for key, item in plan.nodes.items():
        learns = item.parameters and item.part == "model" and not is_frozen(item)
        if learns and key not in found and _is_used(graph, [key, *users[key]]):
            yield Problem(key, None, "warning", f"No optimizer updates the weights of {item.node.name}.")


def _users(plan: Plan) -> Mapping[str, list[str]]:
    """The nodes that use the weights of another one, by that one."""
    found = defaultdict[str, list[str]](list)
    for item in plan.working:
        if item.weights:
            found[item.weights].append(item.node.id)
    return found


def _is_used(graph: Graph, nodes: Iterable[str]) -> bool:
    """Whether a node, or one that uses its weights, leads on; what leads nowhere has been said already."""
    return any(any(bypass.leaving(graph, each)) for each in nodes)


def _unknown(graph: Graph, item: NodePlan) -> Iterator[Problem]:
    """Nodes that an optimizer is to update and that are not there."""
    named = item.arguments.get("updates")
    known = [key for key in named if key in graph.nodes] if isinstance(named, list) else []
    if not isinstance(named, list) or len(known) == len(named):
        return
    left: Mapping[str, Value] = {"updates": known} if known else {}
    fix = Fix(
        "Update the others" if known else "Update all layers",
        edit.set_params(graph, item.node.id, left, () if known else ("updates",)),
    )
    yield Problem(item.node.id, None, "warning", f"{item.node.name} is to update layers that are not there.", (fix,))


CHECKS: Mapping[str, tuple[Check, ...]] = {
    **dict.fromkeys(APPLIED_AGAIN, (_applied_twice,)),
    **dict.fromkeys(WANTED, (_not_applied,)),
    **dict.fromkeys(MIXING, (_nothing_between,)),
    **dict.fromkeys(NORMS, (_needless_bias,)),
}
