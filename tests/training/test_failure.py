import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tests.training.conftest import MLP, classifier, node_id, of_type

from netloom.compiler import plan_graph
from netloom.graph import Training
from netloom.training import checkpoint, failure, network
from netloom.training.events import Logged, LossesRead, RunEnded, Stepped
from netloom.training.loop import train

NORMED = (
    ("Linear", {"out_features": 16}),
    ("BatchNorm1d", {}),
    ("ReLU", {}),
    ("Linear", {"out_features": 2}),
)


@pytest.mark.parametrize("rate", [1e30, 1e38])
def test_a_loss_that_is_no_number_names_step_and_node(finished, rate):
    document = classifier(layers=MLP, optimizer=("SGD", {"lr": rate}), epochs=50)
    events, _ = finished(document)
    ended = events[-1]
    assert ended.state == "failed"
    losses = [float(value) for event in of_type(LossesRead, events) for value in event.losses["loss"]]
    wrong = next(number for number, value in enumerate(losses, 1) if value != value or abs(value) == float("inf"))
    assert f"at step {wrong}, in " in ended.message
    assert ended.message.startswith("Loss became ")
    assert "Lower the learning rate of optimizer" in ended.message
    assert document.graph.node(ended.node).name in ended.message
    assert of_type(Logged, events)[-1].severity == "error"
    assert ended.losses == {}


def test_the_node_is_where_the_first_wrong_value_arose(finished):
    """The first layer's values stay finite, those of the second do not."""
    document = classifier(
        layers=(("Linear", {"out_features": 8}), ("Linear", {"out_features": 2})),
        optimizer=("SGD", {"lr": 1e25}),
        epochs=50,
    )
    events, _folder = finished(document)
    assert events[-1].node == node_id(document, "linear2")
    assert "in linear2" in events[-1].message


def test_weights_that_are_not_finite_are_never_saved_over_good_ones(finished):
    events, _folder = finished(classifier(optimizer=("SGD", {"lr": 1e30}), epochs=50))
    for path in events[-1].files:
        tensors, _ = checkpoint._read(path)
        assert all(bool(value.isfinite().all()) for value in tensors.values() if value.is_floating_point())


def test_an_exception_in_the_model_names_its_node(tmp_path):
    document = classifier(layers=NORMED, data={"samples": 10}, batch_size=1)
    events = list(train(document, folder=tmp_path))
    assert isinstance(events[-1], RunEnded)
    assert (events[-1].state, events[-1].node) == ("failed", node_id(document, "bn"))
    assert events[-1].message.startswith("Step 1 failed, in bn: Expected more than 1 value per channel")
    assert not of_type(Stepped, events)


def test_no_memory_is_said_in_plain_words():
    made = network.build(plan_graph(classifier().graph), torch.device("cpu"), 0)
    for error in (
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ):
        found = failure.of_exception(error, made, 3, Training(batch_size=64))
        assert found.message == "Out of memory at step 3: a batch of 64 does not fit. Try a batch size of 32."


def test_a_full_disk_does_not_end_a_run(tmp_path):
    blocked = tmp_path / "run"
    blocked.write_text("a file where the folder should be")
    events = list(train(classifier(), folder=blocked))
    assert events[-1].state == "finished"
    assert events[-1].files == ()
    warnings = [event.text for event in of_type(Logged, events) if event.severity == "warning"]
    assert {text.split()[0] for text in warnings} == {"best.safetensors", "last.safetensors", "state.safetensors"}


WITHOUT_MEMORY = """
import resource, sys
from pathlib import Path
from tests.training.conftest import classifier
from netloom.training.events import RunEnded, Stepped
from netloom.training.loop import train

folder = Path(sys.argv[1])
layers = (("Linear", {"out_features": 20_000}), ("ReLU", {}), ("Linear", {"out_features": 2}))
document = classifier(layers=layers, data={"samples": 5_000}, batch_size=4_000, epochs=1, autotune=False)
list(train(classifier(layers=layers, epochs=1, autotune=False), folder=folder / "warm"))  # loads what a run needs
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000, resource.RLIM_INFINITY))
ended = list(train(document, folder=folder / "run"))[-1]
assert ended.state == "failed", ended
assert ended.message.startswith("Out of memory at step 1"), ended
settings = dict(ended.remedies[0].settings)
assert (settings["batch_size"], settings["accumulate"]) == (2000, 2), settings
steps = 0
while True:
    events = list(train(document, folder=folder / "run", resume=folder / "run", **settings))
    steps += sum(isinstance(event, Stepped) for event in events)
    if events[-1].state != "failed":
        break
    settings = dict(events[-1].remedies[0].settings)
assert events[-1].state == "finished", events[-1]
assert steps == events[-1].steps > 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of a process' memory")
def test_a_run_without_memory_goes_on_with_what_fits(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MEMORY, tmp_path],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
