"""Where a person stands in a document: at the top, or inside a block on a way that leads through other blocks."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from netloom.compiler.plan import Plan
from netloom.graph import Graph, Node, Patch
from netloom.graph.document import OF_NODES
from netloom.layers import ports

Way: TypeAlias = tuple[str, ...]
"""The block nodes that were entered, the outermost first; nothing at the top."""


def level(graph: Graph, way: Way) -> str:
    """The definition that is shown at the end of a way, or "" at the top."""
    node = graph.nodes.get(way[-1]) if way else None
    block = ports.definition(graph, node) if node else None
    return block.id if block else ""


def valid(graph: Graph, way: Way) -> Way:
    """As much of a way as leads somewhere still."""
    here = ""
    for depth, key in enumerate(way):
        node = graph.nodes.get(key)
        block = ports.definition(graph, node) if node is not None and node.parent == here else None
        if block is None:
            return way[:depth]
        here = block.id
    return way


def way_to(graph: Graph, wanted: str) -> Way | None:
    """The shortest way to a level, by the uses that come first; None where no block shows it."""
    waiting: deque[tuple[str, Way]] = deque([("", ())])
    seen = {""}
    while waiting:
        here, way = waiting.popleft()
        if here == wanted:
            return way
        for node, block in _blocks(graph, here):
            if block not in seen:
                seen.add(block)
                waiting.append((block, (*way, node.id)))
    return None


def _blocks(graph: Graph, parent: str) -> Iterator[tuple[Node, str]]:
    for node in graph.level(parent):
        block = ports.definition(graph, node) if node.kind == "Block" else None
        if block is not None:
            yield node, block.id


def inside(plan: Plan, way: Way) -> Plan:
    """What the plan of a whole document knows at the end of a way, with all of its problems.

    Where nothing is known of this use of the block, that is the plan of the first use of which something is.
    """
    if not way:
        return plan
    found: Plan | None = plan
    for key in way:
        item = found.nodes.get(key) if found else None
        found = item.block if item else None
    if found is None:
        found = next(_uses(plan, way[-1]), None)
    if found is None:
        return Plan((), {}, plan.problems, 0, 0)
    return replace(found, problems=plan.problems)


def _uses(plan: Plan, key: str) -> Iterator[Plan]:
    """The plans of a block node in every use of what holds it."""
    for item in plan.nodes.values():
        if item.block is not None:
            if item.node.id == key:
                yield item.block
            yield from _uses(item.block, key)


def touched(graph: Graph, patch: Patch) -> set[str]:
    """The levels on which a patch changed something that can be seen."""
    found: set[str] = set()
    for change in patch.changes:
        if change.table in ("node", "remark"):
            found |= {record.parent for record in (change.old, change.new) if record is not None}
        elif change.table == "direction":
            found.add(change.key)
        elif change.table in (*OF_NODES, "wire", "bend"):
            node = graph.nodes.get(change.key[0] if change.table in ("wire", "bend") else change.key)
            found |= {node.parent} if node is not None else set()
    return found


def follow(graph: Graph, way: Way, patch: Patch) -> Way:
    """The way to where a patch did something: the one that was gone already, where it did something there too."""
    way = valid(graph, way)
    found = touched(graph, patch)
    if not found or level(graph, way) in found:
        return way
    ways = [there for there in (way_to(graph, each) for each in sorted(found)) if there is not None]
    return min(ways, key=len, default=way)


def count_uses(graph: Graph) -> Mapping[str, int]:
    """How many nodes show each definition."""
    found: dict[str, int] = {}
    for node in graph.nodes.values():
        if node.kind == "Block" and isinstance(node.params.get("block"), str):
            key = str(node.params["block"])
            found[key] = found.get(key, 0) + 1
    return found


def names(graph: Graph, way: Way) -> Sequence[str]:
    """What stands in the breadcrumb for each step of a way."""
    return [graph.node(key).name for key in way]


def note(graph: Graph, way: Way) -> str:
    """Which definition is shown at the end of a way, and how many nodes an edit of it reaches."""
    block = graph.blocks.get(level(graph, way)) if way else None
    if block is None:
        return ""
    uses = count_uses(graph).get(block.id, 0)
    return f"{block.name}, edits reach all {uses} uses" if uses > 1 else block.name
