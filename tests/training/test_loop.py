import threading

import numpy as np
import pytest
import torch
from tests.training.conftest import MLP, classifier, first, losses, node_id, of_type, same, stopped_at, told, weights

from netloom.compiler import plan_graph
from netloom.data import load
from netloom.errors import BuildError, TrainingError
from netloom.graph import Document, Training
from netloom.layers.authoring import Graph
from netloom.training import engine, network
from netloom.training.events import (
    CheckpointSaved,
    EpochEnded,
    Logged,
    LossesRead,
    ProbesRead,
    RunEnded,
    RunStarted,
    Stepped,
    Stop,
    Watch,
)
from netloom.training.loop import Run, train


def test_events_come_in_order(finished):
    events, _folder = finished(classifier(epochs=3))
    assert isinstance(events[0], RunStarted)
    assert [type(event) for event in events].count(RunEnded) == 1
    assert isinstance(events[-1], RunEnded)
    steps = [event.step for event in of_type(Stepped, events)]
    assert steps == list(range(1, 3 * events[0].steps_per_epoch + 1))
    assert [(event.epoch, event.step) for event in of_type(EpochEnded, events)] == [(1, 5), (2, 10), (3, 15)]
    assert {event.name for event in of_type(CheckpointSaved, events)} == {"best", "last"}
    assert all(path.exists() for path in events[-1].files)
    assert (events[-1].state, events[-1].epochs, events[-1].steps) == ("finished", 3, 15)


def test_each_step_has_one_loss_and_they_join_up(finished):
    events, _ = finished(classifier(epochs=4))
    expected = 1
    for event in of_type(LossesRead, events):
        assert event.first_step == expected
        expected += len(event.losses["loss"])
    assert expected == len(of_type(Stepped, events)) + 1


def test_epochs_are_scored_on_both_splits(finished):
    events, _ = finished(classifier("iris", (("Linear", {"out_features": 3}),), epochs=2))
    event = of_type(EpochEnded, events)[-1]
    assert event.losses.keys() == event.metrics.keys() == {"train", "val"}
    assert event.confusion.shape == (3, 3)
    assert event.confusion.sum() == events[0].samples["val"] == 30
    assert event.metrics["val"]["accuracy"] == pytest.approx(np.trace(event.confusion) / 30)
    assert events[-1].losses == event.losses["val"]


def test_the_same_seed_gives_the_same_run(finished):
    (one, here), (two, there) = (finished(classifier(), name, seed=5) for name in ("one", "two"))
    assert np.array_equal(losses(one), losses(two))
    assert same(weights(here), weights(there))
    other, _ = finished(classifier(), "other", seed=6)
    assert not np.array_equal(losses(one), losses(other))


def test_a_run_equals_a_loop_written_by_hand(finished):
    events, folder = finished(classifier(epochs=2, seed=3))
    data = load({"source": "moons", "samples": 100})
    rows = data.splits["train"]
    torch.manual_seed(3)
    model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    order = torch.Generator().manual_seed(3)
    expected = []
    for _ in range(2):
        for chosen in rows[torch.randperm(len(rows), generator=order)].split(16):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(
                model(data.columns["point"][chosen]), data.columns["label"][chosen]
            )
            loss.backward()
            optimizer.step()
            expected.append(loss.item())
    np.testing.assert_allclose(losses(events), expected, atol=1e-6)
    ours = weights(folder)
    for name, theirs in model.state_dict().items():
        layer = {"0": "linear", "3": "linear2"}[name[0]]
        torch.testing.assert_close(ours[layer + name[1:]], theirs, atol=1e-5, rtol=0)


@pytest.mark.parametrize("step", [1, 7, 10, 14])
@pytest.mark.parametrize("optimizer", [("Adam", {"lr": 0.01}), ("SGD", {"lr": 0.1, "momentum": 0.9})])
def test_resuming_is_exact(finished, tmp_path, step, optimizer):
    document = classifier(optimizer=optimizer, epochs=3)
    whole, there = finished(document, "whole")
    half = told(train(document, folder=tmp_path / "half"), stopped_at(step))
    assert (half[-1].state, half[-1].steps) == ("stopped", step)
    rest = list(train(document, folder=tmp_path / "half", resume=tmp_path / "half"))
    assert rest[0].first_step == step
    assert of_type(Stepped, rest)[0].step == step + 1
    assert same(weights(tmp_path / "half"), weights(there))
    assert same(weights(tmp_path / "half", "best"), weights(there, "best"))
    assert np.array_equal(np.concatenate([losses(half), losses(rest)]), losses(whole))
    assert of_type(EpochEnded, rest)[-1].metrics == of_type(EpochEnded, whole)[-1].metrics


