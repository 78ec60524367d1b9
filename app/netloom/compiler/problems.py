"""From what a rule found to what the person reads: names in the text, and fixes as patches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from netloom.compiler.plan import Fix, NodePlan, Problem, Severity
from netloom.compiler.rules import Insert, Mismatch, Remedy, Rewire, SetParam, TakePart, Widen
from netloom.errors import GraphError
from netloom.graph import edit
from netloom.graph.model import Graph, Node, Value, Wire
from netloom.graph.patch import Change, Patch
from netloom.layers import bypass, ports
from netloom.layers.catalogue import spec
from netloom.layers.connect import flow_refusal
from netloom.layers.edit import new_node
from netloom.layers.promotion import value_problem
from netloom.layers.spec import Port

WIDTHS = ("out_features", "out_channels", "embedding_dim", "hidden_size")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found at a node; a problem is made of it on demand, with fixes that fit the graph as it is."""

    node: str
    mismatch: Mismatch
    severity: Severity


def problem(
    graph: Graph, node: Node, found: Mismatch, severity: Severity = "error", wire: Wire | None = None
) -> Problem:
    """A rule's finding about a node as a problem. `wire` is one that is being drawn and not yet in the graph."""
    fixes = [fix for remedy in found.remedies for fix in _fixes(graph, node, found.port, remedy, wire)]
    if severity == "error" and wire is None:
        fixes += _removal(graph, node, found.port)
    text = found.text.replace("{node}", node.name)
    return Problem(
        node.id, found.port, severity, text[0].upper() + text[1:] if text.startswith("the ") else text, tuple(fixes)
    )


def _fixes(graph: Graph, node: Node, port: str | None, remedy: Remedy, wire: Wire | None) -> list[Fix]:
    """What a remedy comes to here: nothing where it would need a value that no node can have."""
    try:
        return list(_offered(graph, node, port, remedy, wire))
    except GraphError:
        return []


def _offered(graph: Graph, node: Node, port: str | None, remedy: Remedy, wire: Wire | None) -> Iterable[Fix]:
    if isinstance(remedy, SetParam):
        _expect_values(graph, node, remedy.values)
        patch = edit.set_params(graph, node.id, remedy.values, remedy.unset)
        yield Fix(remedy.label, _with_wire(graph, patch, wire))
    elif isinstance(remedy, Widen):
        yield from _widening(graph, node, port, remedy.size, wire)
    elif isinstance(remedy, Rewire):
        yield Fix(f"Use {remedy.output}", _moved(remedy.wire, remedy.output, node))
    elif isinstance(remedy, TakePart):
        yield used_again(graph.nodes[remedy.node] if remedy.node else node)
    elif port is not None:
        arriving = _arriving(graph, node, port, wire, remedy.place)
        if arriving is not None:
            patch = insertion(graph, arriving, remedy)
            yield Fix(remedy.label, patch if arriving is wire else _with_wire(graph, patch, wire))


def _expect_values(graph: Graph, node: Node, values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        if problem := value_problem(graph, node, name, value):
            raise GraphError(problem)


def _arriving(graph: Graph, node: Node, port: str | None, wire: Wire | None, place: int | None = None) -> Wire | None:
    """The wire into a port: one of several by its place, else the one that is being drawn, if it leads there."""
    drawn = [wire] if wire is not None and wire.input == port else []
    there = [each for each in graph.into(node.id) if each.input == port and each.key not in [new.key for new in drawn]]
    if place is None:
        return next(iter([*drawn, *there]), None)
    return next(iter(sorted([*drawn, *there], key=lambda each: each.slot)[place:]), None)


def _removal(graph: Graph, node: Node, port: str | None) -> list[Fix]:
    """Taking away the last wire into a port, for whoever wired the wrong thing."""
    wires = [wire for wire in graph.into(node.id) if wire.input == port]
    if not wires:
        return []
    last = max(wires, key=lambda wire: wire.slot)
    patch = Patch("Delete wire", (Change("wire", last.key, last, None),))
    return [Fix(f"Remove the wire from {graph.nodes[last.source].name}", patch)]


def lost_port(source: NodePlan | None, wire: Wire) -> Mismatch | None:
    """What is wrong where a wire begins at a port that its node no longer has, as after the change of a dataset."""
    if source is None or not source.outputs or wire.output in source.outputs:
        return None
    offered = " and ".join(source.outputs)
    text = f"{{node}} reads {wire.output} of {source.node.name}, which puts out {offered} now."
    likely = tuple(source.outputs)[:: -1 if wire.input == "target" else 1]
    return Mismatch(text, wire.input, [Rewire(wire, name) for name in likely])


def unfit_flow(graph: Graph, wire: Wire, slot: Port) -> Mismatch | None:
    """What to say of a wire that waits at ports that follow from parameters, and that no hand could draw as it is."""
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    if not callable(spec(source.kind).outputs) and not callable(spec(target.kind).inputs):
        return None
    output = ports.port(ports.outputs(graph, source), wire.output)
    refused = flow_refusal(source, output, target, slot) if output is not None else None
    return Mismatch(refused, wire.input) if refused else None


def used_again(node: Node) -> Fix:
    """Bypass a node no more."""
    label = f"Use {node.name} again"
    return Fix(label, Patch(label, (Change("node", node.id, node, msgspec.structs.replace(node, bypassed=False)),)))


def _moved(wire: Wire, output: str, node: Node) -> Patch:
    new = msgspec.structs.replace(wire, output=output)
    return Patch(f"Wire {output} to {node.name}", (Change("wire", wire.key, wire, new),))


def _with_wire(graph: Graph, patch: Patch, wire: Wire | None) -> Patch:
    if wire is None:
        return patch
    return Patch(patch.label, (*patch.changes, Change("wire", wire.key, graph.wires.get(wire.key), wire)))


def insertion(graph: Graph, wire: Wire, remedy: Insert) -> Patch:
    """Put a node on a wire, which may be one that is not yet in the graph."""
    node = new_node(graph, remedy.kind, params=remedy.params, parent=graph.node(wire.target).parent)
    entry, exit_ = spec(node.kind).inputs_for(node.params)[0].name, spec(node.kind).outputs_for(node.params)[0].name
    first = Wire(wire.source, wire.output, node.id, entry)
    second = Wire(node.id, exit_, wire.target, wire.input, wire.slot)
    changes = (
        Change("node", node.id, None, node),
        Change("wire", wire.key, graph.wires.get(wire.key), second),
        Change("wire", first.key, None, first),
        *(edit.set_params(graph, wire.target, {}, remedy.unset).changes if remedy.unset else ()),
    )
    return Patch(remedy.label, changes)


def _widening(graph: Graph, node: Node, port: str | None, size: int, wire: Wire | None) -> Iterable[Fix]:
    arriving = _arriving(graph, node, port, wire)
    while arriving is not None:
        source = graph.node(arriving.source)
        is_led = bypass.is_led_round(source)
        name = None if is_led else next((each for each in WIDTHS if spec(source.kind).param(each)), None)
        if name is not None:
            _expect_values(graph, source, {name: size})
            patch = edit.set_params(graph, source.id, {name: size})
            yield Fix(f"Set {name} of {source.name} to {size}", _with_wire(graph, patch, wire))
            return
        arriving = next(iter(bypass.arriving(graph, source.id)), None)
