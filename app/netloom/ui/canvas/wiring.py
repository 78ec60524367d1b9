"""What may be wired to what, as the hand asks it; the rules are those of the catalogue and the compiler."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from netloom.compiler.plan import Fix, Problem
from netloom.errors import GraphError
from netloom.graph import Change, Document, Graph, Node, Patch, Point, Wire, edit
from netloom.layers import connect, ports
from netloom.layers.catalogue import SPECS
from netloom.layers.spec import Port
from netloom.ui.canvas import bends
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.offers import is_block

ShapeCheck: TypeAlias = Callable[[Graph, Wire], Problem | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a wire fits. A refused one can never be; shapes that do not suit may have fixes."""

    reason: str = ""
    is_refused: bool = False
    fixes: tuple[Fix, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against the wire."""
        return not self.reason


def wire_between(graph: Graph, start: PortSpot, end: PortSpot) -> Wire:
    """The wire that two ports would get, whichever of them the hand began at."""
    source, target = (start, end) if start.side == "output" else (end, start)
    slot = _next_slot(graph, target) if _is_many(graph, target) else 0
    return Wire(source.node, source.name, target.node, target.name, slot)


def _is_many(graph: Graph, target: PortSpot) -> bool:
    port = ports.port(ports.inputs(graph, graph.node(target.node)), target.name)
    return port is not None and port.many


def _next_slot(graph: Graph, target: PortSpot) -> int:
    return max((wire.slot + 1 for wire in graph.into(target.node) if wire.input == target.name), default=0)


def verdict(
    graph: Graph, start: PortSpot, end: PortSpot, check: ShapeCheck | None, *, may_loop: bool = True
) -> Verdict:
    """What the rules say to a wire between two ports; `may_loop` unless it is known to close no loop."""
    if start.side == end.side:
        return Verdict(f"Two {start.side}s cannot be wired to each other.", is_refused=True)
    wire = wire_between(graph, start, end)
    reason = connect.refusal(graph, wire) if may_loop else connect.end_refusal(graph, wire)
    if reason:
        return Verdict(reason, is_refused=True)
    problem = check(graph, wire) if check else None
    return Verdict(problem.message, fixes=problem.fixes) if problem and problem.severity == "error" else Verdict()


def connect_patch(document: Document, start: PortSpot, end: PortSpot, moved: Wire | None = None) -> Patch:
    """Wire two ports; a `moved` wire is taken away from where it was. GraphError gives the reason for a refusal.

    A wire of which the source is moved stays in its slot.
    """
    wire = wire_between(document.graph, start, end)
    if moved is not None and _ports(moved) == _ports(wire):
        return Patch("Move wire", ())
    if moved is not None and (moved.target, moved.input) == (wire.target, wire.input):
        return _from_elsewhere(document.graph, moved, wire)
    made = connect.connect(document.graph, wire.source, wire.output, wire.target, wire.input)
    if moved is None:
        return made
    joined = edit.remove(document, wires=[moved]).then(made)
    return Patch(f"Move wire to {document.graph.node(wire.target).name}", joined.changes)


def _from_elsewhere(graph: Graph, moved: Wire, wire: Wire) -> Patch:
    """A wire that comes from another output now, into the same slot."""
    made = Wire(wire.source, wire.output, moved.target, moved.input, moved.slot)
    reason = connect.refusal(graph, made)
    if reason:
        raise GraphError(reason, node=made.target)
    return Patch(f"Move wire to {graph.node(made.source).name}", (Change("wire", moved.key, moved, made),))


def _ports(wire: Wire) -> tuple[str, str, str, str]:
    return (wire.source, wire.output, wire.target, wire.input)


def add_patch(node: Node, place: tuple[float, float]) -> Patch:
    """Add a node at a place."""
    changes = (Change("node", node.id, None, node), Change("position", node.id, None, place))
    return Patch(f"Add {node.name}", changes)


def attach_patch(document: Document, spot: PortSpot, node: Node) -> Patch:
    """Wire a port to a node that was just added; GraphError where nothing of it fits."""
    graph = document.graph
    side = ports.inputs(graph, node) if spot.side == "output" else ports.outputs(graph, node)
    name = next(_fitting(graph, spot, side), None)
    if name is None:
        raise GraphError(f"{node.name} has nothing that fits here.", node=node.id)
    return connect_patch(document, spot, PortSpot(node.id, "input" if spot.side == "output" else "output", name, 0))


def insert_patch(document: Document, wire: Wire, node: str, place: Point | None = None) -> Patch:
    """Lead a wire through a node that is in the graph already; GraphError where it does not fit in.

    Its dots stay where they are: those before the node's place, or before where it stands, lead to it.
    """
    graph = document.graph
    output, middle = connect.default_ports(graph, wire.source, node)
    if connect.end_refusal(graph, Wire(wire.source, wire.output, node, middle)) is None:
        output = wire.output
    first = connect.connect(graph, wire.source, output, node, middle)
    leaving = next(iter(_fitting_outputs(graph, node, wire)), None)
    if leaving is None:
        raise GraphError(f"{graph.node(node).name} gives nothing that fits here.", node=node)
    second = Wire(node, leaving, wire.target, wire.input, wire.slot)
    before, behind = bends.split(document, wire, place or document.positions.get(node, (0.0, 0.0)))
    led = bends.patch(document, {(node, middle, 0): before, wire.key: behind}, "")
    changes = (*first.changes, Change("wire", wire.key, wire, second), *led.changes)
    return Patch(f"Insert {graph.node(node).name}", changes)


def _fitting_outputs(graph: Graph, node: str, wire: Wire) -> Iterator[str]:
    for port in ports.outputs(graph, graph.node(node)):
        if connect.end_refusal(graph, Wire(node, port.name, wire.target, wire.input)) is None:
            yield port.name


def is_open(graph: Graph, spot: PortSpot, offer: str) -> bool:
    """Whether what is added by this key could be wired to a port. Any tensor fits a block, as far as is known."""
    if is_block(offer):
        side: tuple[Port, ...] = (Port("any", "any"),)
    else:
        found = SPECS[offer]
        params = {param.name: param.start for param in found.params if param.start is not None}
        side = found.inputs_for(params) if spot.side == "output" else found.outputs_for(params)
    return next(_fitting(graph, spot, side), None) is not None


def _fitting(graph: Graph, spot: PortSpot, side: tuple[Port, ...]) -> Iterator[str]:
    """The ports on the other side that a port could be wired to, those first that must have a wire."""
    node = graph.node(spot.node)
    held = ports.port(ports.outputs(graph, node) if spot.side == "output" else ports.inputs(graph, node), spot.name)
    if held is None:
        return
    for port in sorted(side, key=lambda each: each.optional):
        given, taken = (held, port) if spot.side == "output" else (port, held)
        if connect.fits(given.flow, taken.flow):
            yield port.name


def can_insert(graph: Graph, wire: Wire, offer: str) -> bool:
    """Whether what is added by this key could stand in the middle of a wire."""
    before = PortSpot(wire.source, "output", wire.output, 0)
    after = PortSpot(wire.target, "input", wire.input, 0)
    return is_open(graph, before, offer) and is_open(graph, after, offer)
