"""Definitions of blocks as wholes: copied, renamed, and taken over from another document."""

import hashlib
from collections.abc import Mapping
from itertools import count

import msgspec

from netloom.errors import GraphError
from netloom.graph.document import Document
from netloom.graph.draft import Draft, first_free
from netloom.graph.edit import family
from netloom.graph.model import Block, Graph, Node, Promoted, Value, name_problem
from netloom.graph.patch import Patch
from netloom.layers.blocks.carrying import carry_remarks, carry_view, carry_wires
from netloom.layers.blocks.sides import block_of
from netloom.layers.edit import held


def rename_block(graph: Graph, block: str, name: str) -> Patch:
    """Give a definition another name; it becomes that of a class."""
    old = graph.blocks[block]
    if problem := name_problem(name):
        raise GraphError(f"Not a name: {problem}.")
    if any(each.name == name and each.id != block for each in graph.blocks.values()):
        raise GraphError(f"There is already a block called {name}.")
    draft = Draft(graph)
    draft.put(msgspec.structs.replace(old, name=name))
    return draft.patch(f"Rename block {old.name}")


def duplicate_definition(document: Document, node: str) -> Patch:
    """Give a block, and those that share its weights, a copy of the definition that no other block shows."""
    graph, draft = document.graph, Draft(document.graph)
    found, block = block_of(graph, node)
    users = {each.id for each in family(graph, node)}
    if len(draft.uses(block.id)) == len(users):
        raise GraphError(f"No other block shows {block.name}: changing it changes {found.name} alone.", node=node)
    key = _copy(draft, document, block, {})
    for user in users:
        draft.set_params(user, {**graph.nodes[user].params, "block": key})
    return draft.patch(f"Make {found.name} a block of its own")


def adopt(draft: Draft, other: Document, block: str, parent: str = "") -> str:
    """Take a definition of another document over, with all that stand in it, and return its id here.

    One that is here already, the same to the last value, is used again, unless it holds the level where it will stand.
    """
    return Adopting(draft, other, parent).take(block)


class Adopting:
    """One pass from another document; what it holds several times is taken once."""

    def __init__(self, draft: Draft, other: Document, parent: str) -> None:
        self.draft, self.other = draft, other
        here: dict[str, str] = {}
        graph = draft.graph
        fitting = (key for key in reversed(list(graph.blocks)) if not parent or parent not in held(graph, key))
        self.known = {_digest(graph, key, here): key for key in fitting}
        self.digests: dict[str, str] = {}
        self.taken: dict[str, str] = {}

    def take(self, block: str) -> str:
        """The id here of a definition there."""
        if block not in self.taken:
            same = self.known.get(_digest(self.other.graph, block, self.digests))
            self.taken[block] = same or self._copied(block)
        return self.taken[block]

    def _copied(self, block: str) -> str:
        inner = (node.params.get("block") for node in self.other.graph.level(block))
        inside = {key: self.take(key) for key in inner if isinstance(key, str)}
        return _copy(self.draft, self.other, self.other.graph.blocks[block], inside)


def _digest(graph: Graph, block: str, known: dict[str, str]) -> str:
    """What a definition says, whatever the ids in it are and whatever number its name got here."""
    if block not in known:
        nodes = list(graph.level(block))
        name = {node.id: node.name for node in nodes}
        old = graph.blocks[block]
        content = (
            old.name.rstrip("0123456789"),
            [(n.kind, n.name, _said(graph, n, known), name.get(n.share), n.bypassed, n.frozen, n.rate) for n in nodes],
            sorted(
                (name[w.source], w.output, name[w.target], w.input, w.slot) for n in nodes for w in graph.into(n.id)
            ),
            [name.get(key) for key in old.ports],
            [(each.name, name.get(each.node), each.param, name.get(each.source), each.dim) for each in old.params],
        )
        known[block] = hashlib.sha256(repr(content).encode()).hexdigest()
    return known[block]


def _said(graph: Graph, node: Node, known: dict[str, str]) -> list[tuple[str, str]]:
    inner = node.params.get("block")
    shown = {"block": _digest(graph, inner, known)} if isinstance(inner, str) and inner in graph.blocks else {}
    return sorted((key, repr(value)) for key, value in {**node.params, **shown}.items())


def _copy(draft: Draft, source: Document, block: Block, inside: Mapping[str, str]) -> str:
    """Copy a definition with its nodes, wires and places into a draft; `inside` are the ids of inner blocks there."""
    graph, new = source.graph, draft.free_block_id()
    nodes = list(graph.level(block.id))
    ids = {node.id: draft.free_id() for node in nodes}
    names = {each.name for each in draft.blocks()}
    draft.put(
        Block(
            new,
            first_free(block.name, names.__contains__),
            tuple(ids[key] for key in block.ports if key in ids),
            tuple(_moved(each, ids) for each in block.params if each.node in ids),
        )
    )
    for node in nodes:
        share = ids.get(node.share, "")
        led = led_inside(node.params, inside)
        draft.put(msgspec.structs.replace(node, id=ids[node.id], params=led, parent=new, share=share))
    carry_wires(draft, graph, ids)
    carry_view(draft, source, ids)
    carry_remarks(draft, source, block.id, new, (f"{new}r{number}" for number in count(1)))
    if block.id in source.directions:
        draft.see("direction", new, None, source.directions[block.id])
    return new


def _moved(promoted: Promoted, ids: Mapping[str, str]) -> Promoted:
    return msgspec.structs.replace(promoted, node=ids[promoted.node], source=ids.get(promoted.source, ""))


def led_inside(params: Mapping[str, Value], inside: Mapping[str, str]) -> dict[str, Value]:
    """The parameters of a node, which shows another definition where `inside` names one for its own."""
    inner = params.get("block")
    return {**params, "block": inside.get(inner, inner)} if isinstance(inner, str) else dict(params)
