"""What runs but is a mistake is said once, with a fix that works by one click and undoes as one step."""

from collections.abc import Callable
from typing import Any

import pytest

from netloom import compiler
from netloom.graph import Document, History
from netloom.layers.authoring import Graph
from netloom.templates import TEMPLATES, document

Steps = list[tuple[str, dict[str, Any]]]


def chain(graph: Graph, start: str, steps: Steps, parent: str = "") -> list[str]:
    """Nodes one after the other behind `start`; their ids."""
    keys = [start]
    for kind, params in steps:
        keys.append(graph.add(kind, parent=parent, **params))
        graph.connect(keys[-2], keys[-1])
    return keys


def model(shape: list[int], *steps: tuple[str, dict[str, Any]]) -> Graph:
    graph = Graph()
    chain(graph, graph.add("Input", shape=shape), [*steps, ("Output", {})])
    return graph


def warnings(graph: Graph, batch_size: int | None = None) -> list[compiler.Problem]:
    plan = compiler.plan_graph(graph, batch_size)
    assert plan.is_valid, plan.problems
    return list(plan.problems)


LINEAR, CONV = ("Linear", {"out_features": 8}), ("Conv2d", {"out_channels": 8, "kernel_size": 3})

WRONG: list[tuple[Graph, str, str]] = [
    (model([8], LINEAR, LINEAR), "Nothing bends the line between linear and linear2", "Insert ReLU"),
    (model([8], LINEAR, ("Dropout", {}), LINEAR), "Nothing bends the line", "Insert ReLU"),
    (model([3, 9, 9], CONV, CONV), "Nothing bends the line between conv and conv2", "Insert ReLU"),
    (model([3, 9, 9], CONV, ("BatchNorm2d", {})), "conv learns a bias that bn takes away again.", "Set bias to false"),
]


@pytest.mark.parametrize(
    ("graph", "message", "label"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_mistake_that_runs_is_warned_of_and_mended(graph: Graph, message: str, label: str) -> None:
    [problem] = warnings(graph)
    assert message in problem.message
    assert problem.severity == "warning"
    [fix] = problem.fixes
    assert fix.label == label
    before = dict(graph.nodes), dict(graph.wires)
    history = History(Document(graph))
    history.do(fix.patch)
    assert not warnings(graph)
    history.undo()
    assert (dict(graph.nodes), dict(graph.wires)) == before


@pytest.mark.parametrize(
    "graph",
    [
        model([8], LINEAR, ("ReLU", {}), LINEAR),
        model([8], ("Linear", {"out_features": 2}), ("Linear", {"out_features": 8})),
        model([8, 9, 9], ("Conv2d", {"out_channels": 8, "kernel_size": 3, "groups": 8}), CONV),
        model([3, 9, 9], ("Conv2d", {"out_channels": 8, "kernel_size": 3, "bias": False}), ("BatchNorm2d", {})),
    ],
)
def test_what_is_meant_is_not_warned_of(graph: Graph) -> None:
    assert not warnings(graph)


def test_mistakes_inside_a_block_are_said_once_for_all_its_uses() -> None:
    graph = Graph()
    block = graph.define("part")
    chain(graph, graph.add("Input", parent=block), [LINEAR, LINEAR, ("Output", {})], block)
    chain(
        graph, graph.add("Input", shape=[8]), [("Block", {"block": block}), ("Block", {"block": block}), ("Output", {})]
    )
    [problem] = warnings(graph)
    assert graph.nodes[problem.node].parent == block


def drawn_training() -> tuple[Graph, dict[str, str]]:
    """Two heads on one trunk, each with its output; the first is trained."""
    graph = Graph()
    data = graph.add("Dataset", source="iris")
    trunk = chain(graph, data, [("Input", {}), LINEAR, ("ReLU", {})])[-1]
    first = chain(graph, trunk, [("Linear", {"out_features": 3}), ("Output", {})])
    second = chain(graph, trunk, [("Linear", {"out_features": 2}), ("Output", {})])
    loss, optimizer = graph.add("CrossEntropyLoss"), graph.add("AdamW")
    graph.connect(first[-1], loss)
    graph.connect(data, "label", loss, "target")
    graph.connect(loss, optimizer)
    return graph, {
        "trunk": trunk,
        "head": first[1],
        "other": second[1],
        "seen": first[2],
        "unseen": second[2],
        "adamw": optimizer,
    }


def test_an_output_that_no_loss_sees_and_weights_that_nothing_updates() -> None:
    graph, keys = drawn_training()
    found = {problem.node: problem.message for problem in warnings(graph)}
    assert set(found) == {keys["unseen"], keys["other"]}
    assert found[keys["unseen"]].startswith("No loss sees")
    assert found[keys["other"]].startswith("No optimizer updates the weights of")


def test_weights_that_the_only_optimizer_leaves_out() -> None:
    graph, keys = drawn_training()
    from netloom.graph import edit

    graph.apply(edit.set_params(graph, keys["adamw"], {"updates": [keys["head"]]}).changes)
    missed = {problem.node for problem in warnings(graph) if "No optimizer updates" in problem.message}
    assert keys["other"] in missed
    assert len(missed) == 2


def test_batch_norm_with_a_batch_of_one() -> None:
    graph = model([3, 9, 9], ("BatchNorm2d", {}))
    assert not warnings(graph)
    assert not warnings(graph, batch_size=2)
    [problem] = warnings(graph, batch_size=1)
    assert "the batch size is 1" in problem.message


SOFTMAX: list[tuple[str, str, Callable[[str], bool]]] = [
    ("Softmax", "CrossEntropyLoss", lambda text: "applies softmax itself" in text),
    ("LogSoftmax", "CrossEntropyLoss", lambda text: "applies logsoftmax itself" in text),
    ("Softmax", "NLLLoss", lambda text: "takes logarithms, as LogSoftmax gives them" in text),
]


@pytest.mark.parametrize(("activation", "loss", "says"), SOFTMAX)
def test_an_activation_that_does_not_go_with_its_loss(activation: str, loss: str, says: Callable[[str], bool]) -> None:
    graph = Graph()
    data = graph.add("Dataset", source="iris")
    answer = chain(
        graph, data, [("Input", {}), ("Linear", {"out_features": 3}), (activation, {"dim": 1}), ("Output", {})]
    )[-1]
    key = graph.add(loss)
    graph.connect(answer, key)
    graph.connect(data, "label", key, "target")
    graph.connect(key, graph.add("AdamW"))
    [problem] = warnings(graph)
    assert says(problem.message)
    graph.apply(problem.fixes[0].patch.changes)
    assert not warnings(graph)


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_no_template_is_warned_of(name: str) -> None:
    made = document(name)
    assert not compiler.plan_graph(made.graph, made.training.batch_size).problems
