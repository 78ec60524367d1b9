"""Bypassed nodes: what comes in at the main input goes on to whatever reads them, as if they were not there.

Every other part asks here how wires lead round them; nobody else looks at `Node.bypassed`.
"""

from collections.abc import Iterable, Iterator, Mapping

from netloom.errors import GraphError
from netloom.graph.model import Graph, Node, Wire, id_order
from netloom.layers import ports
from netloom.layers.catalogue import spec
from netloom.layers.connect import TRAINING
from netloom.layers.spec import Port, Role

KEPT: Mapping[Role, str] = {
    "input": "it is where data comes in",
    "output": "it is where the result goes out",
    "dataset": "nothing comes into it that could go on",
}
"""What cannot be bypassed, and why."""


def refusal(node: Node) -> str | None:
    """Why this node cannot be bypassed, as a sentence, or None where it can."""
    try:
        reason = KEPT.get(spec(node.kind).role)
    except GraphError as error:
        return str(error)
    return None if reason is None else f"{node.name} cannot be bypassed: {reason}."


def is_led_round(node: Node) -> bool:
    """Whether a node takes no part. One that says so and cannot be bypassed does."""
    return node.bypassed and refusal(node) is None


def main_wire(graph: Graph, node: Node) -> Wire | None:
    """The wire whose content a bypassed node hands on: that of the first input that must be wired and is."""
    taken = ports.inputs(graph, node)
    rank = {port.name: (port.optional, place) for place, port in enumerate(taken)}
    last = (True, len(taken))
    wires = graph.into(node.id)
    return min(wires, key=lambda wire: (*rank.get(wire.input, last), wire.input, wire.slot), default=None)


def hands_on(graph: Graph, node: Node, output: str) -> bool:
    """Whether this output of a bypassed node gives what comes in: a tensor does not become a loss."""
    main = main_wire(graph, node)
    taken = None if main is None else ports.port(ports.inputs(graph, node), main.input)
    return _flow(taken) == _flow(ports.port(ports.outputs(graph, node), output))


def _flow(port: Port | None) -> str:
    return port.flow if port is not None and port.flow in TRAINING else "tensor"


def arriving(graph: Graph, node: str) -> Iterable[Wire]:
    """The wires into a node that count: all of them, of a bypassed one the main one alone."""
    record = graph.nodes[node]
    if not is_led_round(record):
        return graph.into(node)
    main = main_wire(graph, record)
    return () if main is None else (main,)


def upstream(graph: Graph, nodes: Iterable[str]) -> set[str]:
    """The nodes that these depend on, themselves included, and the bypassed ones on the way."""
    stack = list(nodes)
    seen = set(stack)
    while stack:
        for wire in arriving(graph, stack.pop()):
            if wire.source not in seen:
                seen.add(wire.source)
                stack.append(wire.source)
    return seen


def leaving(graph: Graph, node: str) -> Iterator[Wire]:
    """The wires that bring what a node puts out to those that read it, on the other side of bypassed ones."""
    stack = list(graph.out_of(node))
    while stack:
        wire = stack.pop()
        target = graph.nodes[wire.target]
        if not is_led_round(target):
            yield wire
        elif main_wire(graph, target) == wire:
            stack += [each for each in graph.out_of(target.id) if hands_on(graph, target, each.output)]


def behind(graph: Graph, nodes: Iterable[str]) -> set[str]:
    """The nodes at the ends of the wires out of these, those behind bypassed ones included."""
    found: set[str] = set()
    stack = list(nodes)
    while stack:
        for wire in graph.out_of(stack.pop()):
            if wire.target not in found:
                found.add(wire.target)
                if graph.nodes[wire.target].bypassed:
                    stack.append(wire.target)
    return found


def heir(graph: Graph, owner: Node) -> str:
    """The node that has the weights of a bypassed one: the first that shares them and takes part, or ""."""
    nodes = (graph.nodes[key] for key in sorted(graph.sharers(owner.id), key=id_order))
    left = [node for node in nodes if not node.bypassed]
    alike = (node.id for node in left if node.kind == owner.kind)
    return next(alike, left[0].id if left else "")
