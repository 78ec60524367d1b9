"""Layered layout: wires run to the right, cards do not touch, few wires cross, and long ones have lanes."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.graph import Change, Graph, Node, Point, Wire
from netloom.graph.layout import Drawing, Size, draw, layered, sheet
from netloom.graph.remarks import Direction

SIZE = (160.0, 120.0)
ROOM = (1340.0, 680.0)
DIRECTIONS: tuple[Direction, ...] = ("right", "down")


def drawn(wires: Iterable[Sequence[int]], count: int) -> Graph:
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


def chain(count: int, skips: int, seed: int = 1) -> Graph:
    """A row of nodes, and wires that skip some of them."""
    pick = random.Random(seed)
    starts = [pick.randrange(count - 2) for _ in range(skips)]
    leaps = {(start, min(count - 1, start + pick.randint(2, 12))) for start in starts}
    return drawn(sorted({(i, i + 1) for i in range(count - 1)} | leaps), count)


def same(graph: Graph) -> dict[str, Size]:
    return dict.fromkeys(graph.nodes, SIZE)


def touching(places: Mapping[str, Point], sizes: Mapping[str, Size]) -> list[tuple[str, str]]:
    def apart(one: str, other: str, axis: int) -> bool:
        first, second = sorted((one, other), key=lambda key: places[key][axis])
        return places[first][axis] + sizes[first][axis] <= places[second][axis]

    pairs = itertools.combinations(places, 2)
    return [pair for pair in pairs if not apart(*pair, 0) and not apart(*pair, 1)]


def crossings(graph: Graph, places: Mapping[str, Point]) -> int:
    """How many straight lines between cards' corners cross."""
    lines = [(places[wire.source], places[wire.target]) for wire in graph.wires.values()]
    return sum(_cross(*one, *other) for one, other in itertools.combinations(lines, 2))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


graphs = st.integers(2, 24).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.sets(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda e: e[0] < e[1]), max_size=40
        ),
        st.lists(
            st.tuples(st.sampled_from((120.0, 136.0, 176.0)), st.sampled_from((32.0, 56.0, 210.0))),
            min_size=count,
            max_size=count,
        ),
    )
)


@given(graphs, st.sampled_from(DIRECTIONS), st.sampled_from((None, ROOM, (300.0, 900.0))))
@settings(deadline=None)
def test_cards_never_touch(
    given_: tuple[int, set[tuple[int, int]], list[Size]], direction: Direction, room: Size | None
) -> None:
    count, wires, measures = given_
    graph = drawn(sorted(wires), count)
    sizes = {f"n{i}": size for i, size in enumerate(measures)}
    places = layered(graph, sizes, room=room, direction=direction)
    assert places.keys() == graph.nodes.keys()
    assert not touching(places, sizes)
    assert (min(x for x, _ in places.values()), min(y for _, y in places.values())) == (0.0, 0.0)


@given(graphs, st.sampled_from(DIRECTIONS))
@settings(deadline=None)
def test_what_feeds_stands_before_what_it_feeds(
    given_: tuple[int, set[tuple[int, int]], list[Size]], direction: Direction
) -> None:
    count, wires, measures = given_
    graph = drawn(sorted(wires), count)
    sizes = {f"n{i}": size for i, size in enumerate(measures)}
    places = layered(graph, sizes, direction=direction)
    axis = 0 if direction == "right" else 1
    assert all(places[f"n{a}"][axis] + sizes[f"n{a}"][axis] < places[f"n{b}"][axis] for a, b in wires)


@given(graphs, st.sampled_from((None, ROOM)))
@settings(deadline=None)
def test_a_wire_along_its_lane_goes_behind_no_card(
    given_: tuple[int, set[tuple[int, int]], list[Size]], room: Size | None
) -> None:
    count, wires, measures = given_
    graph = drawn(sorted(wires), count)
    sizes = {f"n{i}": size for i, size in enumerate(measures)}
    assert not _covering(draw(sheet(graph, sizes, room)), sizes)


def test_lanes_are_free_in_a_dense_graph_too() -> None:
    pick = random.Random(5)
    graph = drawn(sorted({tuple(sorted(pick.sample(range(120), 2))) for _ in range(240)}), 120)
    found = draw(sheet(graph, same(graph), ROOM))
    assert len(found.lanes) > 50
    assert not _covering(found, same(graph))


def _covering(found: Drawing, sizes: Mapping[str, Size]) -> list[str]:
    """The cards that stand where a lane is level; between its corners it is in the gap between two layers."""
    return [
        key
        for lane in found.lanes.values()
        for (left, y), (right, _) in zip(lane[::2], lane[1::2], strict=True)
        for key, (x, top) in found.places.items()
        if x < right and left < x + sizes[key][0] and top - 8 < y < top + sizes[key][1] + 8
    ]


