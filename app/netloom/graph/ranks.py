"""Ranks of nodes that every wire climbs: a wire that does so closes no loop, and nobody has to look for one.

They are kept up to date wire by wire, after Pearce and Kelly, "A dynamic topological sort algorithm for directed
acyclic graphs" (2006): only nodes whose ranks lie between those of a new wire's ends are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable
from itertools import count
from typing import TYPE_CHECKING

from netloom.graph.walk import cycle, ordered, unwound

if TYPE_CHECKING:
    from netloom.graph.model import Graph, Slot, Wire

FEW = 8
"""Where more wires lead back, all nodes of their levels are ranked anew."""


class Ranks:
    """The ranks of one graph's nodes, all different; those of a level that lost a wire or node still hold."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self._counter = count()

    def add(self, node: str) -> None:
        """Rank a new node last; one that is known stays where it is."""
        if node not in self._of:
            self._of[node] = next(self._counter)

    def keep(self, nodes: Container[str], old: Iterable[str]) -> None:
        """Forget those that are no nodes any more. Not sooner: within an edit one may go and come back to its wires."""
        for key in old:
            if key not in nodes:
                self._of.pop(key, None)

    def climbs(self, wire: Wire) -> bool:
        """Whether a wire leads from a lower rank to a higher one."""
        return self._of[wire.source] < self._of[wire.target]

    def loop(self, graph: Graph, wire: Wire) -> list[str] | None:
        """The nodes of the loop that a wire would close, whether it is in the graph already or not; None if none."""
        return None if self.climbs(wire) else self._loop(wire, self._ahead(graph, wire, ()))

    def follow(self, graph: Graph, added: Collection[Wire]) -> list[str] | None:
        """Rank the nodes so that these wires of the graph climb too; the nodes of a loop that keeps one from it."""
        back = [wire for wire in added if not self.climbs(wire)]
        if len(back) > FEW:
            return self._rank_anew(graph, {graph.nodes[wire.target].parent for wire in back})
        waiting = {wire.key for wire in back}
        for wire in back:
            waiting.discard(wire.key)
            loop = None if self.climbs(wire) else self._lift(graph, wire, waiting)
            if loop:
                return loop
        return None

    def _rank_anew(self, graph: Graph, levels: Iterable[str]) -> list[str] | None:
        for level in sorted(levels):
            order = ordered(graph, level)
            loop = cycle(graph, level, order)
            if loop:
                return loop
            self._of.update(zip(order, self._counter, strict=False))
        return None

    def _lift(self, graph: Graph, wire: Wire, waiting: Collection[Slot]) -> list[str] | None:
        """Put what lies before a wire below what lies behind it, in the ranks that they have together."""
        ahead = self._ahead(graph, wire, waiting)
        loop = self._loop(wire, ahead)
        if loop:
            return loop
        moved = [*sorted(self._behind(graph, wire, waiting), key=self._of.__getitem__)]
        moved += sorted(ahead, key=self._of.__getitem__)
        self._of.update(zip(moved, sorted(self._of[key] for key in moved), strict=True))
        return None

    def _loop(self, wire: Wire, ahead: dict[str, str]) -> list[str] | None:
        return [*unwound(ahead, wire.target, wire.source), wire.target] if wire.source in ahead else None

    def _ahead(self, graph: Graph, wire: Wire, waiting: Collection[Slot]) -> dict[str, str]:
        """What lies behind a wire up to the rank of its source, each with the node before it."""
        most = self._of[wire.source]
        return _reached(
            wire.target,
            lambda node: [w.target for w in graph.out_of(node) if self._of[w.target] <= most and w.key not in waiting],
        )

    def _behind(self, graph: Graph, wire: Wire, waiting: Collection[Slot]) -> dict[str, str]:
        """What lies before a wire down to the rank of its target."""
        least = self._of[wire.target]
        return _reached(
            wire.source,
            lambda node: [w.source for w in graph.into(node) if self._of[w.source] >= least and w.key not in waiting],
        )


def _reached(start: str, following: Callable[[str], Iterable[str]]) -> dict[str, str]:
    before = {start: start}
    stack = [start]
    while stack:
        node = stack.pop()
        for each in following(node):
            if each not in before:
                before[each] = node
                stack.append(each)
    return before
