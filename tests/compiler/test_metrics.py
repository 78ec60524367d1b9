"""Metrics: those of torchmetrics with the arguments of a plan, and refused where torchmetrics refuses."""

import dataclasses
import random
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import torch
import torchmetrics
from torch import Tensor

from netloom import compiler
from netloom.compiler.arguments import arguments_of
from netloom.compiler.flow import Flow
from netloom.compiler.planner import Planner
from netloom.compiler.rules import Mismatch
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS
from netloom.training.dotted import dotted

KINDS = [kind for kind, found in SPECS.items() if found.role == "metric"]
TASKS = [(kind, task) for kind in KINDS if (param := SPECS[kind].param("task")) for task in param.choices]
AMOUNTS = [kind for kind in KINDS if SPECS[kind].param("task") is None and kind != "Perplexity"]
ROWS, CLASSES = 12, 4

SHAPES: Mapping[str, tuple[list[int], list[int]]] = {
    "multiclass": ([CLASSES], []),
    "binary": ([], []),
    "multilabel": ([CLASSES], [CLASSES]),
}


def measuring(kind: str, shapes: Sequence[list[int]], dtype: str, params: Mapping[str, Any]) -> Graph:
    graph = Graph()
    metric = graph.add(kind, "it", **params)
    for port, shape, given in zip(("preds", "target"), shapes, ("float32", dtype), strict=True):
        entry = graph.add("Input", f"in_{port}", shape=shape, dtype=given)
        leaving = graph.add("Output", f"out_{port}")
        graph.connect(entry, "out", leaving, "input")
        graph.connect(leaving, "out", metric, port)
    return graph


def planned(graph: Graph) -> compiler.Plan:
    """The plan, as if the target came from a dataset."""
    plan = compiler.plan_graph(graph)
    problems = tuple(each for each in plan.problems if "column of a dataset" not in each.message)
    return dataclasses.replace(plan, problems=problems)


