"""Edits that need no catalogue: each returns the patch that makes it, and changes nothing itself."""

from collections.abc import Container, Iterable, Mapping

import msgspec

from netloom.graph.document import Document, Point, Training
from netloom.graph.model import Graph, Node, Value, Wire
from netloom.graph.patch import Change, Patch


def free_id(graph: Graph, taken: Container[str] = ()) -> str:
    """An id that no node of the graph has."""
    number = len(graph.nodes) + 1
    while (key := f"n{number}") in graph.nodes or key in taken:
        number += 1
    return key


def free_name(graph: Graph, stem: str, parent: str = "", taken: Container[str] = ()) -> str:
    """The stem, or the stem with the first number that makes it unique on its level."""
    base = stem.rstrip("0123456789") or stem
    number, name = 2, stem
    while name in taken or graph.named(name, parent):
        name = f"{base}{number}"
        number += 1
    return name


def add(record: Node | Wire, label: str) -> Patch:
    """Add a node or a wire."""
    return Patch(label, (_added(record),))


def _added(record: Node | Wire) -> Change:
    if isinstance(record, Node):
        return Change("node", record.id, None, record)
    return Change("wire", record.key, None, record)


def remove(document: Document, nodes: Iterable[str] = (), wires: Iterable[Wire] = ()) -> Patch:
    """Remove nodes with all their wires, and wires. `Document.apply` sees to the positions."""
    graph = document.graph
    gone = [graph.node(key) for key in nodes]
    cut = {wire.key: wire for wire in wires}
    for node in gone:
        cut |= {wire.key: wire for wire in (*graph.into(node.id), *graph.out_of(node.id))}
    changes = [Change("wire", key, wire, None) for key, wire in cut.items()]
    changes += [Change("node", node.id, node, None) for node in gone]
    return Patch(_removal_label(gone, len(cut)), tuple(changes))


def _removal_label(nodes: list[Node], wires: int) -> str:
    if len(nodes) == 1:
        return f"Delete {nodes[0].name}"
    if nodes:
        return f"Delete {len(nodes)} nodes"
    return "Delete wire" if wires == 1 else f"Delete {wires} wires"


def set_params(graph: Graph, node: str, values: Mapping[str, Value], unset: Iterable[str] = ()) -> Patch:
    """Set parameters of a node, and hand others back to their default or to the wire."""
    old = graph.node(node)
    params = {key: value for key, value in old.params.items() if key not in set(unset)} | dict(values)
    names = ", ".join((*values, *unset))
    if params == old.params:
        return Patch(f"Set {names}", ())
    new = msgspec.structs.replace(old, params=params)
    return Patch(f"Set {names} of {old.name}", (Change("node", node, old, new),))


def rename(graph: Graph, node: str, name: str) -> Patch:
    """Give a node another name; the graph refuses one that is taken or is no identifier."""
    old = graph.node(node)
    if old.name == name:
        return Patch("Rename", ())
    return Patch(f"Rename {old.name}", (Change("node", node, old, msgspec.structs.replace(old, name=name)),))


def move(document: Document, places: Mapping[str, Point]) -> Patch:
    """Put nodes at new places."""
    changes = tuple(
        Change("position", key, document.positions.get(key), place)
        for key, place in places.items()
        if document.positions.get(key) != place
    )
    only = document.graph.node(changes[0].key).name if len(changes) == 1 else f"{len(changes)} nodes"
    return Patch(f"Move {only}", changes)


def set_training(document: Document, training: Training) -> Patch:
    """Change how the document is trained."""
    old = document.training
    names = [name for name in Training.__struct_fields__ if getattr(old, name) != getattr(training, name)]
    words = ", ".join(name.replace("_", " ") for name in names)
    return Patch(f"Set {words}", (Change("training", "training", old, training),) if names else ())
