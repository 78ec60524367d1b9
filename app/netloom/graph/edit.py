"""Edits that need no catalogue: each returns the patch that makes it, and changes nothing itself."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import msgspec

from netloom.graph.document import Document, Training
from netloom.graph.draft import Draft, first_free, port_wires, replace_updated, withdraw
from netloom.graph.model import Graph, Node, Value, Wire, id_order
from netloom.graph.patch import Change, Patch
from netloom.graph.remarks import Point


def free_id(graph: Graph, taken: Container[str] = ()) -> str:
    """An id that no node of the graph has."""
    number = len(graph.nodes) + 1
    while (key := f"n{number}") in graph.nodes or key in taken:
        number += 1
    return key


def free_name(graph: Graph, stem: str, parent: str = "", taken: Container[str] = ()) -> str:
    """The stem, or the stem with the first number that makes it unique on its level."""
    return first_free(stem, lambda name: name in taken or graph.named(name, parent) is not None)


def add(record: Node | Wire, label: str) -> Patch:
    """Add a node or a wire."""
    return Patch(label, (_added(record),))


def _added(record: Node | Wire) -> Change:
    if isinstance(record, Node):
        return Change("node", record.id, None, record)
    return Change("wire", record.key, None, record)


def remove(
    document: Document, nodes: Iterable[str] = (), wires: Iterable[Wire] = (), remarks: Iterable[str] = ()
) -> Patch:
    """Remove nodes with all that depends on them, wires, frames and notes. `Document.apply` sees to what hangs on them.

    Weights that others share go over to the first of them; a definition goes with its last use; what a block handed
    to the outside from a node goes, and so do the wires at a port whose Input or Output goes. Optimizers that name a
    node among those that they update name it no more.
    """
    graph = document.graph
    draft = Draft(graph)
    gone = [graph.node(key) for key in nodes]
    draft.drop(*wires)
    for node in gone:
        draft.drop(*draft.wires(node.id))
    hand_over(draft, {node.id for node in gone})
    for node in gone:
        if node.parent:
            _leave_block(draft, node)
    draft.drop(*gone)
    drop_unused(draft, {str(node.params["block"]) for node in gone if "block" in node.params})
    replace_updated(draft, {key: _heirs(draft, key) for key in draft.gone()})
    changes = draft.patch("").changes
    cut = sum(change.table == "wire" for change in changes)
    said = [Change("remark", key, document.remarks[key], None) for key in remarks]
    return Patch(_removal_label(gone, cut, [change.old.kind for change in said]), (*changes, *said))


def hand_over(draft: Draft, gone: set[str]) -> None:
    """Give the weights of nodes that go to the first of those that share them."""
    for key in gone:
        left = [draft.node(each) for each in sorted(draft.graph.sharers(key), key=id_order) if each not in gone]
        if not left:
            continue
        owner = draft.node(key)
        heir = next((node for node in left if node.kind == owner.kind), left[0])
        params = owner.params if heir.kind == owner.kind else heir.params
        draft.put(msgspec.structs.replace(heir, share="", params=params, frozen=owner.frozen, rate=owner.rate))
        if owner.parent and heir.kind == owner.kind:
            block = draft.block(owner.parent)
            led = tuple(msgspec.structs.replace(p, node=heir.id) if p.node == key else p for p in block.params)
            draft.put(msgspec.structs.replace(block, params=led))
        for node in left:
            if node.id != heir.id:
                share = heir.id if node.kind in (heir.kind, owner.kind) else ""
                draft.put(msgspec.structs.replace(node, share=share))


def _heirs(draft: Draft, key: str) -> list[str]:
    """The nodes that have the weights of one that goes."""
    return [each for each in sorted(draft.graph.sharers(key), key=id_order) if draft.has(each)][:1]


def _leave_block(draft: Draft, node: Node) -> None:
    withdraw(draft, node.parent, lambda each: each.node == node.id)
    block = draft.block(node.parent)
    kept = tuple(key for key in block.ports if key != node.id)
    params = tuple(msgspec.structs.replace(p, source="", dim=0) if p.source == node.id else p for p in block.params)
    draft.put(msgspec.structs.replace(block, ports=kept, params=params))
    draft.drop(*(wire for wire, _ in port_wires(draft, node.parent, node.name)))


def drop_unused(draft: Draft, definitions: Iterable[str]) -> None:
    """Remove those of these definitions that nothing shows any more, and what only they held."""
    for key in definitions:
        if key not in draft.graph.blocks or draft.uses(key):
            continue
        inner = draft.level(key)
        for node in inner:
            draft.drop(*draft.wires(node.id))
        draft.drop(*inner, draft.block(key))
        drop_unused(draft, {str(node.params["block"]) for node in inner if "block" in node.params})


def _removal_label(nodes: list[Node], wires: int, remarks: list[str]) -> str:
    if remarks and not nodes:
        return f"Delete {remarks[0]}" if len(remarks) == 1 else f"Delete {len(remarks)} frames and notes"
    if len(nodes) == 1:
        return f"Delete {nodes[0].name}"
    if nodes:
        return f"Delete {len(nodes)} nodes"
    return "Delete wire" if wires == 1 else f"Delete {wires} wires"


def set_params(graph: Graph, node: str, values: Mapping[str, Value], unset: Iterable[str] = ()) -> Patch:
    """Set parameters of a node, and hand others back to their default or to the wire.

    Nodes of one kind that share weights have the same parameters, so all of them follow.
    """
    draft = Draft(graph)
    for each in family(graph, node):
        draft.set_params(each.id, {k: v for k, v in each.params.items() if k not in set(unset)} | dict(values))
    names = ", ".join((*values, *unset))
    patch = draft.patch(f"Set {names} of {graph.node(node).name}")
    return patch or Patch(f"Set {names}", ())


def family(graph: Graph, node: str) -> list[Node]:
    """The nodes of the kind of this one that use the same weights, itself first."""
    own = graph.node(node)
    owner = own.share or node
    others = (graph.node(key) for key in (owner, *sorted(graph.sharers(owner), key=id_order)))
    return [own, *(each for each in others if each.id != node and each.kind == own.kind)]


def rename(graph: Graph, node: str, name: str) -> Patch:
    """Give a node another name; the graph refuses one that is taken or is no identifier.

    The Input or Output of a block names a port: the wires of all uses follow.
    """
    old = graph.node(node)
    if old.name == name:
        return Patch("Rename", ())
    draft = Draft(graph)
    draft.put(msgspec.structs.replace(old, name=name))
    for wire, enters in list(port_wires(draft, old.parent, old.name)) if old.parent else ():
        draft.drop(wire)
        draft.put(msgspec.structs.replace(wire, **{"input" if enters else "output": name}))
    return draft.patch(f"Rename {old.name}")


def move(document: Document, places: Mapping[str, Point], remarks: Mapping[str, Point] | None = None) -> Patch:
    """Put nodes, frames and notes at new places. Dots of wires go along where both ends go by one step."""
    old = document.positions
    nodes = [Change("position", key, old.get(key), place) for key, place in places.items() if old.get(key) != place]
    framed = [
        Change("remark", key, document.remarks[key], msgspec.structs.replace(document.remarks[key], place=place))
        for key, place in (remarks or {}).items()
        if document.remarks[key].place != place
    ]
    bends = list(_bends_along(document, {change.key: change for change in nodes})) if document.bends else []
    return Patch(f"Move {_moved(document, nodes, framed)}", (*nodes, *framed, *bends))


def freeze(graph: Graph, nodes: Iterable[str], *, frozen: bool) -> Patch:
    """Let training leave the weights of nodes as they are, or change them again; of shared ones those of the owner."""
    owners = dict.fromkeys(graph.node(key).share or key for key in nodes)
    turned = [node for key in owners if (node := graph.node(key)).frozen != frozen]
    changes = (Change("node", each.id, each, msgspec.structs.replace(each, frozen=frozen)) for each in turned)
    named = turned[0].name if len(turned) == 1 else f"{len(turned)} nodes"
    return Patch(f"{'Freeze' if frozen else 'Unfreeze'} {named}", tuple(changes))


def set_rate(graph: Graph, node: str, rate: float) -> Patch:
    """Multiply the learning rate for the weights that a node uses."""
    owner = graph.node(graph.node(node).share or node)
    new = msgspec.structs.replace(owner, rate=float(rate))
    return Patch(f"Set rate of {owner.name}", (Change("node", owner.id, owner, new),) if new != owner else ())


def _moved(document: Document, nodes: Sequence[Change], remarks: Sequence[Change]) -> str:
    """What a step moves, in words: a frame with what lies in it is a frame."""
    frames = [change for change in remarks if change.new.kind == "frame"]
    if len(frames) == 1:
        return "frame"
    if len(nodes) == 1:
        return document.graph.node(nodes[0].key).name
    if nodes or not remarks:
        return f"{len(nodes)} nodes"
    return str(remarks[0].new.kind) if len(remarks) == 1 else f"{len(remarks)} frames and notes"


def _bends_along(document: Document, moved: Mapping[str, Change]) -> Iterator[Change]:
    for key, change in moved.items():
        for wire in document.graph.into(key):
            points, source = document.bends.get(wire.key), moved.get(wire.source)
            step = _step(change)
            if points and step and source is not None and _step(source) == step:
                yield Change("bend", wire.key, points, tuple((x + step[0], y + step[1]) for x, y in points))


def _step(change: Change) -> Point | None:
    """How far a node goes; None where it had no place."""
    return None if change.old is None else (change.new[0] - change.old[0], change.new[1] - change.old[1])


def set_training(document: Document, training: Training) -> Patch:
    """Change how the document is trained."""
    old = document.training
    names = [name for name in Training.__struct_fields__ if getattr(old, name) != getattr(training, name)]
    words = ", ".join(name.replace("_", " ").replace("ema ", "EMA ") for name in names)
    return Patch(f"Set {words}", (Change("training", "training", old, training),) if names else ())
