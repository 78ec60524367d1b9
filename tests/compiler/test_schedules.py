"""Optimizers and schedules: every value that the catalogue takes is one that torch takes, and what goes together."""

import random
import warnings
from typing import Any

import pytest
import torch
from torch import nn

from netloom import compiler
from netloom.compiler import Problem
from netloom.compiler.goals import STEPPING
from netloom.graph import Document
from netloom.layers import values
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS
from netloom.layers.spec import Param
from netloom.training.dotted import dotted

OPTIMIZERS = [kind for kind, found in SPECS.items() if found.role == "optimizer"]
SCHEDULES = [kind for kind, found in SPECS.items() if found.role == "schedule"]
COMBINING = ("SequentialLR", "ChainedScheduler")
NUMBERS = [0, 1, 2, 7, 0.0, 0.3, 0.5, 0.999, 1.0, 1.2, 50.0, 1e-12]


def fitting(param: Param, chance: random.Random) -> Any:
    """A value that the catalogue takes; the default where none is found."""
    for _ in range(20):
        found: Any = chance.choice(NUMBERS)
        if param.type in ("floats", "ints"):
            found = sorted(chance.sample(NUMBERS, param.dims or 1))
        elif param.choices:
            found = chance.choice(param.choices)
        elif param.type == "bool":
            found = chance.random() < 0.5
        if values.expected(param, found) is None:
            return found
    return param.default


def drawn(kind: str, chance: random.Random) -> dict[str, Any]:
    known = [param for param in SPECS[kind].params if param.name not in ("updates", "step")]
    return {param.name: fitting(param, chance) for param in known if chance.random() < 0.6 or param.required}


def training(kind: str, params: dict[str, Any], *schedules: tuple[str, dict[str, Any]]) -> Graph:
    """An optimizer with these schedules, the later ones wired into the first where there are several."""
    graph = Graph()
    x, y = graph.add("Input", "x", shape=[3], dtype="int64"), graph.add("Output", "y")
    layer = graph.add("Embedding", num_embeddings=9, embedding_dim=4, sparse=kind == "SparseAdam")
    loss, optimizer = graph.add("MeanLoss", "loss"), graph.add(kind, "it", **params)
    for source, target in ((x, layer), (layer, y), (y, loss)):
        graph.connect(source, target)
    graph.connect(loss, "loss", optimizer, "losses")
    nodes = [graph.add(each, f"schedule{index}", **given) for index, (each, given) in enumerate(schedules)]
    for node in nodes[1:]:
        graph.connect(node, "schedule", nodes[0], "schedules")
    if nodes:
        graph.connect(nodes[0], "schedule", optimizer, "schedule")
    return graph


def errors(graph: Graph) -> list[Problem]:
    return [problem for problem in compiler.plan_graph(graph).problems if problem.severity == "error"]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_optimizer_takes_every_value_that_the_catalogue_takes(kind: str) -> None:
    chance = random.Random(kind)
    accepted = 0
    for _ in range(60):
        params = drawn(kind, chance)
        if errors(training(kind, params)):
            continue
        accepted += 1
        own = {name: value for name, value in params.items() if name not in STEPPING}
        dotted(SPECS[kind].target)([nn.Parameter(torch.zeros(2, 2))], **own)
    assert accepted > 10


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULES if kind not in COMBINING])
def test_a_schedule_takes_every_value_that_the_catalogue_takes(kind: str) -> None:
    chance, accepted = random.Random(kind), 0
    for _ in range(60):
        params = drawn(kind, chance)
        if errors(training("SGD", {}, (kind, params))):
            continue
        accepted += 1
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(2))], lr=0.1, momentum=0.5)
        whole = {"OneCycleLR": "total_steps", "CosineAnnealingLR": "T_max"}.get(kind)
        given = ({whole: 9} if whole else {}) | {name: value for name, value in params.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            schedule = dotted(SPECS[kind].target)(optimizer, **given)
            for _ in range(4 if given.get(whole, 9) > 4 else 0):
                schedule.step(*([1.0] if kind == "ReduceLROnPlateau" else []))
    assert accepted > 40


def test_nesterov_needs_a_momentum() -> None:
    graph = training("SGD", {"nesterov": True})
    (problem,) = errors(graph)
    assert "needs a momentum above 0" in problem.message
    Document(graph).apply(problem.fixes[0].patch)
    assert not errors(graph)


@pytest.mark.parametrize(("milestones", "label"), [([5], "Use 5, 15"), ([3, 7, 9], "Use 3, 7")])
def test_a_sequence_has_a_milestone_between_each_two_schedules(milestones: list[int], label: str) -> None:
    three: list[tuple[str, dict[str, Any]]] = [("LinearLR", {}), ("StepLR", {}), ("ExponentialLR", {})]
    graph = training("SGD", {}, ("SequentialLR", {"milestones": milestones}), *three)
    (problem,) = errors(graph)
    assert "3 schedules are wired to it" in problem.message
    fix = next(fix for fix in problem.fixes if fix.label == label)
    Document(graph).apply(fix.patch)
    assert not errors(graph)


@pytest.mark.parametrize("kind", COMBINING)
def test_a_schedule_that_looks_at_the_loss_stands_alone(kind: str) -> None:
    graph = training("SGD", {}, (kind, {}), ("LinearLR", {}), ("ReduceLROnPlateau", {}))
    assert any("cannot combine a schedule that looks at the loss" in problem.message for problem in errors(graph))


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("inside", [False, True])
def test_a_momentum_is_moved_only_where_there_is_one(kind: str, inside: bool) -> None:
    cycle: tuple[str, dict[str, Any]] = ("CyclicLR", {})
    schedules = [("ChainedScheduler", {}), cycle, ("StepLR", {})] if inside else [cycle]
    has_one = {"betas", "momentum"} & {param.name for param in SPECS[kind].params}
    found = errors(training(kind, {}, *schedules))
    assert bool(found) != bool(has_one)
    assert not errors(training(kind, {}, ("CyclicLR", {"cycle_momentum": False})))
