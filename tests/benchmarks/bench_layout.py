"""Speed of the automatic layout: CPU time for a row with wires that skip some nodes, and for a dense random graph."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from netloom.graph import Change, Graph, Node, Wire
from netloom.graph.layout import Sheet, draw, sheet

MARKS = {1_000: 300.0, 5_000: 2_000.0, 10_000: 5_000.0}
TURNS = {1_000: 9, 5_000: 5, 10_000: 3}
SKIPS, SHORTEST, LONGEST = 0.2, 2, 12
WIRES_EACH = 2
SIZE, ROOM = (160.0, 200.0), (1340.0, 680.0)

Row: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[int, int]


def rows() -> list[Row]:
    return [*_rows("row with 20 % skips", _row_with_skips), *_rows("dense random graph", _random)]


def _rows(name: str, pairs: Callable[[int], list[Pair]]) -> Iterator[Row]:
    for count, mark in MARKS.items():
        given = _given(count, pairs(count))
        value = statistics.median(_timed(given) for _ in range(TURNS[count]))
        yield {
            "name": f"layout of {count:,} nodes: {name}",
            "value": value,
            "unit": "ms",
            "mark": mark,
            "holds": value <= mark,
        }


def _timed(given: Sheet) -> float:
    start = time.process_time()
    found = draw(given)
    spent = (time.process_time() - start) * 1e3
    assert len(found.places) == len(given.sizes)
    return spent


def _row_with_skips(count: int) -> list[Pair]:
    """The graph of the canvas harness: each node feeds the next, and a fifth of them one that is 2 to 12 further on."""
    pick = random.Random(1)
    pairs = {(index, index + 1) for index in range(count - 1)}
    wanted = len(pairs) + int(count * SKIPS)
    while len(pairs) < wanted:
        start = pick.randrange(count - 2)
        pairs.add((start, min(count - 1, start + pick.randint(SHORTEST, LONGEST))))
    return sorted(pairs)


def _random(count: int) -> list[Pair]:
    """Two wires for each node, between any two nodes."""
    pick = random.Random(1)
    pairs: set[Pair] = set()
    while len(pairs) < WIRES_EACH * count:
        start, end = sorted(pick.sample(range(count), 2))
        pairs.add((start, end))
    return sorted(pairs)


def _given(count: int, pairs: Iterable[Pair]) -> Sheet:
    graph, slots = Graph(), Counter[int]()
    graph.apply(Change("node", f"n{i}", None, Node(f"n{i}", "Add", f"add{i}")) for i in range(count))
    wires = []
    for source, target in pairs:
        wires.append(Wire(f"n{source}", "output", f"n{target}", "inputs", slots[target]))
        slots[target] += 1
    graph.apply(Change("wire", wire.key, None, wire) for wire in wires)
    return sheet(graph, dict.fromkeys(graph.nodes, SIZE), ROOM)
