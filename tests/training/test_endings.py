"""Which epoch is the best, when a run ends early, and what is fixed from one session of a run to the next."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tests.training.conftest import classifier, losses, of_type, same, stopped_at, told, weights

from netloom.errors import TrainingError
from netloom.graph import Training
from netloom.training import checkpoint
from netloom.training.choices import Choices, fixed, plain
from netloom.training.events import EpochEnded, Logged
from netloom.training.loop import train

IMAGES = (
    ("Conv2d", {"out_channels": 8, "kernel_size": 3}),
    ("BatchNorm2d", {}),
    ("ReLU", {}),
    ("Dropout", {"p": 0.2}),
    ("Flatten", {}),
    ("Linear", {"out_features": 10}),
)


def images(without=None, **settings):
    layers = [layer for layer in IMAGES if layer[0] != without]
    return classifier("digits", layers, **{"epochs": 2, "batch_size": 200, "autotune": False, **settings})


def test_a_run_ends_when_nothing_gets_better(finished):
    events, _ = finished(classifier(optimizer=("SGD", {"lr": 1e-12}), epochs=50, patience=3, best_by="loss"))
    ended = events[-1]
    assert (ended.state, ended.epochs) == ("finished", 4)
    assert "Ended early: 3 epochs brought no better score." in [event.text for event in of_type(Logged, events)]


def test_patience_counts_on_after_a_stop(finished, tmp_path):
    document = classifier(optimizer=("SGD", {"lr": 1e-12}), epochs=50, patience=4, best_by="loss")
    folder = tmp_path / "run"
    told(train(document, folder=folder), stopped_at(12))
    rest = list(train(document, folder=folder, resume=folder))
    assert rest[-1].epochs == 5


@pytest.mark.parametrize(("by", "pick"), [("loss", min), ("accuracy", max)])
def test_the_best_is_chosen_by_what_the_settings_name(finished, by, pick):
    events, _ = finished(classifier(optimizer=("Adam", {"lr": 0.1}), epochs=8, best_by=by))
    epochs = of_type(EpochEnded, events)
    scores = [{**epoch.losses["val"], **epoch.metrics["val"]}[by] for epoch in epochs]
    best = [score for score, epoch in zip(scores, epochs, strict=True) if epoch.best]
    assert best[-1] == pick(scores)


def test_what_best_by_names_must_be_there(tmp_path):
    with pytest.raises(TrainingError, match=r"best_by is 'fame', expected a metric or loss .*: accuracy, loss\."):
        next(train(classifier(best_by="fame"), folder=tmp_path))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("kernel", ["fused", "foreach", "single"])
def test_ways_to_compute_change_rounding_only(tmp_path, kernel, precision):
    document = images(without="Dropout")  # which draws in the order in which values lie in memory
    plain_run = list(train(document, folder=tmp_path / "plain"))
    other = list(
        train(document, folder=tmp_path / kernel, kernel=kernel, memory_format="channels_last", precision=precision)
    )
    tolerance = 2e-5 if precision == "float32" else 5e-2
    assert abs(losses(plain_run)[:5] - losses(other)[:5]).max() < tolerance


@pytest.mark.parametrize("settings", [{"memory_format": "channels_last"}, {"precision": "bfloat16", "accumulate": 3}])
def test_every_way_to_compute_goes_on_to_the_last_bit(tmp_path, settings):
    document = images(**settings)
    list(train(document, folder=tmp_path / "whole"))
    told(train(document, folder=tmp_path / "parts"), stopped_at(5))
    list(train(document, folder=tmp_path / "parts", resume=tmp_path / "parts"))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))


def test_a_resumed_run_computes_as_it_did_unless_told_otherwise(tmp_path):
    document = images(kernel="foreach")
    told(train(document, folder=tmp_path), stopped_at(2))
    assert checkpoint.place(tmp_path).choices.kernel == "foreach"
    told(train(document, folder=tmp_path, resume=tmp_path), stopped_at(3))
    assert checkpoint.place(tmp_path).choices == Choices(kernel="foreach")
    told(train(document, folder=tmp_path, resume=tmp_path, precision="bfloat16"), stopped_at(4))
    assert checkpoint.place(tmp_path).choices == Choices(kernel="foreach", precision="bfloat16")


def test_settings_fix_choices_and_leave_others_open():
    assert plain(Training(threads=3, compile="on"), 10) == Choices(threads=3, compiled=True)
    tuned = Choices(threads=2, kernel="foreach", memory_format="channels_last", precision="bfloat16")
    assert fixed(tuned, Training(precision="auto")) == tuned
    assert fixed(tuned, Training(kernel="single"), {"kernel"}) == Choices(2, "single", "channels_last", "bfloat16")


def test_deterministic_runs_refuse_what_cannot_be(finished):
    events, _ = finished(classifier(deterministic=True))
    assert events[-1].state == "finished"
    assert not torch.are_deterministic_algorithms_enabled()


COMPILED = """
import sys
from pathlib import Path
from tests.training.conftest import losses
from tests.training.test_endings import images
from netloom.training.loop import train

folder = Path(sys.argv[1])
plain = list(train(images(epochs=1), folder=folder / "plain"))
compiled = list(train(images(epochs=1), folder=folder / "compiled", compile="on"))
assert compiled[-1].state == "finished", compiled[-1].message
assert abs(losses(plain)[:4] - losses(compiled)[:4]).max() < 0.3
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_compiled_network_learns_the_same(tmp_path):
    """In a process of its own: torch keeps its compiler's threads for good."""
    command = [sys.executable, "-c", COMPILED, tmp_path]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
