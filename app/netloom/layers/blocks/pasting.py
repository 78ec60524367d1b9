"""Adding what was copied to a level, and taking nodes out of the middle of a network."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from netloom.errors import GraphError
from netloom.graph import edit
from netloom.graph.clip import Clip, Feed
from netloom.graph.document import Document
from netloom.graph.draft import Draft
from netloom.graph.model import Graph, Node, Value, Wire
from netloom.graph.patch import Change, Patch
from netloom.graph.remarks import Point
from netloom.layers import ports
from netloom.layers.blocks.carrying import carry_remarks, carry_view, carry_wires, free_remarks
from netloom.layers.blocks.definitions import Adopting, led_inside
from netloom.layers.catalogue import spec
from netloom.layers.connect import end_refusal
from netloom.layers.spec import OUTSIDE


@dataclass(frozen=True, slots=True)
class Pasted:
    """The patch that adds a clip, the new node for each of its nodes, and the new frames and notes."""

    patch: Patch
    nodes: Mapping[str, str]
    remarks: tuple[str, ...]


def paste(
    document: Document, clip: Clip, parent: str = "", shift: Point = (0.0, 0.0), *, is_home: bool = False
) -> Pasted:
    """Add what was copied to a level, shifted. Names become unique, definitions that are here already are used.

    `is_home` says that it was copied from this document, so that optimizers can go on naming the nodes of it.
    GraphError where a node cannot stand on this level.
    """
    found, draft = clip.document, Draft(document.graph)
    top = list(found.graph.level())
    if problem := next(filter(None, (_problem(node, parent) for node in top)), None):
        raise GraphError(problem)
    ids = {node.id: draft.free_id() for node in top}
    known = document.graph.nodes.keys() if is_home and not parent else ()
    draft.put(*_copies(draft, clip, parent, ids, known))
    carry_wires(draft, found.graph, ids)
    carry_view(draft, found, ids, shift)
    remarks = carry_remarks(draft, found, "", parent, free_remarks(document), shift)
    label = f"Paste {named(found.graph, ids, [found.remarks[key].kind for key in _top_remarks(found)])}"
    return Pasted(draft.patch(label), ids, tuple(remarks))


def _copies(draft: Draft, clip: Clip, parent: str, ids: Mapping[str, str], known: Collection[str]) -> Iterator[Node]:
    """The nodes at the top of a clip as they will stand on a level; `known` are nodes that they may name."""
    adopting, names = Adopting(draft, clip.document, parent), _Names(draft.graph, parent)
    for node in clip.document.graph.level():
        shown = node.params.get("block")
        inside = {shown: adopting.take(shown)} if isinstance(shown, str) else {}
        yield msgspec.structs.replace(
            node,
            id=ids[node.id],
            name=names.take(node.name),
            params=_updating(led_inside(node.params, inside), ids, known),
            parent=parent,
            share=ids.get(node.share, ""),
        )


def _problem(node: Node, parent: str) -> str:
    words = OUTSIDE.get(spec(node.kind).role) if parent else None
    return f"{node.name} is {words}, which cannot stand in a block. Copy the others without it." if words else ""


def _top_remarks(document: Document) -> list[str]:
    return [key for key, remark in document.remarks.items() if not remark.parent]


def _updating(params: dict[str, Value], ids: Mapping[str, str], known: Collection[str]) -> dict[str, Value]:
    """The parameters of a node that may name nodes which it updates; of those that are not here it names none."""
    updated = params.get("updates")
    if not isinstance(updated, list):
        return params
    led = [ids.get(key, key) for key in updated if key in ids or key in known]
    rest = {name: value for name, value in params.items() if name != "updates"}
    return {**rest, "updates": led} if led else rest


class _Names:
    """Free names of one level; quick also where thousands of nodes come at once."""

    def __init__(self, graph: Graph, parent: str) -> None:
        self._taken = {node.name for node in graph.level(parent)}
        self._last: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The name, or its stem with the first number that is free."""
        stem = name.rstrip("0123456789") or name
        while name in self._taken:
            number = self._last[stem] = self._last.get(stem, 1) + 1
            name = f"{stem}{number}"
        self._taken.add(name)
        return name


def named(graph: Graph, nodes: Collection[str], remarks: Collection[str] = ()) -> str:
    """What a step did something to, in words: the name of one node, or how many."""
    if len(nodes) == 1:
        return graph.node(next(iter(nodes))).name
    if nodes:
        return f"{len(nodes)} nodes"
    return next(iter(remarks)) if len(remarks) == 1 else f"{len(remarks)} frames and notes"


def feed(document: Document, clip: Clip, pasted: Pasted, parent: str = "", *, is_home: bool = False) -> Patch:
    """Wire what was just added to what fed it where it was copied, as far as that is on this level and fits."""
    graph = document.graph
    made = (_fed(graph, each, pasted, parent, is_home) for each in clip.feeds)
    wires = [wire for wire in made if wire is not None and end_refusal(graph, wire) is None]
    unique = {wire.key: wire for wire in wires if wire.key not in graph.wires}
    return Patch(pasted.patch.label, tuple(Change("wire", key, None, wire) for key, wire in unique.items()))


def _fed(graph: Graph, feed: Feed, pasted: Pasted, parent: str, is_home: bool) -> Wire | None:
    here = graph.nodes.get(feed.source) if is_home else None
    source = here if here is not None and here.parent == parent else graph.named(feed.name, parent)
    is_copy = source is not None and source.id in pasted.nodes.values()
    if source is None or is_copy or feed.target not in pasted.nodes:
        return None
    return Wire(source.id, feed.output, pasted.nodes[feed.target], feed.input, feed.slot)


def cut(document: Document, nodes: Collection[str], remarks: Iterable[str] = ()) -> Patch:
    """Remove what was copied."""
    kinds = [document.remarks[key].kind for key in remarks]
    return Patch(f"Cut {named(document.graph, nodes, kinds)}", edit.remove(document, nodes, (), remarks).changes)


def cut_joined(document: Document, nodes: Collection[str], remarks: Iterable[str] = ()) -> Patch:
    """Remove nodes, and lead what fed them to what they fed, where the rule for wires allows it."""
    graph, gone = document.graph, set(nodes)
    leaving = (wire for key in sorted(gone) for wire in graph.out_of(key) if wire.target not in gone)
    joined = [made for wire in leaving if (made := _joined(graph, wire, gone)) is not None]
    changes = tuple(Change("wire", wire.key, None, wire) for wire in joined)
    removed = edit.remove(document, nodes, (), remarks)
    label = f"Cut and reconnect {named(graph, nodes, [document.remarks[key].kind for key in remarks])}"
    return Patch(label, removed.then(Patch(label, changes)).changes)


def _joined(graph: Graph, wire: Wire, gone: Collection[str]) -> Wire | None:
    """The wire that takes the place of one that leaves these nodes: from what fed the row that ends with it."""
    source, seen = wire.source, set[str]()
    while source in gone and source not in seen:
        seen.add(source)
        into = _main(graph, source)
        if into is None:
            return None
        source, output = into.source, into.output
    made = msgspec.structs.replace(wire, source=source, output=output)
    return made if end_refusal(graph, made) is None else None


def _main(graph: Graph, node: str) -> Wire | None:
    """The wire at the first input of a node that has one."""
    order = {port.name: place for place, port in enumerate(ports.inputs(graph, graph.node(node)))}
    wires = [wire for wire in graph.into(node) if wire.input in order]
    return min(wires, key=lambda wire: (order[wire.input], wire.slot), default=None)
