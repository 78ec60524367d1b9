"""How a split is scored."""

import numpy as np
import pytest
import torch
from tests.training.conftest import classifier

from netloom.compiler import plan_graph
from netloom.errors import TrainingError
from netloom.layers.authoring import Graph
from netloom.training import evaluate, metrics, network
from netloom.training.evaluate import Evaluation, classification
from netloom.training.network import Network

LAYERS = (
    ("Linear", {"out_features": 8}),
    ("BatchNorm1d", {}),
    ("Dropout", {"p": 0.5}),
    ("Linear", {"out_features": 3}),
)


def made(document) -> Network:
    return network.build(plan_graph(document.graph), torch.device("cpu"), 0)


@pytest.fixture
def iris() -> Network:
    return made(classifier("iris", LAYERS))


def held_out(found: Network):
    rows = found.feed.splits["val"]
    found.compiled.model.eval()
    with torch.no_grad():
        answers = found.compiled.model(found.feed.columns[0][rows])
    found.compiled.model.train()
    return answers, found.feed.columns[1][rows]


def test_scores_are_those_of_torch_over_the_whole_split(iris):
    score = Evaluation(iris, 16)()["val"]
    answers, labels = held_out(iris)
    assert score.losses == pytest.approx({"loss": float(torch.nn.functional.cross_entropy(answers, labels))}, abs=1e-6)
    assert score.metrics == pytest.approx({"accuracy": float((answers.argmax(1) == labels).float().mean())})
    counts = np.zeros((3, 3), np.int64)
    np.add.at(counts, (labels.numpy(), answers.argmax(1).numpy()), 1)
    assert np.array_equal(score.confusion, counts)


@pytest.mark.parametrize("rows_at_once", [1, 7, 30, 4096])
def test_the_size_of_a_batch_does_not_matter(iris, monkeypatch, rows_at_once):
    whole = Evaluation(iris, 16)()["val"]
    monkeypatch.setattr(evaluate, "ROWS_AT_ONCE", rows_at_once)
    monkeypatch.setattr(evaluate, "BATCHES_AT_ONCE", 1)
    parts = Evaluation(iris, rows_at_once)()["val"]
    assert parts.losses == pytest.approx(whole.losses, rel=1e-5)
    assert parts.metrics == pytest.approx(whole.metrics)
    assert np.array_equal(parts.confusion, whole.confusion)


def test_scoring_leaves_the_model_as_it_was(iris):
    before = {name: value.clone() for name, value in iris.compiled.model.state_dict().items()}
    state = torch.get_rng_state()
    Evaluation(iris, 16)()
    assert iris.compiled.model.training
    assert torch.get_rng_state().equal(state)
    assert all(value.equal(before[name]) for name, value in iris.compiled.model.state_dict().items())


def test_the_training_split_is_scored_on_as_many_rows_as_are_held_out(iris):
    evaluation = Evaluation(iris, 16)
    rows = evaluation._rows["train"]
    assert len(rows) == len(iris.feed.splits["val"]) == 30
    assert set(rows.tolist()) <= set(iris.feed.splits["train"].tolist())
    assert rows.diff().min() > 0


def test_two_scorings_in_a_row_are_the_same(iris):
    evaluation = Evaluation(iris, 16)
    one, two = evaluation()["val"], evaluation()["val"]
    assert (one.losses, one.metrics) == (two.losses, two.metrics)


def test_what_is_classified_is_found_without_a_metric():
    graph = Graph()
    data, place, layer = (
        graph.add("Dataset", source="iris"),
        graph.add("Input", "x"),
        graph.add("Linear", out_features=3),
    )
    answer, loss = graph.add("Output", "y"), graph.add("CrossEntropyLoss", "loss")
    for source, target in ((data, place), (place, layer), (layer, answer), (answer, loss), (data, loss)):
        graph.connect(source, target)
    graph.connect(loss, graph.add("SGD"))
    found = classification(network.build(plan_graph(graph), torch.device("cpu"), 0))
    assert (found.output, found.column, found.classes) == (0, 0, 3)


def test_a_metric_that_cannot_be_made_is_named(iris, monkeypatch):
    (plan,) = iris.compiled.metrics
    wrong = type(plan)(plan.node, plan.name, plan.target, {"task": "abacus"}, plan.output, plan.column)
    with pytest.raises(TrainingError, match="accuracy cannot be made") as caught:
        metrics.build(wrong, torch.device("cpu"))
    assert caught.value.node == plan.node
