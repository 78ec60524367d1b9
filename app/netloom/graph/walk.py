"""Walks over a graph; each is linear in nodes and wires, however many branches there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netloom.graph.model import Graph, Wire

LONGEST_LOOP = 6


def ordered(graph: Graph, parent: str = "") -> list[str]:
    """Node ids of one level, sources first and each branch to its end; nodes of a cycle are left out.

    Of two branches the one whose first node has the lower id comes first, so the order follows from the content alone.
    """
    nodes = [node.id for node in graph.level(parent)]
    waiting = {node: len(graph.into(node)) for node in nodes}
    ready = [node for node in reversed(nodes) if not waiting[node]]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        ready += _released(graph, node, waiting)
    return order


def keeps_order(graph: Graph, places: Mapping[str, int], moved: Iterable[tuple[Wire | None, Wire | None]]) -> bool:
    """Whether a level is `ordered` as before, at these places, after some of its slots have been wired otherwise.

    A node comes after the last of its sources. Where that is the one that it was, nothing moves.
    """
    ends: dict[str, list[tuple[Wire | None, Wire | None]]] = {}
    for pair in moved:
        ends.setdefault(next(wire.target for wire in pair if wire is not None), []).append(pair)
    return all(_waits_as_before(graph, places, target, pairs) for target, pairs in ends.items())


def _waits_as_before(
    graph: Graph, places: Mapping[str, int], target: str, pairs: list[tuple[Wire | None, Wire | None]]
) -> bool:
    new = {wire.key for _, wire in pairs if wire is not None}
    same = [places[wire.source] for wire in graph.into(target) if wire.key not in new]
    before = max((*same, *(places[old.source] for old, _ in pairs if old is not None)), default=-1)
    after = max((*same, *(places[wire.source] for _, wire in pairs if wire is not None)), default=-1)
    return before == after


def _released(graph: Graph, node: str, waiting: dict[str, int]) -> list[str]:
    """The nodes that waited for this one alone, the one to take next at the end."""
    released = []
    for wire in graph.out_of(node):
        waiting[wire.target] -= 1
        if not waiting[wire.target]:
            released.append(wire.target)
    return sorted(released, key=lambda key: (len(key), key), reverse=True) if len(released) > 1 else released


def upstream(graph: Graph, nodes: Iterable[str]) -> set[str]:
    """The nodes that these depend on, themselves included."""
    return _reached(nodes, lambda node: (wire.source for wire in graph.into(node)))


def downstream(graph: Graph, nodes: Iterable[str]) -> set[str]:
    """The nodes that depend on these, themselves included."""
    return _reached(nodes, lambda node: (wire.target for wire in graph.out_of(node)))


def _reached(nodes: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    stack = list(nodes)
    seen = set(stack)
    while stack:
        for node in following(stack.pop()):
            if node not in seen:
                seen.add(node)
                stack.append(node)
    return seen


def unwound(before: Mapping[str, str], start: str, end: str) -> list[str]:
    """The way from start to end, from what is known to lie before each node on it."""
    steps = [end]
    while steps[-1] != start:
        steps.append(before[steps[-1]])
    return steps[::-1]


def cycle(graph: Graph, parent: str, order: Iterable[str]) -> list[str] | None:
    """The nodes of a cycle on a level: whatever no order can hold waits for another such node, round and round."""
    waiting = {node.id for node in graph.level(parent)}.difference(order)
    way: dict[str, None] = {}
    node = min(waiting, default=None)
    while node is not None and node not in way:
        way[node] = None
        node = next(wire.source for wire in graph.into(node) if wire.source in waiting)
    if node is None:
        return None
    steps = list(way)
    return [node, *reversed(steps[steps.index(node) :])]


def round_trip(names: Sequence[str]) -> str:
    """The names along a loop as text, the middle of a long one left out."""
    shown = [*names[:3], "…", *names[-2:]] if len(names) > LONGEST_LOOP else names
    return " → ".join(shown)
