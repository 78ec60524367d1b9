"""The graph: nodes, wires and block definitions as frozen records, indexed by stable ids."""

import keyword
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

import msgspec

from netloom.errors import GraphError
from netloom.graph.patch import Change
from netloom.graph.ranks import Ranks
from netloom.graph.walk import round_trip

Value: TypeAlias = bool | int | float | str | list[Any] | None
Slot: TypeAlias = tuple[str, str, int]

LONGEST_NAME = 48
FASTEST = 1000.0
"""The largest factor for a node's learning rate."""


class Node(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing on the canvas. `params` holds only what a person set; `parent` is a block's id or "".

    `share` is the id of the node on the same level whose weights this one uses, or "" where it has its own. A bypassed
    node takes no part: what comes in goes out unchanged. The weights of a frozen one are not changed by training; those
    of others by `rate` times the learning rate of their optimizer.
    """

    id: str
    kind: str
    name: str
    params: dict[str, Value] = {}
    parent: str = ""
    share: str = ""
    bypassed: bool = False
    frozen: bool = False
    rate: Annotated[float, msgspec.Meta(ge=0.0, le=FASTEST)] = 1.0


class Wire(msgspec.Struct, frozen=True, omit_defaults=True):
    """From one output port to one slot of one input port; slots order the wires of a port that takes many."""

    source: str
    output: str
    target: str
    input: str
    slot: int = 0

    @property
    def key(self) -> Slot:
        """What the wire fills: an input slot holds one wire at most."""
        return (self.target, self.input, self.slot)


class Promoted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parameter of a block: what a node that shows the block sets under `name` goes to `param` of an inner node.

    Several with the same name are one parameter of the block that goes to several places. Where nothing is set, it is
    dimension `dim` of what comes into `source`, an Input of the block, if the first of them names one.
    """

    name: str
    node: str
    param: str
    source: str = ""
    dim: int = 0


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """The definition of a block: its nodes have this id as `parent`, its ports are its inputs and outputs.

    `ports` are ids of its boundary nodes in the order in which they stand on the outside; those it does not name follow
    in order of id.
    """

    id: str
    name: str
    ports: tuple[str, ...] = ()
    params: tuple[Promoted, ...] = ()


def name_problem(name: str) -> str | None:
    """Why this text cannot name a node, or None where it can: names become Python identifiers."""
    if not name:
        return "a name needs at least one letter"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters, this one has {len(name)}"
    if keyword.iskeyword(name):
        return f"{name} is a word of the Python language"
    if not name.isidentifier() or unicodedata.normalize("NFKC", name) != name or name.startswith("__"):
        return f"{name!r} is not a name: use letters, digits and underscores, and begin with a letter"
    return None


def id_order(key: str) -> tuple[int, str]:
    """Sorts ids as people count: n2 before n10."""
    return (len(key), key)


class Graph:
    """Nodes, wires and block definitions. It changes only through `apply`."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._wires: dict[Slot, Wire] = {}
        self._blocks: dict[str, Block] = {}
        self._levels: dict[str, dict[str, None]] = {}
        self._into: dict[str, dict[Slot, Wire]] = {}
        self._out_of: dict[str, dict[Slot, Wire]] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._sharers: dict[str, dict[str, None]] = {}
        self._ranks = Ranks()

    @property
    def nodes(self) -> MappingProxyType[str, Node]:
        """All nodes of all levels by id."""
        return MappingProxyType(self._nodes)

    @property
    def wires(self) -> MappingProxyType[Slot, Wire]:
        """All wires by the input slot that they fill."""
        return MappingProxyType(self._wires)

    @property
    def blocks(self) -> MappingProxyType[str, Block]:
        """Block definitions by id."""
        return MappingProxyType(self._blocks)

    def level(self, parent: str = "") -> Iterator[Node]:
        """The nodes directly inside a block definition, or of the top level, ordered by id and so by content alone."""
        return (self._nodes[key] for key in sorted(self._levels.get(parent, ()), key=id_order))

    def into(self, node: str) -> Collection[Wire]:
        """The wires that end at a node."""
        return self._into.get(node, {}).values()

    def out_of(self, node: str) -> Collection[Wire]:
        """The wires that begin at a node."""
        return self._out_of.get(node, {}).values()

    def sharers(self, node: str) -> Collection[str]:
        """The nodes that use the weights of this one."""
        return self._sharers.get(node, {}).keys()

    @property
    def shared(self) -> set[str]:
        """The nodes whose weights others use."""
        return {owner for owner, sharers in self._sharers.items() if sharers}

    def loop(self, wire: Wire) -> list[str] | None:
        """The nodes of the loop that a wire between two nodes would close, or None."""
        return self._ranks.loop(self, wire)

    def named(self, name: str, parent: str = "") -> Node | None:
        """The node of that name on a level."""
        key = self._names.get(parent, {}).get(name)
        return None if key is None else self._nodes[key]

    def node(self, key: str) -> Node:
        """The node with this id; GraphError where there is none."""
        try:
            return self._nodes[key]
        except KeyError:
            raise GraphError(f"There is no node {key!r} in this graph.") from None

    def apply(self, changes: Iterable[Change]) -> None:
        """Make all changes or none; GraphError says which one does not fit."""
        done: list[Change] = []
        try:
            for change in changes:
                self._write(change)
                done.append(change)
            self._verify(done)
            self._ranks.keep(self._nodes, [change.key for change in done if isinstance(change.old, Node)])
        except GraphError:
            for change in reversed(done):
                self._write(change.inverse())
            raise

    def _write(self, change: Change) -> None:
        table = self._table(change.table)
        if table.get(change.key) != change.old:
            raise GraphError(f"The graph has changed: {change.table} {change.key!r} is not what this edit expects.")
        if isinstance(change.old, Node):
            self._forget_node(change.old, gone=change.new is None or change.new.parent != change.old.parent)
        elif isinstance(change.old, Wire):
            del self._into[change.old.target][change.old.key], self._out_of[change.old.source][change.old.key]
        if change.new is None:
            del table[change.key]
        else:
            table[change.key] = change.new
        if isinstance(change.new, Node):
            self._index_node(change.new)
        elif isinstance(change.new, Wire):
            self._into.setdefault(change.new.target, {})[change.new.key] = change.new
            self._out_of.setdefault(change.new.source, {})[change.new.key] = change.new

    def _table(self, name: str) -> dict[Any, Any]:
        if name == "node":
            return self._nodes
        if name == "wire":
            return self._wires
        if name == "block":
            return self._blocks
        raise GraphError(f"A graph has no {name}.")

    def _forget_node(self, node: Node, *, gone: bool) -> None:
        if self._names[node.parent].get(node.name) == node.id:
            del self._names[node.parent][node.name]
        if node.share:
            del self._sharers[node.share][node.id]
        if gone:
            del self._levels[node.parent][node.id]

    def _index_node(self, node: Node) -> None:
        self._levels.setdefault(node.parent, {})[node.id] = None
        self._ranks.add(node.id)
        self._names.setdefault(node.parent, {}).setdefault(node.name, node.id)
        if node.share:
            self._sharers.setdefault(node.share, {})[node.id] = None

    def _verify(self, changes: list[Change]) -> None:
        added: list[Wire] = []
        for change in changes:
            if isinstance(change.new, Block) and (problem := name_problem(change.new.name)):
                raise GraphError(f"Not a name: {problem}.")
            if isinstance(change.new, Node):
                self._verify_node(change.new)
            elif isinstance(change.old, Node):
                self._verify_gone(change.old)
            elif isinstance(change.new, Wire) and self._wires.get(change.new.key) is change.new:
                self._verify_wire(change.new)
                added.append(change.new)
        loop = self._ranks.follow(self, added)
        if loop:
            names = round_trip([self._nodes[key].name for key in loop])
            raise GraphError(f"This wire would close a loop: {names}.", node=loop[0])

    def _verify_node(self, node: Node) -> None:
        if self._nodes.get(node.id) is not node:
            return
        problem = name_problem(node.name)
        if problem:
            raise GraphError(f"Not a name: {problem}.", node=node.id)
        if self._names[node.parent].get(node.name) != node.id:
            raise GraphError(f"There is already a node called {node.name} here.", node=node.id)
        if node.parent and node.parent not in self._blocks:
            raise GraphError(f"{node.name} belongs to block {node.parent[:60]!r}, which does not exist.", node=node.id)
        self._verify_share(node)
        if self._sharers.get(node.id):
            for key in self._sharers[node.id]:
                self._verify_share(self._nodes[key])

    def _verify_share(self, node: Node) -> None:
        if not node.share:
            return
        owner = self._nodes.get(node.share)
        if owner is None or owner.parent != node.parent:
            raise GraphError(f"{node.name} uses the weights of {node.share[:60]!r}, which is not here.", node=node.id)
        if owner.share or owner.id == node.id:
            raise GraphError(f"{node.name} uses the weights of {owner.name}, which has none of its own.", node=node.id)

    def _verify_gone(self, node: Node) -> None:
        if node.id not in self._nodes and self._sharers.get(node.id):
            raise GraphError(f"Other nodes use the weights of {node.name}.", node=node.id)
        if node.id not in self._nodes and (self._into.get(node.id) or self._out_of.get(node.id)):
            raise GraphError(f"{node.name} still has wires.", node=node.id)

    def _verify_wire(self, wire: Wire) -> None:
        source, target = self._nodes.get(wire.source), self._nodes.get(wire.target)
        if source is None or target is None:
            missing = wire.source if source is None else wire.target
            raise GraphError(f"A wire leads to node {missing!r}, which does not exist.")
        if source.parent != target.parent:
            raise GraphError(f"{source.name} and {target.name} are not on the same level.", node=target.id)
        if wire.slot < 0:
            raise GraphError(
                f"The wire into {target.name} has the slot {wire.slot}; slots count from 0.", node=target.id
            )