def test_parallel_branches_do_not_cross() -> None:
    """Two chains whose ids are interleaved the wrong way round."""
    graph = drawn([(0, 1), (0, 2), (1, 4), (2, 3), (4, 5), (3, 6), (5, 7), (6, 7)], 8)
    places = layered(graph, same(graph))
    upper = [places[key][1] < places[other][1] for key, other in (("n1", "n2"), ("n4", "n3"), ("n5", "n6"))]
    assert len(set(upper)) == 1


@pytest.mark.parametrize("seed", range(4))
def test_fewer_wires_cross_than_where_cards_stand_in_order_of_their_ids(seed: int) -> None:
    pick = random.Random(seed)
    rows = [list(range(i * 8, i * 8 + 8)) for i in range(5)]
    wires = {(pick.choice(one), pick.choice(other)) for one, other in itertools.pairwise(rows) for _ in range(14)}
    graph = drawn(sorted(wires), 40)
    plain = {f"n{card}": (240.0 * i, 160.0 * row.index(card)) for i, row in enumerate(rows) for card in row}
    assert crossings(graph, layered(graph, same(graph))) < 0.6 * crossings(graph, plain)


def test_ports_decide_which_branch_is_the_upper_one() -> None:
    """The first input is fed from below where ids alone decide; ranks of ports put its source on top."""
    graph = drawn([(0, 3), (1, 3), (2, 3)], 4)
    ranks = {("n3", "inputs", slot): (0.5, rank) for slot, rank in enumerate((0.8, 0.5, 0.2))}
    places = layered(graph, same(graph), ranks=ranks)
    assert places["n2"][1] < places["n1"][1] < places["n0"][1]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_chain_is_one_straight_line_whatever_skips_it(direction: Direction) -> None:
    graph = chain(40, 8)
    sizes = {key: (120.0 + 8 * (i % 7), 56.0 + 8 * (i % 11)) for i, key in enumerate(graph.nodes)}
    places = layered(graph, sizes, direction=direction)
    lines = {y if direction == "right" else x + sizes[key][0] / 2 for key, (x, y) in places.items()}
    assert len(lines) == 1


def test_a_skip_goes_right_above_the_row_and_a_longer_one_above_it() -> None:
    graph = drawn([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 4), (0, 5)], 6)
    found = draw(sheet(graph, same(graph)))
    assert {y for _, y in found.places.values()} == {0.0}
    inner, outer = (lane[0][1] for lane in (found.lanes["n4", "inputs", 1], found.lanes["n5", "inputs", 1]))
    assert outer < inner < 0.0
    assert all(len(lane) == 2 for lane in found.lanes.values())


def test_an_input_that_joins_late_stands_where_it_is_used() -> None:
    graph = drawn([(0, 1), (1, 2), (2, 3), (4, 3)], 5)
    places = layered(graph, same(graph))
    assert places["n4"][0] == places["n2"][0]
    assert places["n4"][1] > places["n2"][1]


def test_labels_go_past_the_network_to_the_loss() -> None:
    """A dataset feeds a network and, with its second output, the loss at its end."""
    graph = drawn([(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)], 5)
    found = draw(sheet(graph, same(graph)))
    assert [found.places[f"n{i}"] for i in range(5)] == [(240.0 * i, 0.0) for i in range(5)]
    assert list(found.lanes) == [("n3", "inputs", 1)]


def test_parts_that_do_not_hang_together_stand_below_each_other() -> None:
    graph = drawn([(0, 1), (1, 2), (3, 4), (4, 5)], 8)
    places = layered(graph, same(graph), room=ROOM)
    assert len({places[key][1] for key in ("n0", "n1", "n2")}) == 1
    assert places["n3"][0] == places["n0"][0]
    assert places["n3"][1] > places["n0"][1] + SIZE[1]
    assert not touching(places, same(graph))


def test_a_selection_begins_where_it_is_told_and_the_result_is_stable() -> None:
    graph = drawn([(0, 1), (1, 2), (2, 3)], 4)
    sizes = dict.fromkeys(("n1", "n2"), SIZE)
    assert layered(graph, sizes, (80.0, 40.0)) == {"n1": (80.0, 40.0), "n2": (320.0, 40.0)}
    assert layered(graph, sizes) == layered(graph, dict(reversed(sizes.items())))
    assert layered(graph, {}) == {}


