"""Warnings about what runs but is a mistake, and what a document needs before it can train."""

from collections.abc import Iterable

from netloom.compiler.plan import Fix, NodePlan, Plan, Problem
from netloom.graph.model import Graph, Node, Wire
from netloom.graph.patch import Change, Patch
from netloom.layers.edit import new_node

APPLIED_AGAIN = {"CrossEntropyLoss": "Softmax", "BCEWithLogitsLoss": "Sigmoid"}


def advice(graph: Graph, plan: Plan) -> Iterable[Problem]:
    """What is worth saying of a graph as a whole."""
    for key, item in plan.nodes.items():
        if item.node.kind in APPLIED_AGAIN:
            yield from _applied_twice(graph, item)
        if item.node.kind == "Output" or not item.outputs or graph.out_of(key):
            continue
        if item.part == "model":
            yield _leads_nowhere(graph, item)
        elif "loss" in item.outputs:
            yield _lowered_by_none(graph, item)


def _applied_twice(graph: Graph, item: NodePlan) -> Iterable[Problem]:
    twice = APPLIED_AGAIN[item.node.kind]
    wire = next((wire for wire in item.wires if wire.input == "input"), None)
    while wire is not None and graph.nodes[wire.source].kind == "Output":
        wire = next(iter(graph.into(wire.source)), None)
    if wire is None or graph.nodes[wire.source].kind != twice:
        return
    culprit = graph.nodes[wire.source]
    text = f"{culprit.name} before {item.node.name}: {item.node.kind} applies {twice.lower()} itself."
    yield Problem(culprit.id, None, "warning", text, (Fix(f"Remove {culprit.name}", bypassed(graph, culprit)),))


def bypassed(graph: Graph, node: Node) -> Patch:
    """Remove a node with one way through it, and wire what came in to where it went."""
    arriving = next(iter(graph.into(node.id)))
    past = {wire: Wire(arriving.source, arriving.output, *wire.key) for wire in graph.out_of(node.id)}
    changes = [Change("wire", old.key, old, new) for old, new in past.items()]
    changes.append(Change("wire", arriving.key, arriving, None))
    return Patch(f"Remove {node.name}", (*changes, Change("node", node.id, node, None)))


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


def untrainable(plan: Plan) -> str | None:
    """Why a document cannot be trained yet, with the next step; None where it can."""
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    if errors:
        return f"{errors[0].message} {f'({len(errors)} errors)' if len(errors) > 1 else ''}".strip()
    kinds = {item.node.kind for item in plan.nodes.values()}
    roles = {item.part for item in plan.nodes.values()}
    if "data" not in roles:
        return "There is no data. Add a dataset and wire it to an Input and a loss."
    if "Output" not in kinds:
        return "The model has no Output. Add one after the last layer and wire it to a loss."
    if not any("loss" in item.outputs for item in plan.nodes.values()):
        return "There is no loss. Add one, such as CrossEntropyLoss, after the Output."
    if not any(wire.input == "losses" for item in plan.nodes.values() for wire in item.wires):
        return "There is no optimizer. Add one, such as AdamW, and wire a loss into it."
    if any(not item.wires for item in plan.nodes.values() if item.node.kind == "Input"):
        return "An Input has no data. Wire a column of the dataset into it."
    return None
