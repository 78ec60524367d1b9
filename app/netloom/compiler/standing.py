"""How the nodes of one level stand to each other: their order, and which of them its goals depend on."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

from netloom.graph.model import Graph, Wire
from netloom.graph.walk import keeps_order, ordered
from netloom.layers import bypass
from netloom.layers.catalogue import kinds_of

Pair: TypeAlias = tuple[Wire | None, Wire | None]
"""What filled an input slot before, and what fills it now."""


class Standing:
    """What follows from the wires of a level alone. After an edit no more of it is found anew than has to be."""

    def __init__(self, block: str) -> None:
        self.block = block
        self.is_stale = True
        self.order: list[str] = []
        self.places: dict[str, int] = {}
        self.needed: set[str] = set()
        self._moved: Sequence[Pair] | None = None
        self._has_goals = False

    def rewire(self, moved: Sequence[Pair] | None, *, has_goals: bool) -> None:
        """Look at wires anew before the next answer: those that moved, or all where these are not known.

        `has_goals` says that what the level is for stays as it was.
        """
        self._moved = None if self.is_stale else moved
        self._has_goals = has_goals and not self.is_stale
        self.is_stale = True

    def renew(self, graph: Graph, led: Collection[str]) -> tuple[bool, set[str]]:
        """Follow the graph, in which bypassed nodes were led round: whether the order is new, and what needs change."""
        moved, self._moved, self.is_stale = self._moved, None, False
        is_new = moved is None or not keeps_order(graph, self.places, moved)
        if is_new:
            self.order = ordered(graph, self.block)
            self.places = {key: place for place, key in enumerate(self.order)}
        before, self.needed = self.needed, self._found_needed(graph, moved, led)
        return is_new, before ^ self.needed if before is not self.needed else set()

    def _found_needed(self, graph: Graph, moved: Sequence[Pair] | None, led: Collection[str]) -> set[str]:
        """What the goals depend on. Where wires only came, that is what it was, and what these bring."""
        if moved and self._has_goals and not led and all(old is None for old, _ in moved):
            brought = {new.source for _, new in moved if new is not None and new.target in self.needed}
            return self.needed | bypass.upstream(graph, brought - self.needed) if brought else self.needed
        kinds = kinds_of("output", "loss", "metric", "optimizer")
        nodes = (graph.node(key) for key in self.order)
        return bypass.upstream(graph, [n.id for n in nodes if n.kind in kinds and not bypass.is_led_round(n)])
