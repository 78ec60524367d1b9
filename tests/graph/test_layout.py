"""Layered layout: wires run to the right, cards do not touch, and few wires cross."""

import itertools
import random

from netloom.graph import Change, Graph, Node, Wire
from netloom.graph.layout import layered

SIZE = (160.0, 120.0)


def drawn(wires: list[tuple[int, int]], count: int) -> Graph:
    graph = Graph()
    nodes = [Node(f"n{i}", "Add", f"add{i}") for i in range(count)]
    slots: dict[int, int] = {}
    made = []
    for source, target in wires:
        slots[target] = slots.get(target, -1) + 1
        made.append(Wire(f"n{source}", "output", f"n{target}", "inputs", slots[target]))
    graph.apply(
        [*(Change("node", node.id, None, node) for node in nodes), *(Change("wire", w.key, None, w) for w in made)]
    )
    return graph


def test_what_feeds_stands_left_and_cards_do_not_touch() -> None:
    pick = random.Random(3)
    wires = sorted({tuple(sorted(pick.sample(range(40), 2))) for _ in range(70)})
    graph = drawn(wires, 40)
    sizes = {key: (pick.choice([120.0, 176.0]), pick.choice([32.0, 200.0])) for key in graph.nodes}
    places = layered(graph, sizes)
    assert places.keys() == graph.nodes.keys()
    for wire in graph.wires.values():
        assert places[wire.source][0] + sizes[wire.source][0] < places[wire.target][0]
    for a, b in itertools.combinations(places, 2):
        (ax, ay), (bx, by) = places[a], places[b]
        apart_x = ax + sizes[a][0] <= bx or bx + sizes[b][0] <= ax
        assert apart_x or ay + sizes[a][1] <= by or by + sizes[b][1] <= ay
    assert all(value % 8 == 0 for place in places.values() for value in place)


def test_parallel_branches_do_not_cross() -> None:
    """Two chains whose ids are interleaved the wrong way round."""
    graph = drawn([(0, 1), (0, 2), (1, 4), (2, 3), (4, 5), (3, 6), (5, 7), (6, 7)], 8)
    places = layered(graph, dict.fromkeys(graph.nodes, SIZE))
    upper = [places[key][1] < places[other][1] for key, other in (("n1", "n2"), ("n4", "n3"), ("n5", "n6"))]
    assert len(set(upper)) == 1


def test_a_selection_begins_where_it_is_told_and_the_result_is_stable() -> None:
    graph = drawn([(0, 1), (1, 2), (2, 3)], 4)
    sizes = dict.fromkeys(("n1", "n2"), SIZE)
    assert layered(graph, sizes, (80.0, 40.0)) == {"n1": (80.0, 40.0), "n2": (320.0, 40.0)}
    assert layered(graph, sizes) == layered(graph, dict(reversed(sizes.items())))
    assert layered(graph, {}) == {}


def test_a_long_chain_is_broken_into_bands_that_suit_the_room() -> None:
    graph = drawn([(i, i + 1) for i in range(11)], 12)
    places = layered(graph, dict.fromkeys(graph.nodes, SIZE), room=(1100.0, 600.0))
    rows = sorted({y for _, y in places.values()})
    assert len(rows) == 2
    assert max(x for x, _ in places.values()) < 1600
    assert [key for key in graph.nodes if places[key][1] == rows[0]] == [f"n{i}" for i in range(6)]
    assert len({y for _, y in layered(graph, dict.fromkeys(graph.nodes, SIZE)).values()}) == 1


def test_what_fits_into_the_room_stays_in_one_band() -> None:
    graph = drawn([(0, 1), (1, 2)], 3)
    places = layered(graph, dict.fromkeys(graph.nodes, SIZE), room=(1100.0, 600.0))
    assert {y for _, y in places.values()} == {0.0}
    assert layered(graph, {}, room=(1100.0, 600.0)) == {}
