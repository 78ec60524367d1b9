"""An edit of many records that is thought through before it is made: gathers what changes, gives one patch."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import msgspec

from netloom.graph.model import Block, Graph, Node, Promoted, Slot, Value, Wire, id_order
from netloom.graph.patch import Change, Patch, Table
from netloom.graph.remarks import Point

_ORDER = {"block": 0, "node": 1, "wire": 2, "position": 3}


class Draft:
    """A graph as it will be. Reads fall through to the graph; nothing is written before the patch is applied."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._new: dict[tuple[Table, Any], Any] = {}
        self._view: dict[tuple[Table, Any], tuple[Any, Any]] = {}
        self._fresh: dict[str, dict[Slot, Wire]] = {}
        self._put_on: dict[str, dict[str, None]] = {}
        self._put_as: dict[str, dict[str, None]] = {}
        self._ids = len(graph.nodes)

    def node(self, key: str) -> Node:
        """A node as it will be; GraphError where it never was."""
        found: Node | None = self._new.get(("node", key))
        return found or self.graph.node(key)

    def block(self, key: str) -> Block:
        """A definition as it will be."""
        found: Block | None = self._new.get(("block", key))
        return found or self.graph.blocks[key]

    def has(self, node: str) -> bool:
        """Whether a node will be there."""
        return self._new.get(("node", node), self.graph.nodes.get(node)) is not None

    def gone(self) -> set[str]:
        """The nodes that there will be no more."""
        return {key for (table, key), each in self._new.items() if table == "node" and each is None}

    def level(self, parent: str) -> list[Node]:
        """The nodes that will stand on a level, in order of id."""
        keys = (*(node.id for node in self.graph.level(parent)), *self._put_on.get(parent, ()))
        return [node for node in self._left(keys) if node.parent == parent]

    def _left(self, keys: Iterable[str]) -> list[Node]:
        """Those of these nodes that will be there, each once, in order of id."""
        return [self.node(key) for key in sorted(dict.fromkeys(keys), key=id_order) if self.has(key)]

    def blocks(self) -> list[Block]:
        """All definitions that there will be."""
        merged: dict[str, Block | None] = {**self.graph.blocks}
        merged |= {key: each for (table, key), each in self._new.items() if table == "block"}
        return [each for each in merged.values() if each is not None]

    def uses(self, block: str) -> list[Node]:
        """The nodes that will show a definition."""
        keys = (*self._shown.get(block, ()), *self._put_as.get(block, ()))
        return [node for node in self._left(keys) if node.params.get("block") == block]

    @cached_property
    def _shown(self) -> dict[str, list[str]]:
        """The nodes of the graph that show each definition."""
        found: dict[str, list[str]] = {}
        for node in self.graph.nodes.values():
            if shown := node.params.get("block"):
                found.setdefault(str(shown), []).append(node.id)
        return found

    def wires(self, node: str) -> list[Wire]:
        """The wires that will begin or end at a node."""
        old = {}
        if node in self.graph.nodes:
            old = {wire.key: wire for wire in (*self.graph.into(node), *self.graph.out_of(node))}
        kept = [wire for key, wire in old.items() if ("wire", key) not in self._new]
        return kept + list(self._fresh.get(node, {}).values())

    def put(self, *records: Node | Wire | Block) -> None:
        """Add records, or replace those with the same id or slot."""
        for record in records:
            self._forget(record)
            self._new[_address(record)] = record
            if isinstance(record, Wire):
                for end in (record.source, record.target):
                    self._fresh.setdefault(end, {})[record.key] = record
            elif isinstance(record, Node):
                self._put_on.setdefault(record.parent, {})[record.id] = None
                if shown := record.params.get("block"):
                    self._put_as.setdefault(str(shown), {})[record.id] = None

    def drop(self, *records: Node | Wire | Block) -> None:
        """Take records out."""
        for record in records:
            self._forget(record)
            self._new[_address(record)] = None

    def _forget(self, record: Node | Wire | Block) -> None:
        """Know a wire no more that was put into the slot of this one."""
        before = self._new.get(_address(record)) if isinstance(record, Wire) else None
        if before is not None:
            for end in (before.source, before.target):
                self._fresh[end].pop(before.key, None)

    def place(self, node: str, old: Point | None, new: Point) -> None:
        """Put a node at a new place."""
        self.see("position", node, old, new)

    def see(self, table: Table, key: Any, old: Any, new: Any) -> None:
        """Change a record of the view."""
        self._view[table, key] = (old, new)

    def set_params(self, node: str, params: dict[str, Value]) -> None:
        """Replace all parameters of a node."""
        self.put(msgspec.structs.replace(self.node(node), params=params))

    def free_id(self) -> str:
        """An id that no node has or will have; each call gives another."""
        self._ids += 1
        while f"n{self._ids}" in self.graph.nodes:
            self._ids += 1
        return f"n{self._ids}"

    def free_block_id(self) -> str:
        """An id that no definition has or will have."""
        number = len(self.graph.blocks) + 1
        while f"b{number}" in self.graph.blocks or ("block", f"b{number}") in self._new:
            number += 1
        return f"b{number}"

    def free_name(self, stem: str, parent: str = "") -> str:
        """The stem, or the stem with the first number that makes it unique on its level as it will be."""
        return first_free(stem, {node.name for node in self.level(parent)}.__contains__)

    def patch(self, label: str) -> Patch:
        """All as one step. What goes, goes first, so that names and slots are free for what comes."""
        changes = [
            Change(table, key, old, new)
            for (table, key), new in self._new.items()
            if (old := self._table(table).get(key)) != new
        ]
        changes.sort(key=_rank)
        seen = [Change(table, key, old, new) for (table, key), (old, new) in self._view.items() if old != new]
        return Patch(label, (*changes, *seen))

    def _table(self, table: Table) -> Any:
        tables = {"node": self.graph.nodes, "wire": self.graph.wires, "block": self.graph.blocks}
        return tables[table]


