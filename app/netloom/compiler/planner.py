"""From a graph to its plan. Needs no torch, remembers each answer by kind, parameters and input shapes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias, TypeVar

import msgspec

from netloom.compiler import custom, limits
from netloom.compiler.advice import Adviser
from netloom.compiler.custom import Asks, Inputs
from netloom.compiler.flow import Flow
from netloom.compiler.level import Level
from netloom.compiler.plan import Plan
from netloom.compiler.refusals import refusals
from netloom.compiler.rules import RULES, Answer, Mismatch
from netloom.compiler.showing import Settings
from netloom.compiler.standing import Pair
from netloom.compiler.trust import Trusts, current, text_of
from netloom.graph.model import Block, Graph, Node, Slot, Value, Wire
from netloom.layers import bypass
from netloom.layers.custom import KINDS, missing_package

Definition: TypeAlias = tuple[str, bytes, tuple[tuple[str, Flow], ...]]
"""A block, what is set in it from outside, and what flows into it."""

MOST_REMEMBERED = 20_000

K = TypeVar("K")
R = TypeVar("R")


class Planner:
    """Plans graphs, and remembers what each kind answered to the same parameters and shapes.

    It remembers the graph that it planned last as well: of the next one it asks only what has changed.
    """

    def __init__(self, trusts: Trusts = current, asks: Asks = custom.ask) -> None:
        """`trusts` says which custom code may run, `asks` runs it: at once, or where a window waits, beside it."""
        self._trusts, self._asks = trusts, asks
        self._answers: dict[tuple[str, bytes, tuple[tuple[str, tuple[Flow, ...]], ...]], Answer | Mismatch] = {}
        self._levels: dict[Definition, Level] = {}
        self._adviser = Adviser()
        self._rewired: set[str] = set()
        self._entered: list[str] = []
        self._asks_again = self._was_too_deep = False
        self._nodes: dict[str, Node] = {}
        self._wires: dict[Slot, Wire] = {}
        self._blocks: dict[str, Block] = {}

    def plan(self, graph: Graph, batch_size: int | None = None) -> Plan:
        """The plan of a whole graph; what is wrong becomes problems, never an exception.

        With the batch size of the training it warns as well of what does not work with that.
        """
        if self._was_too_deep or self._remembered() > MOST_REMEMBERED:
            self.__init__(self._trusts, self._asks)  # type: ignore[misc]  # a fresh start is the simplest way to forget
        self._note_changes(graph)
        level = self.level(graph, "", {}, {})
        plan = level.plan.with_problems(level.problems(graph))
        plan = plan.with_problems((*plan.problems, *refusals(graph, plan)))
        found = self._adviser.advice(graph, plan, batch_size, self._rewired)
        return plan.with_problems((*plan.problems, *found))

    def _remembered(self) -> int:
        return len(self._answers) + sum(len(level.standing.order) for level in self._levels.values())

    def level(self, graph: Graph, block: str, given: Mapping[str, Flow], settings: Settings) -> Level:
        """What is known of a definition with these flows and settings; Mismatch where it would hold itself."""
        key = (block, msgspec.json.encode(settings), tuple(given.items()))
        found = self._levels.get(key)
        if found is None:
            found = self._levels[key] = Level(self, block, given, settings)
        if block in self._entered:
            raise Mismatch("{node} would hold itself.", None)
        self._refuse_too_deep(len(self._entered) - 1)
        self._entered.append(block)
        try:
            found.update(graph)
        finally:
            self._entered.pop()
        self._refuse_too_deep(len(self._entered) + found.depth - 2)
        return found

    def _refuse_too_deep(self, depth: int) -> None:
        """A level that remembers that it stood too deep would not learn of an edit that brings it up."""
        try:
            limits.refuse_too_deep(depth)
        except Mismatch:
            self._was_too_deep = True
            raise

    def answer(self, kind: str, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]) -> Answer:
        """What a kind puts out; raises Mismatch where what flows in does not fit."""
        key = (kind, msgspec.json.encode(arguments), tuple(inputs.items()))
        found = self._answers.get(key)
        if found is None:
            found = self._custom(kind, arguments, inputs) if kind in KINDS else _ask(kind, arguments, inputs)
            if found is None:
                raise Mismatch("{node} is being tried out.", None)
            found = self._answers[key] = _possible(found)
        if isinstance(found, Mismatch):
            raise found
        return found

    def _custom(self, kind: str, arguments: Mapping[str, Value], inputs: Inputs) -> Answer | Mismatch | None:
        if kind == "Package" and (missing := missing_package(str(arguments["target"]))):
            raise Mismatch(f"{{node}} needs the package {missing}, which is not installed here.", None)
        if not self._trusts(text_of(kind, arguments)):
            raise Mismatch("{node} waits until you trust the code of this document.", None)
        return self._asks(kind, arguments, inputs)

    def forget(self) -> None:
        """Ask custom code again at the next plan: it is trusted now, or its answer has come."""
        self._asks_again = True

    def _note_changes(self, graph: Graph) -> None:
        """Tell every level which of its nodes have changed since the last plan."""
        nodes, wires, blocks = graph.nodes.copy(), graph.wires.copy(), graph.blocks.copy()
        changed: dict[str, set[str]] = {}
        rewired: set[str] = set()
        retied: set[str] = set()
        resized: set[str] = set()
        again = [node for node in nodes.values() if node.kind in KINDS] if self._asks_again else []
        self._asks_again = False
        for node in again:
            changed.setdefault(node.parent, set()).add(node.id)
        differing: dict[str, list[Node]] = {}
        for pair in _differing(self._nodes, nodes):
            for node in filter(None, pair):
                differing.setdefault(node.parent, []).append(node)
                retied |= {node.parent} if _ties(pair[0]) != _ties(pair[1]) else set()
                resized |= {node.parent} if _place(pair[0]) != _place(pair[1]) else set()
        for parent, found in differing.items():
            changed.setdefault(parent, set()).update(_touched(graph, found))
        moved = defaultdict[str, list[Pair]](list)
        rewiring = _differing(self._wires, wires)
        for ends in rewiring:
            key = next(wire.target for wire in ends if wire is not None)
            target = nodes.get(key) or self._nodes[key]
            changed.setdefault(target.parent, set()).add(key)
            moved[target.parent].append(ends)
        rewired |= retied | moved.keys()
        self._rewired = {key for ends in rewiring for wire in ends if wire for key in (wire.source, wire.target)}
        redefined = {block.id for pair in _differing(self._blocks, blocks) for block in pair if block is not None}
        self._adviser.forget(redefined)
        touched = redefined | changed.keys() | rewired
        _spread(nodes.values(), touched - {""}, changed)
        rewired |= {parent for parent, keys in changed.items() if any(_is_bypassed(nodes.get(key)) for key in keys)}
        for (block, _, _), level in self._levels.items():
            level.changed |= changed.get(block, set())
            if block in rewired:
                level.standing.rewire(None if block in resized else moved[block], has_goals=block not in retied)
        self._nodes, self._wires, self._blocks = nodes, wires, blocks


def _differing(old: Mapping[K, R], new: Mapping[K, R]) -> list[tuple[R | None, R | None]]:
    """The old and the new record where they are not the same; None where there is none."""
    found: list[tuple[R | None, R | None]]
    found = [(old.get(key), record) for key, record in new.items() if old.get(key) is not record]
    if len(old) + sum(before is None for before, _ in found) > len(new):
        found += [(record, None) for key, record in old.items() if key not in new]
    return found


def _touched(graph: Graph, nodes: Collection[Node]) -> set[str]:
    """These nodes, those that their names may be told to, and those that use the same weights."""
    keys = {node.id for node in nodes}
    owners = {node.share or node.id for node in nodes}
    return keys | owners | {key for owner in owners for key in graph.sharers(owner)} | bypass.behind(graph, keys)


def _ties(node: Node | None) -> tuple[str, bool, str] | None:
    """What of a node, beside its wires, decides with which others it belongs together."""
    return None if node is None else (node.share, node.bypassed, node.kind)


def _place(node: Node | None) -> str | None:
    return None if node is None else node.parent


def _is_bypassed(node: Node | None) -> bool:
    return node is not None and node.bypassed


def _spread(nodes: Iterable[Node], definitions: set[str], changed: dict[str, set[str]]) -> None:
    """Where a definition has changed, so have the nodes that show it, and the definitions that hold those."""
    if not definitions:
        return
    shown: dict[object, list[Node]] = {}
    for node in nodes:
        if node.kind == "Block":
            shown.setdefault(node.params.get("block"), []).append(node)
    stack = list(definitions)
    while stack:
        for node in shown.get(stack.pop(), ()):
            if node.parent and node.parent not in definitions:
                definitions.add(node.parent)
                stack.append(node.parent)
            changed.setdefault(node.parent, set()).add(node.id)


def _ask(kind: str, arguments: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]) -> Answer | Mismatch:
    try:
        return RULES[kind](arguments, inputs)
    except Mismatch as mismatch:
        return mismatch


def _possible(found: Answer | Mismatch) -> Answer | Mismatch:
    if isinstance(found, Answer):
        try:
            limits.refuse_empty(found)
            limits.refuse_too_large(found)
        except Mismatch as mismatch:
            return mismatch
    return found
