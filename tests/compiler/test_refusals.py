"""What no run could do is said in the plan, at the node that is to blame, with a click that mends it."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from tests.compiler.battery import CASES
from tests.compiler.battery.case import Case

from netloom import compiler
from netloom.compiler.refusals import only_matrices
from netloom.graph import Document, edit
from netloom.layers import blocks
from netloom.layers.authoring import Graph
from netloom.templates import document


def trained(kind: str, params: Mapping[str, Any] | None = None, **table: Any) -> Graph:
    """Rows of numbers as places in a table, then a layer without a bias and one with, and an optimizer."""
    graph = Graph()
    data = graph.add("Dataset", "data", source="moons")
    entry, cast = graph.add("Input", "x"), graph.add("Cast", "cast", dtype="int64")
    rows, flat = graph.add("Embedding", "rows", num_embeddings=9, embedding_dim=3, **table), graph.add("Flatten")
    plain = graph.add("Linear", "plain", out_features=4, bias=False)
    bend, head = graph.add("Tanh"), graph.add("Linear", "head", out_features=2)
    out, loss = graph.add("Output", "logits"), graph.add("CrossEntropyLoss", "loss")
    for source, target in pairwise((entry, cast, rows, flat, plain, bend, head, out)):
        graph.connect(source, target)
    graph.connect(data, "point", entry, "data")
    graph.connect(out, "out", loss, "input")
    graph.connect(data, "label", loss, "target")
    graph.connect(loss, graph.add(kind, "optimizer", **(params or {})))
    return graph


def only_error(graph: Graph) -> compiler.Problem:
    (found,) = [each for each in compiler.plan_graph(graph).problems if each.severity == "error"]
    return found


@pytest.mark.parametrize(
    ("kind", "table", "words", "left"),
    [
        ("Muon", {}, "Muon updates matrices alone, and head has other weights", ["rows", "plain"]),
        ("SparseAdam", {"sparse": True}, "set to sparse, and plain is none", ["rows"]),
        ("Adam", {"sparse": True}, "Adam cannot follow the sparse gradients of rows", ["plain", "head"]),
    ],
)
def test_an_algorithm_that_cannot_update_a_weight_is_left_what_it_can(
    kind: str, table: dict[str, Any], words: str, left: list[str]
) -> None:
    graph = trained(kind, **table)
    problem = only_error(graph)
    assert problem.node == graph.named("optimizer").id
    assert words in problem.message
    graph.apply(problem.fixes[-1].patch.changes)
    assert [graph.nodes[key].name for key in graph.named("optimizer").params["updates"]] == left
    plan = compiler.plan_graph(graph)
    assert plan.is_valid
    assert compiler.compile_plan(plan).optimizers[0].updates


def test_a_table_is_no_longer_sparse_after_one_click() -> None:
    graph = trained("Adam", sparse=True)
    graph.apply(only_error(graph).fixes[0].patch.changes)
    assert compiler.plan_graph(graph).is_valid
    assert compiler.plan_graph(trained("SGD", sparse=True)).is_valid


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_known_which_layers_hold_nothing_but_matrices(case: Case) -> None:
    plan = compiler.plan_graph(case.graph())
    item = next(item for item in plan.nodes.values() if item.node.name == "it")
    if item.parameters:
        model = compiler.build_module(plan)
        assert only_matrices(item) == all(weight.dim() == 2 for weight in model.parameters())


def test_a_metric_compares_an_output_with_a_column() -> None:
    graph = document("iris-mlp").graph
    metric = next(node for node in graph.nodes.values() if node.kind == "Accuracy")
    logits, data = graph.named("logits"), next(node for node in graph.level() if node.kind == "Dataset")
    wires = {wire.input: wire for wire in graph.into(metric.id)}
    graph.apply(edit.remove(Document(graph), wires=wires.values()).changes)
    graph.apply(edit.add(type(wires["preds"])(data.id, "features", metric.id, "preds"), "").changes)
    graph.apply(edit.add(type(wires["preds"])(logits.id, "out", metric.id, "target"), "").changes)
    found = {each.port: each.message for each in compiler.plan_graph(graph).problems if each.severity == "error"}
    assert found["preds"].endswith("measures what an Output gives; wire one into preds.")
    assert found["target"].endswith("compares with a column of a dataset; wire one into target.")


def test_layers_that_are_not_there_are_warned_of_and_taken_off_by_a_click() -> None:
    for named, left in ((["n404"], None), (["n404", "plain"], ["plain"])):
        graph = trained("Adam")
        keys = [graph.named(name).id if name == "plain" else name for name in named]
        graph.apply(edit.set_params(graph, graph.named("optimizer").id, {"updates": keys}).changes)
        problem = next(each for each in compiler.plan_graph(graph).problems if "not there" in each.message)
        assert problem.severity == "warning"
        graph.apply(problem.fixes[0].patch.changes)
        kept = graph.named("optimizer").params.get("updates")
        assert (kept and [graph.nodes[key].name for key in kept]) == left


def test_a_block_of_which_a_layer_is_named_is_updated() -> None:
    graph = trained("Adam")
    plain, optimizer = graph.named("plain").id, graph.named("optimizer").id
    last = [plain, graph.named("head").id, *(node.id for node in graph.level() if node.kind == "Tanh")]
    Document(graph).apply(blocks.make_block(Document(graph), last, "Last"))
    graph.apply(edit.set_params(graph, optimizer, {"updates": [plain]}).changes)
    texts = [each.message for each in compiler.plan_graph(graph).problems]
    assert texts == ["No optimizer updates the weights of rows."]


def test_an_optimizer_of_frozen_layers_alone_has_nothing_to_train() -> None:
    graph = trained("Adam")
    names = ("rows", "plain", "head")
    graph.apply(edit.freeze(graph, [graph.named(name).id for name in names], frozen=True).changes)
    problem = only_error(graph)
    assert problem.node == graph.named("optimizer").id
    assert problem.message == "optimizer has nothing to train: all layers that it updates are frozen."
    assert [fix.label for fix in problem.fixes] == [*(f"Unfreeze {name}" for name in names), "Unfreeze all"]
    graph.apply(problem.fixes[0].patch.changes)
    assert compiler.plan_graph(graph).is_valid


def test_an_optimizer_of_frozen_blocks_has_nothing_to_train() -> None:
    made = Document(trained("Adam"))
    keys = [made.graph.named(name).id for name in ("rows", "flatten", "plain", "tanh", "head")]
    made.apply(edit.freeze(made.graph, [made.graph.named(name).id for name in ("rows", "plain", "head")], frozen=True))
    made.apply(blocks.make_block(made, keys, "whole"))
    assert only_error(made.graph).message.startswith("optimizer has nothing to train")


def test_weights_that_are_frozen_want_no_optimizer() -> None:
    graph = trained("Adam")
    optimizer, plain = graph.named("optimizer"), graph.named("plain")
    graph.apply(edit.set_params(graph, optimizer.id, {"updates": [graph.named("head").id]}).changes)
    missed = {graph.nodes[each.node].name for each in compiler.plan_graph(graph).problems}
    graph.apply(edit.freeze(graph, [plain.id], frozen=True).changes)
    assert missed - {graph.nodes[each.node].name for each in compiler.plan_graph(graph).problems} == {"plain"}