def read(kind: str, arguments: Mapping[str, Any], preds: Tensor, target: Tensor) -> Tensor:
    """The metric as a run makes and feeds it."""
    given = {name: value for name, value in arguments.items() if value is not None}
    quick = {"validate_args": False} if "task" in given else {}
    if preds.shape != target.shape and preds.numel() == target.numel():
        preds = preds.reshape(target.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metric = dotted(SPECS[kind].target)(**given, **quick)
        metric.update(preds, target)
        found: Tensor = metric.compute()
    return found


@pytest.mark.parametrize(("kind", "task"), TASKS)
@pytest.mark.parametrize("steps", [[], [5]])
def test_a_metric_of_classes_takes_what_is_planned(kind: str, task: str, steps: list[int]) -> None:
    preds, target = ([*shape, *steps] for shape in SHAPES[task])
    plan = planned(measuring(kind, (preds, target), "int64", {"task": task}))
    assert plan.is_valid, plan.problems
    arguments = next(item.arguments for item in plan.nodes.values() if item.node.name == "it")
    torch.manual_seed(0)
    labels = torch.randint(0, CLASSES if task == "multiclass" else 2, (ROWS, *target))
    assert read(kind, arguments, torch.rand(ROWS, *preds), labels).shape == ()


@pytest.mark.parametrize("kind", AMOUNTS)
def test_a_metric_of_numbers_takes_what_is_planned(kind: str) -> None:
    taken = 0
    for shape in ([], [1], [3], [3, 2]):
        plan = planned(measuring(kind, (shape, shape), "float32", {}))
        if not plan.is_valid:
            continue
        taken += 1
        arguments = next(item.arguments for item in plan.nodes.values() if item.node.name == "it")
        torch.manual_seed(0)
        assert read(kind, arguments, torch.rand(ROWS, *shape), torch.rand(ROWS, *shape)).numel() == 1
    assert taken


PARAMS = [
    ("Accuracy", {"top_k": 2, "average": "macro"}),
    ("AUROC", {"task": "binary", "max_fpr": 0.5}),
    ("AUROC", {"thresholds": 7, "average": "weighted"}),
    ("FBetaScore", {"beta": 0.5, "ignore_index": 1}),
    ("CalibrationError", {"n_bins": 4, "norm": "max"}),
    ("CohenKappa", {"weights": "quadratic"}),
    ("HingeLoss", {"squared": True}),
]


@pytest.mark.parametrize(("kind", "params"), PARAMS)
def test_parameters_reach_the_metric(kind: str, params: dict[str, Any]) -> None:
    task = params.get("task", "multiclass")
    plan = planned(measuring(kind, SHAPES[task], "int64", params))
    assert plan.is_valid, plan.problems
    arguments = next(item.arguments for item in plan.nodes.values() if item.node.name == "it")
    torch.manual_seed(0)
    preds, target = torch.rand(ROWS, *SHAPES[task][0]), torch.randint(0, 2, (ROWS,))
    by_hand = {"task": "multiclass", "num_classes": CLASSES} | params
    wanted = getattr(torchmetrics, kind)(**by_hand)
    assert torch.equal(read(kind, arguments, preds, target), wanted(preds, target))


def test_perplexity_reads_words() -> None:
    plan = planned(measuring("Perplexity", ([5, CLASSES], [5]), "int64", {}))
    assert plan.is_valid
    assert read("Perplexity", {}, torch.rand(ROWS, 5, CLASSES), torch.randint(0, 4, (ROWS, 5))).numel() == 1


DRAWN = [(12, 4), (12, 4), (12,), (12, 1), (12, 4, 2), (12, 2), (12, 5)]
DTYPES = ["float32", "float32", "float64", "int64", "int64", "int32", "bool"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_rule_accepts_can_be_measured(kind: str) -> None:
    drawn, accepted = random.Random(kind), 0
    tasks = [task for each, task in TASKS if each == kind] or [""]
    for _ in range(300):
        shapes = [drawn.choice(DRAWN)] * 2 if drawn.random() < 0.5 else drawn.choices(DRAWN, k=2)
        if kind == "Perplexity":
            shapes = [(12, 5, 4), (12, 5)]
        inputs = {
            port: (Flow(shape, drawn.choice(DTYPES)),) for port, shape in zip(("preds", "target"), shapes, strict=True)
        }
        task = drawn.choice(tasks)
        try:
            arguments, _ = arguments_of(SPECS[kind].params, {"task": task} if task else {}, inputs)
            Planner().answer(kind, arguments, inputs)
        except Mismatch:
            continue
        accepted += 1
        preds, target = (_tensor(inputs[port][0], 2) for port in ("preds", "target"))
        assert read(kind, arguments, preds, target).numel() == 1, inputs
    assert accepted


def _tensor(flow: Flow, high: int) -> Tensor:
    size, dtype = tuple(int(str(dim)) for dim in flow.shape), getattr(torch, flow.dtype)
    return torch.rand(size).to(dtype) if dtype.is_floating_point else torch.randint(0, high, size).to(dtype)


@pytest.mark.parametrize(
    ("kind", "shapes", "dtype", "params", "words", "label"),
    [
        ("Recall", ([3], []), "float32", {}, "compares with class numbers", "Insert Cast to int64"),
        ("F1Score", ([4], []), "int64", {"num_classes": 3}, "expects 3 classes, gets 4 scores", "Use 4"),
        ("Accuracy", ([4], []), "int64", {"top_k": 9}, "there are 4 classes", "Use 1"),
        ("Precision", ([4], []), "int64", {"task": "binary"}, "yes or no for each sample", "Use the task multiclass"),
        ("Recall", ([4], [4]), "int64", {"task": "multilabel", "num_labels": 3}, "expects 3 answers", "Use 4"),
        ("MeanSquaredError", ([4], []), "float32", {}, "like with like", None),
        ("R2Score", ([4, 2], [4, 2]), "float32", {}, "compares N or N×D", None),
        ("PearsonCorrCoef", ([2], [2]), "float32", {}, "one number for each sample", None),
    ],
)
def test_what_cannot_be_compared_is_said(
    kind: str, shapes: tuple[list[int], list[int]], dtype: str, params: dict[str, Any], words: str, label: str | None
) -> None:
    plan = planned(measuring(kind, shapes, dtype, params))
    (problem,) = (each for each in plan.problems if each.severity == "error")
    assert words in problem.message
    assert label is None or label in [fix.label for fix in problem.fixes]