def first_free(stem: str, taken: Callable[[str], bool]) -> str:
    """The stem, or the stem with the first number that is not taken."""
    base = stem.rstrip("0123456789") or stem
    number, name = 2, stem
    while taken(name):
        name = f"{base}{number}"
        number += 1
    return name


def _rank(change: Change) -> tuple[bool, int]:
    place = _ORDER[change.table]
    return (change.new is not None, -place if change.new is None else place)


def _address(record: Node | Wire | Block) -> tuple[Table, Any]:
    if isinstance(record, Wire):
        return ("wire", record.key)
    return ("node" if isinstance(record, Node) else "block", record.id)


def withdraw(draft: Draft, block: str, gone: Callable[[Promoted], bool]) -> None:
    """Take parameters of a block back inside. What its uses set there is dropped, and what handed it on further out."""
    old = draft.block(block)
    kept = tuple(each for each in old.params if not gone(each))
    if len(kept) == len(old.params):
        return
    draft.put(msgspec.structs.replace(old, params=kept))
    lost = {each.name for each in old.params} - {each.name for each in kept}
    for use in draft.uses(block):
        draft.set_params(use.id, {name: value for name, value in use.params.items() if name not in lost})
        if use.parent:
            withdraw(draft, use.parent, partial(_leads_to, use.id, lost))


def _leads_to(node: str, params: Container[str], promoted: Promoted) -> bool:
    return promoted.node == node and promoted.param in params


def replace_updated(draft: Draft, moved: Mapping[str, Sequence[str]]) -> None:
    """Where an optimizer names nodes that it updates, put what now stands for a node in its place, each once.

    A list that would become empty stays as it was, for an empty one means every layer.
    """
    for node in draft.level(""):
        named = node.params.get("updates")
        if isinstance(named, list) and not moved.keys().isdisjoint(named):
            keys = list(dict.fromkeys(new for old in named for new in moved.get(old, (old,))))
            if keys:
                draft.set_params(node.id, {**node.params, "updates": keys})


def port_wires(draft: Draft, block: str, name: str) -> Iterator[tuple[Wire, bool]]:
    """The wires of all uses of a block at one port, and whether it is an input."""
    for use in draft.uses(block):
        for wire in draft.wires(use.id):
            if (wire.target, wire.input) == (use.id, name):
                yield wire, True
            elif (wire.source, wire.output) == (use.id, name):
                yield wire, False