def test_resuming_in_another_folder_keeps_the_best_weights(finished, tmp_path):
    _, folder = finished(classifier(epochs=2))
    events = list(train(classifier(epochs=2), folder=tmp_path / "new", resume=folder))
    assert {path.name for path in events[-1].files} == {"best.safetensors", "last.safetensors", "state.safetensors"}
    assert same(weights(tmp_path / "new", "best"), weights(folder, "best"))


def test_resuming_a_finished_run_ends_at_once(finished):
    document = classifier(epochs=2)
    events, folder = finished(document)
    again = list(train(document, folder=folder, resume=folder))
    assert not of_type(Stepped, again)
    assert (again[-1].state, again[-1].losses) == ("finished", events[-1].losses)
    more = list(train(document, folder=folder, resume=folder, epochs=3))
    assert len(of_type(Stepped, more)) == 5


def test_a_run_goes_on_with_the_document_that_it_had(finished, tmp_path):
    events, folder = finished(classifier(epochs=2))
    other = classifier(layers=(("Linear", {"out_features": 2}),))
    again = list(train(other, folder=folder, resume=folder))
    assert (again[-1].state, again[-1].losses) == ("finished", events[-1].losses)
    with pytest.raises(TrainingError, match=r"no state\.safetensors in empty"):
        list(train(other, folder=folder, resume=tmp_path / "empty"))


@pytest.mark.parametrize("step", [1, 4, 5, 9])
def test_stop_is_obeyed_within_one_step(tmp_path, step):
    events = told(train(classifier(), folder=tmp_path), stopped_at(step))
    assert len(of_type(Stepped, events)) == step
    assert isinstance(events[-1], RunEnded)
    assert isinstance(events[-2], CheckpointSaved)
    assert len(losses(events)) == step


def test_stopping_soon_after_going_on_keeps_the_scores_of_the_last_epoch(finished):
    events, folder = finished(classifier(epochs=2))
    rest = told(train(classifier(), folder=folder, resume=folder, epochs=5), stopped_at(12))
    assert (rest[-1].state, rest[-1].steps) == ("stopped", 12)
    assert (rest[-1].losses, rest[-1].metrics) == (events[-1].losses, events[-1].metrics)
    assert rest[-1].metrics["val"].keys() == {"accuracy"}


def test_a_stop_is_heard_while_the_disk_refuses(tmp_path):
    (tmp_path / "taken").write_text("a file where the folder should be")
    told_once = []

    def stop_at_the_first_warning(event):
        if isinstance(event, Logged) and event.severity == "warning" and not told_once:
            told_once.append(event.text)
            return Stop()
        return None

    events = told(train(classifier(), folder=tmp_path / "taken"), stop_at_the_first_warning)
    assert "could not be written" in told_once[0]
    assert not of_type(Stepped, events)
    assert (events[-1].state, events[-1].files) == ("stopped", ())


def test_a_look_that_fails_before_the_first_step_ends_the_run_like_any_failure(tmp_path):
    document = classifier()
    made = engine.build(network.build(plan_graph(document.graph), torch.device("cpu"), 0), document.training)
    made.network.compiled.model.linear.weight.data = torch.zeros(1, 1)
    watch = Watch((node_id(document, "relu"),))
    events = told(
        Run(made, document, tmp_path, "run", "cpu", None).events(),
        lambda event: watch if isinstance(event, RunStarted) else None,
    )
    assert isinstance(events[-1], RunEnded)
    assert (events[-1].state, events[-1].steps, events[-1].node) == ("failed", 0, node_id(document, "linear"))


def test_stop_before_the_first_step(tmp_path):
    events = told(train(classifier(), folder=tmp_path), lambda event: Stop("interrupted"))
    assert not of_type(Stepped, events)
    assert (events[-1].state, events[-1].steps) == ("interrupted", 0)


def test_watching_is_answered_before_the_next_step(tmp_path):
    document = classifier()
    wish = Watch((node_id(document, "relu"),))
    events = told(
        train(document, folder=tmp_path), lambda event: wish if isinstance(event, Stepped) and event.step == 2 else None
    )
    place = next(index for index, event in enumerate(events) if isinstance(event, Stepped) and event.step == 2)
    assert isinstance(events[place + 1], ProbesRead)
    assert set(events[place + 1].previews) == set(wish.nodes)


def test_leaving_a_run_leaves_nothing_behind(tmp_path):
    torch.manual_seed(11)
    before, count, threads = torch.get_rng_state(), torch.get_num_threads(), threading.active_count()
    events = train(classifier(), folder=tmp_path)
    first(6, events)
    events.close()
    assert torch.get_rng_state().equal(before)
    assert (torch.get_num_threads(), threading.active_count()) == (count, threads)


