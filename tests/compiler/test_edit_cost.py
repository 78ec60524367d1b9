"""One edit asks of a large graph only what it changes: counted, never timed."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from netloom.compiler import advice, level, standing
from netloom.compiler.planner import Planner
from netloom.errors import GraphError
from netloom.graph import Change, Graph, Node, Wire

BRANCHES = 2_000
FEW = 40


def residual(branches: int) -> Graph:
    """A chain of linear layers, each with a sum round it."""
    nodes = [Node("start", "Input", "start", {"shape": [8]})]
    wires: list[Wire] = []
    before, port = "start", "out"
    for index in range(branches):
        linear, total = f"linear{index}", f"sum{index}"
        nodes.append(Node(linear, "Linear", linear, {"out_features": 8}))
        nodes.append(Node(total, "Add", total))
        wires.append(Wire(before, port, linear, "input"))
        wires.append(Wire(before, port, total, "inputs", 0))
        wires.append(Wire(linear, "output", total, "inputs", 1))
        before, port = total, "output"
    nodes.append(Node("end", "Output", "end"))
    wires.append(Wire(before, port, "end", "input"))
    graph = Graph()
    graph.apply([Change("node", node.id, None, node) for node in nodes])
    graph.apply([Change("wire", wire.key, None, wire) for wire in wires])
    return graph


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often something is asked from now on."""
    found: Counter[str] = Counter()

    def watch(owner: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def counted(*args: Any) -> Any:
            found[name] += 1
            return real(*args)

        monkeypatch.setattr(owner, name, counted)

    watch(level.Level, "_visit")
    watch(advice, "_checked")
    watch(advice, "_unused")
    watch(standing, "ordered")
    return found


def test_a_wire_beside_thousands_of_branches_asks_a_handful(counts: Counter[str]) -> None:
    graph, planner = residual(BRANCHES), Planner()
    planner.plan(graph)
    assert min(counts["_visit"], counts["_checked"], counts["_unused"]) > BRANCHES
    counts.clear()
    middle = BRANCHES // 2
    wire = Wire(f"sum{middle - 3}", "output", f"sum{middle}", "inputs", 2)
    for change in (Change("wire", wire.key, None, wire), Change("wire", wire.key, wire, None)):
        graph.apply([change])
        plan = planner.plan(graph)
        assert counts["ordered"] == 0
        assert sum(counts.values()) < FEW
        counts.clear()
        assert plan == Planner().plan(graph)
        counts.clear()


@pytest.mark.parametrize("at", [1, BRANCHES // 2, BRANCHES - 1])
def test_an_edit_costs_the_same_wherever_it_is(counts: Counter[str], at: int) -> None:
    graph, planner = residual(BRANCHES), Planner()
    planner.plan(graph)
    counts.clear()
    old = graph.node(f"linear{at}")
    renamed = Node(old.id, old.kind, "other", old.params)
    graph.apply([Change("node", old.id, old, renamed)])
    plan = planner.plan(graph)
    assert plan.nodes[old.id].node.name == "other"
    assert counts["ordered"] == 0
    assert sum(counts.values()) < FEW


KINDS = ("Linear", "Linear", "ReLU", "Dropout", "Softmax", "Add", "BatchNorm1d", "Output", "CrossEntropyLoss")


def change_at_random(graph: Graph, chance: random.Random) -> list[Change]:
    """One edit of a small graph: it may leave loops, lose ports or make no sense, and is refused or is not."""
    node = chance.choice(list(graph.nodes.values()))
    what = chance.randrange(7)
    if what < 2:
        other = chance.choice(list(graph.nodes.values()))
        port = "inputs" if other.kind == "Add" else "input"
        wire = Wire(
            node.id, "out" if node.kind in ("Input", "Output") else "output", other.id, port, chance.randrange(2)
        )
        return [Change("wire", wire.key, graph.wires.get(wire.key), wire)]
    if what == 2 and graph.wires:
        wire = chance.choice(list(graph.wires.values()))
        return [Change("wire", wire.key, wire, None)]
    if what == 3:
        key = f"m{chance.randrange(10**6)}"
        return [Change("node", key, None, Node(key, chance.choice(KINDS), key))]
    if what == 4:
        gone = [*graph.into(node.id), *graph.out_of(node.id)]
        return [*(Change("wire", wire.key, wire, None) for wire in gone), Change("node", node.id, node, None)]
    if what == 5:
        return [Change("node", node.id, node, msgspec.structs.replace(node, bypassed=not node.bypassed))]
    params = {"out_features": chance.choice((4, 8))} if node.kind == "Linear" else {}
    return [Change("node", node.id, node, msgspec.structs.replace(node, kind=chance.choice(KINDS), params=params))]


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_that_followed_edits_is_that_of_a_fresh_planner(seed: int) -> None:
    chance = random.Random(seed)
    graph, planner = residual(5), Planner()
    done = 0
    for step in range(60):
        try:
            graph.apply(change_at_random(graph, chance))
        except GraphError:
            continue
        done += 1
        plan, fresh = planner.plan(graph), Planner().plan(graph)
        assert plan == fresh, step
        assert list(plan.nodes) == list(fresh.nodes), step
        if not graph.nodes:
            break
    assert done > 20
