"""What the shapes would say to a wire that is being drawn; the graph is not touched."""

from netloom.compiler import problems
from netloom.compiler.arguments import arguments_of
from netloom.compiler.plan import Plan, Problem
from netloom.compiler.planner import Planner
from netloom.compiler.rules import RULES, Mismatch
from netloom.graph.model import Graph, Node, Wire
from netloom.layers.catalogue import spec


def shape_problem(planner: Planner, plan: Plan, graph: Graph, wire: Wire) -> Problem | None:
    """What would be wrong at the target with this wire, with fixes that draw it; None where it fits."""
    source, target = plan.nodes.get(wire.source), graph.node(wire.target)
    flow = source.outputs.get(wire.output) if source else None
    if flow is None or target.kind not in RULES or target.bypassed:
        return None
    known = plan.nodes.get(target.id)
    inputs = dict(known.inputs) if known else {}
    others = tuple(inputs.get(wire.input, ())) if _takes_many(target, wire.input) else ()
    inputs[wire.input] = (*others, flow)
    if any(not port.optional and not inputs.get(port.name) for port in spec(target.kind).inputs_for(target.params)):
        return None
    try:
        arguments, _ = arguments_of(spec(target.kind).params, target.params, inputs)
        planner.answer(target.kind, arguments, inputs)
    except Mismatch as mismatch:
        return problems.problem(graph, target, mismatch, wire=wire)
    return None


def _takes_many(target: Node, port: str) -> bool:
    return any(each.name == port and each.many for each in spec(target.kind).inputs_for(target.params))