def test_the_same_graph_is_drawn_in_the_same_way_however_it_was_made() -> None:
    graph = chain(60, 20)
    other = Graph()
    wires = sorted(graph.wires.values(), key=lambda wire: wire.key, reverse=True)
    other.apply([Change("node", key, None, graph.nodes[key]) for key in reversed(list(graph.nodes))])
    other.apply([Change("wire", wire.key, None, wire) for wire in wires])
    assert draw(sheet(graph, same(graph), ROOM)) == draw(sheet(other, same(graph), ROOM))


def test_a_long_chain_is_broken_into_bands_that_suit_the_room() -> None:
    graph = drawn([(i, i + 1) for i in range(11)], 12)
    places = layered(graph, same(graph), room=(1100.0, 600.0))
    rows = sorted({y for _, y in places.values()})
    assert len(rows) == 2
    assert max(x for x, _ in places.values()) < 1600
    assert [key for key in graph.nodes if places[key][1] == rows[0]] == [f"n{i}" for i in range(6)]
    assert len({y for _, y in layered(graph, same(graph)).values()}) == 1


@pytest.mark.parametrize("count", [300, 2_000])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_bands_of_a_large_chain_fill_the_room(count: int, direction: Direction) -> None:
    graph = chain(count, count // 5)
    places = layered(graph, same(graph), room=ROOM, direction=direction)
    long, high = (max(place[axis] for place in places.values()) + SIZE[axis] for axis in (0, 1))
    assert 0.5 < (long / high) / (ROOM[0] / ROOM[1]) < 2


def test_columns_of_all_bands_stand_in_line() -> None:
    """So a wire from band to band that goes down between two columns goes behind no card."""
    graph = chain(60, 0)
    sizes = {key: (120.0 + 8 * (i % 7), 56.0) for i, key in enumerate(graph.nodes)}
    places = layered(graph, sizes, room=ROOM)
    columns = sorted({x for x, _ in places.values()})
    longest = max(sum(y == row for _, y in places.values()) for row in {y for _, y in places.values()})
    assert len(columns) == longest


def test_bands_break_where_few_wires_are_cut() -> None:
    """Two thick knots and one wire between them."""
    knot = [(a, b) for a in range(8) for b in range(a + 1, 8)]
    wires = [*knot, (7, 8), *((a + 8, b + 8) for a, b in knot)]
    graph = drawn(wires, 16)
    places = layered(graph, same(graph), room=(1300.0, 900.0))
    first = {key for key in graph.nodes if places[key][0] > places["n7"][0] or int(key[1:]) <= 7}
    assert first == {f"n{i}" for i in range(8)}
    assert places["n8"][0] == places["n0"][0]


def test_what_is_no_chain_is_not_broken() -> None:
    """Many rows side by side: a break would cut them all."""
    rows, long = 12, 20
    wires = [(row * long + i, row * long + i + 1) for row in range(rows) for i in range(long - 1)]
    wires += [(row * long, (row + 1) * long + 1) for row in range(rows - 1)]
    graph = drawn(wires, rows * long)
    places = layered(graph, same(graph), room=(800.0, 1600.0))
    assert all(places[f"n{a}"][0] < places[f"n{b}"][0] for a, b in wires)


def test_layers_too_high_for_the_room_are_spread_over_several() -> None:
    graph = drawn([(i, 200) for i in range(200)], 201)
    places = layered(graph, same(graph), room=ROOM)
    assert max(y for _, y in places.values()) < 8_000
    assert len({x for x, _ in places.values()}) > 3
    few = drawn([(i, 6) for i in range(6)], 7)
    assert len({x for x, _ in layered(few, same(few), room=ROOM).values()}) == 2


def test_cards_that_are_each_too_high_for_the_room_get_a_layer_each() -> None:
    graph = drawn([(0, 1), (0, 2), (0, 3)], 4)
    places = layered(graph, dict.fromkeys(graph.nodes, (10.0, 5000.0)), room=(10_000.0, 100.0))
    assert len({x for x, _ in places.values()}) == 4


def test_what_fits_into_the_room_stays_in_one_band() -> None:
    graph = drawn([(0, 1), (1, 2)], 3)
    places = layered(graph, same(graph), room=(1100.0, 600.0))
    assert {y for _, y in places.values()} == {0.0}
    assert layered(graph, {}, room=(1100.0, 600.0)) == {}


def test_a_layout_can_be_given_up() -> None:
    class EnoughError(Exception):
        pass

    def pause() -> None:
        raise EnoughError

    graph = chain(30, 6)
    with pytest.raises(EnoughError):
        draw(sheet(graph, same(graph)), pause)
