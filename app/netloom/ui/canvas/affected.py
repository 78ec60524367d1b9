"""What a patch draws otherwise without naming it."""

from collections.abc import Iterator, Sequence

from netloom.graph import Change, Document, Graph, Patch, Slot
from netloom.layers.catalogue import kinds_of

FEW_ENDS = 32
"""At a tall port with more wires one more moves the ends of the others by less than can be seen."""


def carried_along(graph: Graph, patch: Patch) -> Iterator[Slot]:
    """The wires of nodes that went to another level: they go with them, though no change names them."""
    for change in patch.changes:
        if change.table == "node" and change.old and change.new and change.old.parent != change.new.parent:
            for wire in (*graph.into(change.key), *graph.out_of(change.key)):
                yield wire.key


def beside(document: Document, patch: Patch) -> Iterator[Slot]:
    """Wires that run with others that changed: to the same port, where one came or went, or through dots."""
    graph = document.graph
    bent = {change.key for change in patch.changes if change.table == "bend"}
    for change in patch.changes:
        if change.table == "wire" and (change.old is None or change.new is None):
            target, name, _ = change.key
            others = [wire.key for wire in graph.into(target) if wire.input == name]
            yield from others if len(others) <= FEW_ENDS else ()
        wire = graph.wires.get(change.key) if change.table == "bend" else change.old
        if change.key in bent and wire is not None:
            yield from (each.key for each in graph.out_of(wire.source) if each.key in document.bends)


def sharing(graph: Graph, changes: Sequence[Change]) -> set[str]:
    """The nodes that say with whom they share weights or take turns, and may have to say it otherwise afterwards."""
    owners = {record.share for change in changes for record in (change.old, change.new) if record and record.share}
    owners |= {change.key for change in changes}
    found = owners.union(*(graph.sharers(owner) for owner in owners)) & graph.nodes.keys()
    return found | _taking_turns(graph, changes)


def _taking_turns(graph: Graph, changes: Sequence[Change]) -> set[str]:
    """All optimizers, where one comes, goes or is set otherwise."""
    kinds = kinds_of("optimizer")
    if not any(record and record.kind in kinds for change in changes for record in (change.old, change.new)):
        return set()
    return {key for key, node in graph.nodes.items() if node.kind in kinds}