def test_a_single_sample_left_over_does_not_end_a_run(finished):
    layers = (("Linear", {"out_features": 4}), ("BatchNorm1d", {}), ("Linear", {"out_features": 2}))
    document = classifier(layers=layers, data={"samples": 81, "validation": 0.2}, batch_size=16)
    events, _ = finished(document)
    assert events[0].samples["train"] == 65
    assert events[0].steps_per_epoch == 4
    assert events[-1].state == "finished"


def test_nothing_held_out_is_scored_on_the_training_rows(finished):
    events, _folder = finished(classifier(data={"validation": 0}))
    event = of_type(EpochEnded, events)[-1]
    assert event.losses.keys() == {"train"}
    assert event.confusion is None
    assert events[-1].losses == event.losses["train"]


def test_the_best_weights_are_those_of_the_best_epoch(finished):
    events, folder = finished(classifier(epochs=6, optimizer=("SGD", {"lr": 0.5})))
    epochs = of_type(EpochEnded, events)
    best = max(reversed(epochs), key=lambda event: (event.metrics["val"]["accuracy"], -event.losses["val"]["loss"]))
    assert [event for event in epochs if event.best][-1] is best
    assert [event.step for event in of_type(CheckpointSaved, events) if event.name == "best"] == [best.step]
    assert same(weights(folder), weights(folder, "best")) == (best is epochs[-1])


def test_regression_trains(finished):
    graph = Graph()
    data = graph.add("Dataset", source="diabetes")
    place, layer, answer = graph.add("Input", "x"), graph.add("Linear", out_features=1), graph.add("Output", "y")
    loss = graph.add("MSELoss", "loss")
    for source, target in ((data, place), (place, layer), (layer, answer), (answer, loss), (data, loss)):
        graph.connect(source, target)
    graph.connect(loss, graph.add("SGD", lr=0.05))
    events, _ = finished(Document(graph, Training(epochs=15, device="cpu")))
    scores = [event.losses["val"]["loss"] for event in of_type(EpochEnded, events)]
    assert scores[-1] < 0.65
    assert of_type(EpochEnded, events)[-1].confusion is None


def test_two_losses_and_two_optimizers(finished):
    """Two networks side by side in one graph: each optimizer trains its own as if it were alone."""
    graph = Graph()
    data = graph.add("Dataset", "data", source="iris")
    optimizers = (("SGD", 0.1), ("Adam", 0.01))
    for number, (kind, rate) in enumerate(optimizers):
        place = graph.add("Input", f"x{number}")
        layer, answer = graph.add("Linear", f"layer{number}", out_features=3), graph.add("Output", f"y{number}")
        loss = graph.add("CrossEntropyLoss", f"loss{number}")
        for source, target in ((data, place), (place, layer), (layer, answer), (answer, loss), (data, loss)):
            graph.connect(source, target)
        graph.connect(loss, graph.add(kind, f"optimizer{number}", lr=rate))
    events, _folder = finished(Document(graph, Training(epochs=2, device="cpu", seed=1)))
    assert set(events[0].losses) == {"loss0", "loss1"}

    dataset = load({"source": "iris"})
    torch.manual_seed(1)
    layers = [torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)]
    steppers = [torch.optim.SGD(layers[0].parameters(), lr=0.1), torch.optim.Adam(layers[1].parameters(), lr=0.01)]
    order, rows = torch.Generator().manual_seed(1), dataset.splits["train"]
    expected = ([], [])
    for _ in range(2):
        for chosen in rows[torch.randperm(len(rows), generator=order)].split(32):
            for layer, stepper, kept in zip(layers, steppers, expected, strict=True):
                stepper.zero_grad()
                scores = layer(dataset.columns["features"][chosen])
                loss = torch.nn.functional.cross_entropy(scores, dataset.columns["label"][chosen])
                loss.backward()
                stepper.step()
                kept.append(loss.item())
    for number in (0, 1):
        np.testing.assert_allclose(losses(events, f"loss{number}"), expected[number], atol=1e-6)


@pytest.mark.parametrize("broken", ["Dataset", "Output", "CrossEntropyLoss", "Adam"])
def test_what_is_missing_is_said_before_anything_starts(tmp_path, broken):
    from netloom.graph import edit

    document = classifier()
    gone = next(node.id for node in document.graph.nodes.values() if node.kind == broken)
    document.apply(edit.remove(document, [gone]))
    with pytest.raises((TrainingError, BuildError)):
        next(train(document, folder=tmp_path))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "epochs expects a whole number from 1 to 1000000; received 0"),
        ({"seed": 2**64}, "seed expects a whole number from 0 to 2147483647; received 18446744073709551616"),
        ({"device": "tpu"}, "no device 'tpu'"),
    ],
)
def test_senseless_settings_are_refused(tmp_path, options, words):
    with pytest.raises(TrainingError, match=words):
        next(train(classifier(layers=MLP), folder=tmp_path, **options))
