"""Metrics in a run: each is fed what it compares and read as one number by its name."""

import pytest
import torch
import torchmetrics
from tests.training.conftest import of_type

from netloom.compiler import plan_graph
from netloom.compiler.goals import MetricPlan
from netloom.errors import TrainingError
from netloom.graph import Document, Training
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS
from netloom.training import metrics
from netloom.training.events import EpochEnded
from netloom.training.loop import train

CPU = torch.device("cpu")
KINDS = [kind for kind, found in SPECS.items() if found.role == "metric"]
CLASSES = [kind for kind in KINDS if SPECS[kind].param("task")]
AMOUNTS = [kind for kind in KINDS if not SPECS[kind].param("task")]


def measured(source, width, loss_kind, kinds, **params):
    """A document with one layer and metrics of these kinds; those that do not fit its shapes are left out."""
    graph = Graph()
    data = graph.add("Dataset", "data", source=source)
    place, layer = graph.add("Input", "x"), graph.add("Linear", "layer", out_features=width)
    answer, loss = graph.add("Output", "y"), graph.add(loss_kind, "loss")
    for pair in ((data, place), (place, layer), (layer, answer), (answer, loss), (data, loss)):
        graph.connect(*pair)
    column = next(wire.output for wire in graph.into(loss) if wire.source == data)
    graph.connect(loss, graph.add("Adam"))
    for kind in kinds:
        node = graph.add(
            kind, f"m_{kind}", **{name: value for name, value in params.items() if SPECS[kind].param(name)}
        )
        graph.connect(answer, "out", node, "preds")
        graph.connect(data, column, node, "target")
    wrong = {problem.node for problem in plan_graph(graph).problems if problem.severity == "error"}
    return Document(graph, Training(epochs=1, batch_size=64, device="cpu")), [
        node.name for node in graph.nodes.values() if node.id in wrong
    ]


@pytest.mark.parametrize("kind", CLASSES)
def test_metrics_of_classes_are_reported_by_name(kind, tmp_path):
    document, wrong = measured("iris", 3, "CrossEntropyLoss", [kind])
    if wrong:
        pytest.skip("answers several questions at once, which these labels do not")
    assert last_names(train(document, folder=tmp_path)) == {f"m_{kind}"}


@pytest.mark.parametrize("kind", AMOUNTS)
def test_metrics_of_numbers_are_reported_by_name(kind, tmp_path):
    document, wrong = measured("diabetes", 1, "MSELoss", [kind])
    if wrong:
        pytest.skip("compares vectors or words, and this dataset has one number for each sample")
    assert last_names(train(document, folder=tmp_path)) == {f"m_{kind}"}


def last_names(events):
    """The names of the metrics of the last epoch, the same on both splits, each with a number."""
    events = list(events)
    assert events[-1].state == "finished", events[-1].message
    found = of_type(EpochEnded, events)[-1].metrics
    assert found.keys() == {"train", "val"}
    assert found["train"].keys() == found["val"].keys()
    assert all(isinstance(value, float) for scores in found.values() for value in scores.values())
    return set(found["train"])


def test_the_number_is_that_of_torchmetrics_over_all_rows():
    plan = MetricPlan(
        "n1", "f1", "torchmetrics.F1Score", {"task": "multiclass", "num_classes": 3, "average": "macro"}, 0, 0
    )
    ours, theirs = metrics.build(plan, CPU), torchmetrics.F1Score(task="multiclass", num_classes=3, average="macro")
    torch.manual_seed(0)
    for _ in range(3):
        scores, labels = torch.randn(20, 3), torch.randint(0, 3, (20,))
        ours.add(scores, labels)
        theirs.update(scores, labels)
    assert ours.read() == float(theirs.compute())
    ours.reset()
    ours.add(torch.eye(3), torch.arange(3))
    assert ours.read() == 1.0


def test_one_column_is_compared_with_a_row_of_numbers():
    made = metrics.build(MetricPlan("n1", "mse", "torchmetrics.MeanSquaredError", {}, 0, 0), CPU)
    made.add(torch.ones(5, 1), torch.zeros(5))
    assert made.read() == 1.0


def read_after(made, answers, truth):
    made.add(answers, truth)
    return made.read()


@pytest.mark.parametrize(
    ("target", "arguments", "answers", "truth", "words"),
    [
        ("MeanSquaredError", {}, torch.ones(4, 3), torch.ones(4, 2), "same shape"),
        ("ConfusionMatrix", {"task": "multiclass", "num_classes": 3}, torch.eye(3), torch.arange(3), "gives 9 numbers"),
        ("SpearmanCorrCoef", {}, torch.ones(4, 3), torch.ones(4, 3), "num_outputs"),
    ],
)
def test_what_a_metric_cannot_measure_is_said_with_its_node(target, arguments, answers, truth, words):
    made = metrics.build(MetricPlan("n7", "score", f"torchmetrics.{target}", arguments, 0, 0), CPU)
    with pytest.raises(TrainingError, match="score cannot be measured: ") as caught:
        read_after(made, answers, truth)
    assert words in str(caught.value)
    assert caught.value.node == "n7"
