"""Trying what is fastest leaves a network as it was, and the answer is kept for the next run."""

import pytest
import torch
from tests.training.conftest import classifier, losses, of_type, same, told, weights
from tests.training.test_endings import images

from netloom.compiler import plan_graph
from netloom.training import network, trials, tuning
from netloom.training.choices import Choices
from netloom.training.events import Stepped, Stop, Trying, Tuned
from netloom.training.loop import train

NORMED = (("Linear", {"out_features": 64}), ("BatchNorm1d", {}), ("ReLU", {}), ("Linear", {"out_features": 2}))
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Trials that take a moment, also for runs that are too short for any."""
    monkeypatch.setattr(tuning, "SHARE", 1e9)
    monkeypatch.setattr(tuning, "SECONDS", 0.3)
    monkeypatch.setattr(tuning, "FEW_STEPS", 0)


def finished(trying):
    shares = []
    while True:
        try:
            shares.append(next(trying))
        except StopIteration as end:
            return shares, end.value


def test_a_network_is_as_it_was(tmp_path):
    document = classifier(layers=NORMED)
    made = network.build(plan_graph(document.graph), CPU, 0)
    before = {name: value.clone() for name, value in made.compiled.model.state_dict().items()}
    random = torch.get_rng_state()
    shares, found = finished(trials.trials(made, document.training, Choices(), 10_000, tmp_path))
    assert len(shares) >= 2
    assert found.tried
    assert same(before, made.compiled.model.state_dict())
    assert torch.get_rng_state().equal(random)
    assert all(parameter.grad is None for parameter in made.compiled.model.parameters())


def test_the_answer_is_remembered(tmp_path):
    document = classifier(layers=NORMED)
    made = network.build(plan_graph(document.graph), CPU, 0)
    _, found = finished(trials.trials(made, document.training, Choices(), 10_000, tmp_path))
    shares, again = finished(trials.trials(made, document.training, Choices(), 10_000, tmp_path))
    assert shares == []
    assert again.choices == found.choices


@pytest.mark.parametrize(("without", "expected"), [("Dropout", True), ("ReLU", False)])
def test_nothing_is_tried_by_which_other_random_numbers_would_be_drawn(tmp_path, without, expected):
    document = images(without=without)
    made = network.build(plan_graph(document.graph), CPU, 0)
    _, found = finished(trials.trials(made, document.training, Choices(), 10_000, tmp_path))
    assert ("memory_format" in {each.name for each in found.tried}) == expected


def test_a_run_tells_what_it_chose_and_goes_on_with_it(tmp_path):
    document = classifier(layers=NORMED, epochs=2)
    events = list(train(document, folder=tmp_path / "run"))
    (tuned,) = of_type(Tuned, events)
    assert of_type(Trying, events)
    assert tuned.text.startswith("Computes with ")
    plain = list(train(document, folder=tmp_path / "plain", autotune=False, kernel=tuned.choices["kernel"]))
    assert not of_type(Tuned, plain)
    if int(tuned.choices["threads"]) == 1:
        assert losses(events).tolist() == losses(plain).tolist()
        assert same(weights(tmp_path / "run"), weights(tmp_path / "plain"))


def test_a_stop_is_heard_between_trials(tmp_path):
    document = classifier(layers=NORMED)
    events = told(train(document, folder=tmp_path), lambda event: Stop() if isinstance(event, Trying) else None)
    assert len(of_type(Trying, events)) == 1
    assert not of_type(Stepped, events)
    assert events[-1].state == "stopped"
