"""What a planner remembers is never stale, and what shares weights can share them."""

import pytest

from netloom import compiler
from netloom.compiler.limits import DEEPEST
from netloom.graph import Document, edit
from netloom.layers import blocks
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level


def messages(plan: compiler.Plan) -> list[str]:
    return [problem.message for problem in plan.problems if problem.severity == "error"]


def test_code_that_is_deleted_before_it_is_asked_again_is_no_error() -> None:
    graph = Graph()
    code = graph.add("Python", "it", code="def f(x):\n    return x")
    graph.connect(graph.add("Input", shape=[4]), code)
    planner = compiler.Planner(trusts=lambda _: False)
    planner.plan(graph)
    planner.forget()
    graph.apply(edit.remove(Document(graph), [code]).changes)
    assert planner.plan(graph) == compiler.plan_graph(graph)


def test_a_block_that_is_no_longer_too_deep_is_planned() -> None:
    graph = Graph()
    inner = Level(graph, "B0")
    inner.add("Output", "out", inner.add("ReLU", "relu", inner.add("Input", "x")))
    for depth in range(1, DEEPEST + 1):
        level = Level(graph, f"B{depth}")
        level.add("Output", "out", level.block(inner, "inner", level.add("Input", "x")))
        inner = level
    top = Level(graph)
    node = top.block(inner, "it", top.add("Input", "x", shape=[4]))
    top.add("Output", "out", node)
    planner = compiler.Planner()
    assert any("are the most" in text for text in messages(planner.plan(graph)))
    for _ in range(3):
        shown = next(each for each in graph.level() if each.kind == "Block")
        graph.apply(blocks.unpack(Document(graph), shown.id).changes)
    assert planner.plan(graph) == compiler.plan_graph(graph)
    assert not messages(planner.plan(graph))


def twice(width: int, *, first_shares: bool = False) -> Graph:
    """A block over 64 features, and another use of its weights over `width`."""
    graph = Graph()
    block = Level(graph, "Head")
    block.add("Output", "y", block.add("Linear", "linear", block.add("Input", "x"), out_features=8))
    top = Level(graph)
    a, b = top.add("Input", "a", shape=[64]), top.add("Input", "b", shape=[width])
    owner = top.block(block, "one", b if first_shares else a)
    top.add("Output", "o", owner)
    top.add("Output", "p", top.again(owner, "two", a if first_shares else b))
    return graph


@pytest.mark.parametrize("first_shares", [False, True])
def test_a_block_shares_its_weights_only_where_they_have_one_size(*, first_shares: bool) -> None:
    graph = twice(32, first_shares=first_shares)
    (found,) = messages(compiler.plan_graph(graph))
    assert found.startswith(("two and one use the same weights", "one and two use the same weights"))
    assert "in_features of linear" in found
    assert "64" in found
    assert "32" in found


def test_blocks_that_share_are_checked_again_after_an_edit() -> None:
    graph, planner = twice(64), compiler.Planner()
    assert not messages(planner.plan(graph))
    for shape in ([32], [64], [16]):
        graph.apply(edit.set_params(graph, graph.named("a").id, {"shape": shape}).changes)
        plan = planner.plan(graph)
        assert plan == compiler.plan_graph(graph)
        assert bool(messages(plan)) == (shape != [64])
    graph.apply(edit.remove(Document(graph), wires=[*graph.into(graph.named("two").id)]).changes)
    assert planner.plan(graph) == compiler.plan_graph(graph)


def test_nothing_is_never_handed_on() -> None:
    graph = Graph()
    source = graph.add("Python", "none", code="def none(x):\n    return x[:, :0]\n")
    graph.connect(graph.add("Input", shape=[4]), source)
    chunk = graph.add("Chunk", "chunk", chunks=3)
    graph.connect(source, chunk)
    graph.connect(chunk, graph.add("Output"))
    assert messages(compiler.Planner(trusts=lambda _: True).plan(graph)) == ["none would put out nothing: N×0."]
