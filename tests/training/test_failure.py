import pytest
import torch
from tests.training.conftest import MLP, classifier, node_id, of_type

from netloom.compiler import plan_graph
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
        found = failure.of_exception(error, made.compiled, 3, 64)
        assert found.message == "Out of memory at step 3: a batch of 64 does not fit. Try a batch size of 32."


def test_a_full_disk_does_not_end_a_run(tmp_path):
    blocked = tmp_path / "run"
    blocked.write_text("a file where the folder should be")
    events = list(train(classifier(), folder=blocked))
    assert events[-1].state == "finished"
    assert events[-1].files == ()
    warnings = [event.text for event in of_type(Logged, events) if event.severity == "warning"]
    assert {text.split()[0] for text in warnings} == {"best.safetensors", "last.safetensors", "state.safetensors"}
