"""Edits of nodes whose ports their own code decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from netloom.graph import edit
from netloom.graph.draft import Draft
from netloom.graph.model import Graph, Node, Value, Wire
from netloom.graph.patch import Patch
from netloom.layers import ports
from netloom.layers.spec import Port


def set_code(graph: Graph, node: str, values: Mapping[str, Value], unset: Iterable[str] = ()) -> Patch:
    """Set parameters of a node of custom code, with the wires at its ports, as one step.

    The wire of a port that goes is moved to a new one in the same place, which is what another name for an argument
    leads to; where there is none, the wire goes with its port. Nodes that share the weights follow.
    """
    draft, gone = Draft(graph), set(unset)
    for old in edit.family(graph, node):
        params = {name: value for name, value in old.params.items() if name not in gone} | dict(values)
        new = msgspec.structs.replace(old, params=params)
        wires = list(_moved(graph, old, new))
        draft.drop(*(wire for wire, _ in wires))
        draft.put(new, *(wire for _, wire in wires if wire is not None))
    names = ", ".join((*values, *gone))
    return draft.patch(f"Set {names} of {graph.node(node).name}") or Patch(f"Set {names}", ())


def _moved(graph: Graph, old: Node, new: Node) -> Iterator[tuple[Wire, Wire | None]]:
    """The wires at ports that go, each with the wire that takes its place."""
    inputs = _places(ports.inputs(graph, old), ports.inputs(graph, new))
    outputs = _places(ports.outputs(graph, old), ports.outputs(graph, new))
    for wire in graph.into(old.id):
        if wire.input in inputs:
            yield wire, _with(wire, "input", inputs[wire.input])
    for wire in graph.out_of(old.id):
        if wire.output in outputs:
            yield wire, _with(wire, "output", outputs[wire.output])


def _places(old: Sequence[Port], new: Sequence[Port]) -> dict[str, str]:
    """The ports that go, by name, with the new port in the same place, or nothing where there is none."""
    before, after = [port.name for port in old], [port.name for port in new]
    fresh = [name if name not in before else "" for name in after]
    return {name: fresh[place] if place < len(fresh) else "" for place, name in enumerate(before) if name not in after}


def _with(wire: Wire, side: str, name: str) -> Wire | None:
    return msgspec.structs.replace(wire, **{side: name}) if name else None
