"""Whether a wire closes a loop is answered as by a walk over the whole graph, after any edits."""

from collections.abc import Iterable
from itertools import pairwise

import hypothesis.strategies as st
import networkx as nx
import pytest
from hypothesis import given, settings

from netloom.errors import GraphError
from netloom.graph import Block, Change, Graph, Node, Wire

NODES = 7
KEYS = [f"n{index}" for index in range(NODES)]
ENDS = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1))
EDITS = st.lists(st.tuples(st.lists(ENDS, min_size=1, max_size=12), st.booleans()), min_size=1, max_size=12)


def wire(source: int, target: int) -> Wire:
    return Wire(f"n{source}", "output", f"n{target}", "inputs", source)


def drawn() -> Graph:
    graph = Graph()
    graph.apply([Change("node", key, None, Node(key, "Add", key)) for key in KEYS])
    return graph


def ways(wires: Iterable[Wire]) -> nx.DiGraph:
    found = nx.DiGraph()
    found.add_nodes_from(KEYS)
    found.add_edges_from((each.source, each.target) for each in wires)
    return found


def expect_answers(graph: Graph) -> None:
    known = ways(graph.wires.values())
    for source in range(NODES):
        for target in range(NODES):
            loop = graph.loop(wire(source, target))
            assert (loop is not None) == nx.has_path(known, KEYS[target], KEYS[source])
            if loop is not None:
                assert loop[0] == loop[-1] == KEYS[target]
                assert loop[-2] == KEYS[source]
                assert all(known.has_edge(*step) for step in pairwise(loop[:-1]))


@settings(max_examples=300, deadline=None)
@given(EDITS)
def test_loops_are_found_after_any_edits(edits: list[tuple[list[tuple[int, int]], bool]]) -> None:
    graph = drawn()
    for ends, is_removal in edits:
        named = dict.fromkeys(wire(*each) for each in ends)
        chosen = [each for each in named if (each.key in graph.wires) == is_removal]
        changes = [Change("wire", w.key, w if is_removal else None, None if is_removal else w) for w in chosen]
        wanted = ways([*graph.wires.values(), *(() if is_removal else chosen)])
        before = dict(graph.wires)
        if is_removal or nx.is_directed_acyclic_graph(wanted):
            graph.apply(changes)
        else:
            with pytest.raises(GraphError, match="close a loop"):
                graph.apply(changes)
            assert graph.wires == before
        expect_answers(graph)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(NODES)), st.integers(0, NODES - 1))
def test_nodes_that_go_and_come_back_with_their_wires_are_ranked_among_the_others(order: list[int], gone: int) -> None:
    graph = drawn()
    made = [wire(*pair) for pair in pairwise(order)]
    graph.apply([Change("wire", each.key, None, each) for each in made])
    key = KEYS[gone]
    node, hanging = graph.node(key), [*graph.into(key), *graph.out_of(key)]
    removal = [*(Change("wire", each.key, each, None) for each in hanging), Change("node", key, node, None)]
    graph.apply(removal)
    graph.apply([change.inverse() for change in reversed(removal)])
    expect_answers(graph)
    graph.apply([Change("node", key, node, None), Change("node", key, None, node)])
    expect_answers(graph)


def test_nodes_that_go_to_another_level_with_their_wires_keep_their_ranks() -> None:
    graph = drawn()
    graph.apply([Change("wire", each.key, None, each) for each in (wire(5, 2), wire(2, 4))])
    moved = [Node(key, "Add", key, parent="b1") for key in ("n2", "n4", "n5")]
    changes = [Change("node", each.id, graph.node(each.id), each) for each in moved]
    graph.apply([Change("block", "b1", None, Block("b1", "Inner")), *changes])
    assert graph.loop(wire(4, 5)) == ["n5", "n2", "n4", "n5"]
    assert graph.loop(wire(5, 4)) is None
