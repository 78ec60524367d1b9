"""The one rule of what may be wired to what: for highlight, drop, paste and load. Shapes belong to the compiler."""

from collections.abc import Iterator

from netloom.errors import GraphError
from netloom.graph.model import Graph, Node, Wire
from netloom.graph.patch import Change, Patch
from netloom.graph.walk import round_trip
from netloom.layers import ports
from netloom.layers.catalogue import spec
from netloom.layers.spec import Flow, Port

WORDS = {
    "float": "decimal numbers",
    "integer": "whole numbers",
    "boolean": "yes or no values",
    "complex": "complex numbers",
    "loss": "a loss",
    "schedule": "a schedule",
    "any": "a tensor",
}


TRAINING = frozenset({"loss", "schedule"})
"""What is no tensor that a layer could take."""


def refusal(graph: Graph, wire: Wire) -> str | None:
    """Why this wire cannot be, in words for the person who holds it, or None where it can."""
    return end_refusal(graph, wire) or _loop(graph, wire)


def end_refusal(graph: Graph, wire: Wire) -> str | None:
    """The part of the rule that looks at the two ends alone: all that a graph known to have no loop needs."""
    source, target = graph.nodes.get(wire.source), graph.nodes.get(wire.target)
    if source is None or target is None:
        return f"Node {wire.source if source is None else wire.target!r} does not exist."
    if source.id == target.id:
        return f"{source.name} cannot feed itself."
    if source.parent != target.parent:
        return f"{source.name} and {target.name} are not on the same level."
    return _port_refusal(graph, wire, source, target)


def _port_refusal(graph: Graph, wire: Wire, source: Node, target: Node) -> str | None:
    given, taken = ports.outputs(graph, source), ports.inputs(graph, target)
    output, slot = ports.port(given, wire.output), ports.port(taken, wire.input)
    if output is None:
        return _no_port(source, "output", wire.output, given)
    if slot is None:
        return _no_port(target, "input", wire.input, taken)
    if wire.slot and not slot.many:
        return f"{wire.input} of {target.name} takes one wire; this one has the slot {wire.slot}."
    return flow_refusal(source, output, target, slot)


def flow_refusal(source: Node, output: Port, target: Node, slot: Port) -> str | None:
    """Why what one port gives is not what another takes, as a sentence, or None where it is."""
    if fits(output.flow, slot.flow):
        return None
    taken, given = WORDS[slot.flow], WORDS[output.flow]
    return f"{slot.name} of {target.name} takes {taken}, {output.name} of {source.name} gives {given}."


def _no_port(node: Node, side: str, name: str, found: tuple[Port, ...]) -> str:
    names = ", ".join(port.name for port in found)
    return f"{node.name} has no {side} {name[:48]!r}; it has {names}." if names else f"{node.name} has no {side}s."


def fits(given: Flow, taken: Flow) -> bool:
    """Whether what one port gives is what another takes, as far as the kinds alone say."""
    if not TRAINING.isdisjoint((given, taken)):
        return given == taken
    return given == taken or "any" in (given, taken)


def _loop(graph: Graph, wire: Wire) -> str | None:
    loop = graph.loop(wire)
    if loop is None:
        return None
    return f"This wire would close a loop: {round_trip([graph.nodes[key].name for key in loop])}."


def connect(graph: Graph, source: str, output: str, target: str, input: str) -> Patch:  # noqa: A002 - the port's side
    """The patch that wires two ports; GraphError gives the reason where the rule refuses it.

    It replaces the wire of an input that takes one, and takes the next slot of an input that takes many.
    """
    wire = Wire(source, output, target, input, _slot(graph, target, input))
    reason = refusal(graph, wire)
    if reason:
        raise GraphError(reason, node=target)
    old = graph.wires.get(wire.key)
    label = f"Connect {graph.nodes[source].name} to {graph.nodes[target].name}"
    return Patch(label, () if old == wire else (Change("wire", wire.key, old, wire),))


def _slot(graph: Graph, target: str, name: str) -> int:
    node = graph.nodes.get(target)
    found = None if node is None else ports.port(ports.inputs(graph, node), name)
    if found is None or not found.many:
        return 0
    return max((wire.slot + 1 for wire in graph.into(target) if wire.input == name), default=0)


def default_ports(graph: Graph, source: str, target: str) -> tuple[str, str]:
    """The output and input that a person means who wires two nodes as wholes; GraphError where no pair fits.

    Free inputs come first, then required ones; a dataset leads to the `target` of losses and metrics.
    """
    start, end = graph.node(source), graph.node(target)
    pairs = list(_pairs(graph, start, end))
    fitting = [pair for pair in pairs if end_refusal(graph, Wire(source, pair[0].name, target, pair[1].name)) is None]
    if fitting:
        best = min(fitting, key=lambda pair: _preference(graph, start, end, *pair))
        return best[0].name, best[1].name
    if not pairs:
        silent, side = (start, "outputs") if not ports.outputs(graph, start) else (end, "inputs")
        raise GraphError(f"{silent.name} has no {side}.", node=silent.id)
    first = Wire(source, pairs[0][0].name, target, pairs[0][1].name)
    raise GraphError(end_refusal(graph, first) or "These nodes have no ports that fit.", node=target)


def _pairs(graph: Graph, start: Node, end: Node) -> Iterator[tuple[Port, Port]]:
    taken = ports.inputs(graph, end)
    return ((output, slot) for output in ports.outputs(graph, start) for slot in taken)


def _preference(graph: Graph, start: Node, end: Node, output: Port, slot: Port) -> tuple[bool, ...]:
    filled = not slot.many and any(wire.input == slot.name for wire in graph.into(end.id))
    meant = True
    if spec(start.kind).role == "dataset" and spec(end.kind).role in ("loss", "metric"):
        meant = slot.name == "target" and output.name in ("label", "target")
    return (filled, not meant, slot.optional, "any" not in (output.flow, slot.flow) and output.flow != slot.flow)
