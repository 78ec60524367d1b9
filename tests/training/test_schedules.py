"""Rates that change while a run goes on: they follow torch to the last bit, also over a break."""

import itertools

import pytest
import torch
from tests.training.conftest import classifier, losses, of_type, same, stopped_at, told, weights

from netloom.compiler.goals import SchedulePlan
from netloom.errors import TrainingError
from netloom.graph import Document
from netloom.training import checkpoint, schedules
from netloom.training.events import EpochEnded, LossesRead, Stepped
from netloom.training.loop import train
from netloom.training.schedules import Length

LR = torch.optim.lr_scheduler
SEVERAL = {
    "StepLR": {"step_size": 2},
    "MultiStepLR": {"milestones": [1, 3], "gamma": 0.5},
    "ExponentialLR": {},
    "PolynomialLR": {"total_iters": 4},
    "CosineAnnealingLR": {},
    "CosineAnnealingWarmRestarts": {"T_0": 2, "T_mult": 2},
    "ConstantLR": {"total_iters": 3},
    "LinearLR": {},
    "CyclicLR": {"step_size_up": 3, "cycle_momentum": False},
    "OneCycleLR": {"max_lr": 0.05},
    "ReduceLROnPlateau": {"patience": 0, "threshold": 0.2},
}


def scheduled(kind, params, optimizer=("Adam", {"lr": 0.01}), **training) -> Document:
    document = classifier(optimizer=optimizer, **training)
    graph = document.graph
    graph.connect(graph.add(kind, "schedule", **params), "schedule", graph.named("optimizer").id, "schedule")
    return Document(graph, document.training)


def rates(optimizer, made, count):
    found = []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        made.step(lambda: 1.0)
    return found


def plan(kind, arguments, children=(), step="epoch"):
    return SchedulePlan("n1", "schedule", f"torch.optim.lr_scheduler.{kind}", arguments, step, tuple(children))


def adam():
    return torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=0.1)


@pytest.mark.parametrize(
    ("kind", "arguments", "by_hand"),
    [
        ("StepLR", {"step_size": 2, "gamma": 0.1}, lambda o: LR.StepLR(o, 2)),
        ("CosineAnnealingLR", {"T_max": None, "eta_min": 0.0}, lambda o: LR.CosineAnnealingLR(o, 10)),
        ("OneCycleLR", {"max_lr": 0.5, "total_steps": None}, lambda o: LR.OneCycleLR(o, 0.5, total_steps=10)),
        ("ReduceLROnPlateau", {"patience": 1}, lambda o: LR.ReduceLROnPlateau(o, patience=1)),
    ],
)
def test_rates_are_those_of_torch(kind, arguments, by_hand):
    ours, theirs = adam(), adam()
    made, expected = schedules.build(plan(kind, arguments), ours, Length(10, 50)), by_hand(theirs)
    other = schedules.Schedule((expected,), by_batch=False)
    assert rates(ours, made, 10) == rates(theirs, other, 10)


def test_a_sequence_gives_each_schedule_the_steps_in_which_it_is_in_charge():
    children = (plan("LinearLR", {"total_iters": 4}), plan("CosineAnnealingLR", {"T_max": None, "eta_min": 0.0}))
    ours, theirs = adam(), adam()
    made = schedules.build(plan("SequentialLR", {"milestones": [4]}, children, "batch"), ours, Length(2, 20))
    assert made.by_batch
    parts = [LR.LinearLR(theirs, total_iters=4), LR.CosineAnnealingLR(theirs, 16)]
    expected = schedules.Schedule((LR.SequentialLR(theirs, parts, [4]),), by_batch=True)
    assert rates(ours, made, 20) == rates(theirs, expected, 20)


@pytest.mark.parametrize("kind", SEVERAL)
@pytest.mark.parametrize("step", ["epoch", "batch"])
def test_a_run_goes_on_with_the_rate_that_it_had(kind, step, tmp_path):
    params = SEVERAL[kind] | ({} if kind == "ReduceLROnPlateau" else {"step": step})
    document = scheduled(kind, params, epochs=5)
    whole = list(train(document, folder=tmp_path / "whole"))
    begun = told(train(document, folder=tmp_path / "parts"), stopped_at(12))
    rest = list(train(document, folder=tmp_path / "parts", resume=tmp_path / "parts"))
    assert whole[-1].state == rest[-1].state == "finished", (whole[-1].message, rest[-1].message)
    assert losses(whole).tolist() == [*losses(begun).tolist(), *losses(rest).tolist()]
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))


def test_the_rate_shows_in_the_progress(tmp_path):
    document = scheduled("StepLR", {"step_size": 1, "gamma": 0.5}, epochs=3)
    read = of_type(LossesRead, train(document, folder=tmp_path))
    assert read[-1].rates["optimizer"] in (0.01 * 0.5**2, 0.01 * 0.5**3)


def test_a_schedule_by_batches_takes_a_step_after_each(tmp_path):
    document = scheduled("ExponentialLR", {"gamma": 0.9, "step": "batch"}, epochs=2)
    list(train(document, folder=tmp_path))
    state = state_of(tmp_path)
    assert state[0][0]["last_epoch"] == 10


def state_of(folder):
    import json

    from safetensors import safe_open

    with safe_open(folder / checkpoint.STATE, framework="pt") as file:
        return json.loads(file.metadata()["netloom"])["schedules"]


def test_a_plateau_follows_the_loss_on_what_is_held_out(tmp_path):
    document = scheduled("ReduceLROnPlateau", {"patience": 0}, epochs=4)
    ended = of_type(EpochEnded, train(document, folder=tmp_path))
    held = [sum(event.losses["val"].values()) for event in ended]
    state = state_of(tmp_path)
    assert state[0][0]["best"] == min(held)


def test_a_longer_run_goes_on_where_the_shorter_ended(tmp_path):
    document = scheduled("OneCycleLR", {"max_lr": 0.02, "step": "batch"}, epochs=2)
    list(train(document, folder=tmp_path))
    events = list(train(document, folder=tmp_path, resume=tmp_path, epochs=4))
    assert events[-1].state == "finished", events[-1].message
    assert len(of_type(Stepped, events)) == 10


def test_a_cycle_that_is_shorter_than_the_run_is_refused(tmp_path):
    document = scheduled("OneCycleLR", {"total_steps": 7, "step": "batch"}, epochs=2)
    with pytest.raises(TrainingError, match="schedule ends after 7 steps, the run has 10 batches") as caught:
        next(train(document, folder=tmp_path))
    assert caught.value.node == document.graph.named("schedule").id


def test_what_torch_refuses_is_said_with_the_schedule():
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adagrad([parameter], lr=0.1)
    wrong = plan("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "cycle_momentum": True})
    with pytest.raises(TrainingError, match="schedule cannot be made: optimizer must support momentum"):
        schedules.build(wrong, optimizer, Length(1, 1))


def test_a_state_of_another_schedule_is_refused():
    made = [
        schedules.build(each, adam(), Length(4, 4))
        for each in (plan("StepLR", {"step_size": 1}), plan("ReduceLROnPlateau", {}))
    ]
    for one, two in itertools.permutations(made):
        if one is made[1]:
            with pytest.raises(TrainingError, match="another schedule"):
                two.restore(one.state())


def test_one_cycle_needs_room_to_rise_in(tmp_path):
    document = scheduled("OneCycleLR", {"pct_start": 0.25}, epochs=4)
    with pytest.raises(
        TrainingError, match="the way up of schedule is one of 4 epochs, too short to rise in"
    ) as caught:
        next(train(document, folder=tmp_path))
    assert caught.value.node == document.graph.named("schedule").id
