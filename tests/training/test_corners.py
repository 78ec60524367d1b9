"""Corners where a run once went wrong: shared weights, changes that do not fit, cycles, and what is the best."""

import pytest
import torch
from tests.training.conftest import classifier, losses, node_id, of_type, same, stopped_at, told, weights
from tests.training.drawings import layer, words
from tests.training.test_surgery import LAYERS, changed_at, drawn, edited, set_training, with_node

from netloom.compiler import plan_graph
from netloom.graph import Document, Training
from netloom.layers.authoring import Graph
from netloom.training import checkpoint, engine, network, surgery, tuning
from netloom.training.checkpoint import Place
from netloom.training.events import Apply, Changed, EpochEnded, LossesRead, Refused, Revert, Stepped, Trying
from netloom.training.loop import train

CPU = torch.device("cpu")


def forked(**params):
    """Two heads on one trunk, each with a loss and an optimizer that changes the trunk too."""
    graph = Graph()
    data, place = graph.add("Dataset", "data", source="moons", samples=60), graph.add("Input", "x")
    graph.connect(data, place)
    trunk = layer(graph, place, "Linear", "trunk", out_features=4)
    for name in ("left", "right"):
        answer = layer(graph, layer(graph, trunk, "Linear", f"{name}_head", out_features=2), "Output", name)
        loss = graph.add("CrossEntropyLoss", f"{name}_loss")
        graph.connect(answer, loss)
        graph.connect(data, loss)
        graph.connect(loss, graph.add("SGD", f"{name}_sgd", lr=0.5, **params))
    return Document(graph, Training(epochs=2, batch_size=16, device="cpu"))


def scheduled(kind, batch_size=16, **params):
    document = drawn(optimizer=("SGD", {"lr": 0.1}), batch_size=batch_size, epochs=6)
    graph = document.graph
    graph.connect(graph.add(kind, "schedule", **params), "schedule", graph.named("optimizer").id, "schedule")
    return document


def test_optimizers_of_one_weight_each_follow_their_own_loss():
    made = network.build(plan_graph(forked().graph), CPU, 0)
    found = engine.build(made, Training(batch_size=16))
    found.begin()
    batch = made.feed.columns_of(made.feed.splits["train"][:16])
    trunk = made.compiled.model.trunk.weight
    before = trunk.detach().clone()
    both = torch.stack(made.compiled.objective(*made.compiled.model(batch[0]), *batch[1:])).sum()
    (wanted,) = torch.autograd.grad(both, [trunk])
    found.step(batch)
    torch.testing.assert_close(before - trunk, 0.5 * wanted)


def test_a_refused_change_changes_nothing(tmp_path):
    document = drawn(epochs=2)
    wrong = set_training(edited(document, "optimizer", lr=5.0), best_by="nonsense")
    events = told(train(document, folder=tmp_path), changed_at(2, Apply(wrong)))
    assert of_type(Refused, events)
    assert {event.rates["optimizer"] for event in of_type(LossesRead, events)} == {0.01}


def test_a_metric_that_is_the_measure_cannot_be_removed(tmp_path):
    document = drawn(epochs=2, best_by="accuracy")
    without = drawn(epochs=2, best_by="accuracy")
    graph = without.graph
    key = node_id(without, "accuracy")
    from netloom.graph import edit

    without.apply(edit.remove(without, [key]))
    assert key not in graph.nodes
    events = told(train(document, folder=tmp_path), changed_at(2, Apply(without)))
    assert of_type(Refused, events)
    assert events[-1].state == "finished"


def test_a_freeze_that_the_disk_refuses_freezes_nothing(tmp_path):
    document = drawn(epochs=2)
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "before").write_text("a file where the folder should be")
    events = told(train(document, folder=folder), changed_at(2, Apply(with_node(document, "linear", frozen=True))))
    assert of_type(Refused, events)
    plain = list(train(document, folder=tmp_path / "plain"))
    assert losses(events).tolist() == losses(plain).tolist()


@pytest.mark.parametrize(
    "schedule", [("OneCycleLR", {"max_lr": 0.5}), ("CosineAnnealingLR", {}), ("PolynomialLR", {"power": 2.0})]
)
def test_another_batch_size_makes_schedules_longer_or_shorter(tmp_path, schedule):
    kind, params = schedule
    document = scheduled(kind, step="batch", **params)
    events = told(
        train(document, folder=tmp_path / "live"), changed_at(17, Apply(set_training(document, batch_size=40)))
    )
    assert events[-1].state == "finished", events[-1].message
    told(train(document, folder=tmp_path / "again"), stopped_at(17))
    rest = list(train(document, folder=tmp_path / "again", resume=tmp_path / "again", batch_size=8, accumulate=2))
    assert rest[-1].state == "finished", rest[-1].message
    rates = [event.rates["optimizer"] for event in of_type(LossesRead, rest)]
    assert max(rates) <= 0.5


@pytest.mark.parametrize(
    ("optimizer", "node", "params"),
    [
        (("Adam", {"lr": 0.01}), "optimizer", {"amsgrad": True}),
        (("RMSprop", {"lr": 0.01}), "optimizer", {"momentum": 0.9}),
        (("RMSprop", {"lr": 0.01}), "optimizer", {"centered": True}),
        (("SGD", {"lr": 0.01}), "optimizer", {"momentum": 0.9}),
        (("LBFGS", {"lr": 0.1, "max_iter": 2}), "optimizer", {"history_size": 3}),
        (("LBFGS", {"lr": 0.1, "max_iter": 2}), "linear", {"out_features": 12}),
        (("Adafactor", {"lr": 0.01}), "linear", {"out_features": 12}),
        (("Adafactor", {"lr": 0.01}), "linear2", {"out_features": 3}),
    ],
)
def test_any_optimizer_goes_on_after_a_change(tmp_path, optimizer, node, params):
    document = drawn(optimizer=optimizer, epochs=2)
    events = told(train(document, folder=tmp_path), changed_at(3, Apply(edited(document, node, **params))))
    assert of_type(Changed, events)
    assert events[-1].state == "finished", events[-1].message


def test_a_freeze_lets_a_search_begin_anew(tmp_path):
    document = drawn(optimizer=("LBFGS", {"lr": 0.1, "max_iter": 2}), epochs=2)
    events = told(train(document, folder=tmp_path), changed_at(3, Apply(with_node(document, "linear", frozen=True))))
    assert events[-1].state == "finished", events[-1].message


def test_a_schedule_of_another_kind_begins_anew():
    document = scheduled("StepLR", step_size=1, gamma=0.1, step="batch")
    made = network.build(plan_graph(document.graph), CPU, 0)
    old = engine.build(made, document.training)
    old.begin()
    for batch in list(made.feed.batches(made.feed.splits["train"], 16))[:3]:
        old.step(batch)
    assert old.rates()["optimizer"] == pytest.approx(1e-4)
    schedule = document.graph.named("schedule")
    other = with_node(document, "schedule", kind="LinearLR", params={"start_factor": 0.5, "step": "batch"})
    assert schedule.id in other.graph.nodes
    new = surgery.rebuilt(old, other, Place(position=48, step=3))
    assert new.rates()["optimizer"] == pytest.approx(0.05)


def test_more_accumulation_begins_with_a_whole_cycle(tmp_path):
    document = drawn(optimizer=("SGD", {"lr": 0.1}), epochs=4)
    after = set_training(document, accumulate=3)
    told(train(document, folder=tmp_path / "live"), changed_at(5, Apply(after)))
    told(train(document, folder=tmp_path / "again"), stopped_at(5))
    list(train(document, folder=tmp_path / "again", resume=tmp_path / "again", accumulate=3))
    assert same(weights(tmp_path / "live"), weights(tmp_path / "again"))


def test_the_best_weights_fit_the_network_that_was_widened(tmp_path):
    document = drawn(epochs=6, best_by="loss")
    wide = edited(document, "linear2", out_features=9)
    kept = {}

    def tell(event):
        if isinstance(event, Stepped) and event.step == 12:
            return Apply(wide)
        if isinstance(event, Changed):
            kept["best"] = (tmp_path / "best.safetensors").exists()
        return None

    told(train(document, folder=tmp_path), tell)
    assert kept == {"best": False}
    assert weights(tmp_path, "best")["linear2.weight"].shape == (9, 8)


def test_undo_of_widening_brings_the_best_weights_back(tmp_path):
    document = drawn(epochs=3)
    wide = edited(document, "linear2", out_features=9)
    kept = {}

    def tell(event):
        if isinstance(event, Stepped) and event.step == 7:
            kept["before"] = True
            return Apply(wide)
        if isinstance(event, Stepped) and event.step == 8:
            return Revert()
        if isinstance(event, Changed) and event.title == "undone":
            kept["shape"] = weights(tmp_path, "best")["linear2.weight"].shape
        return None

    told(train(document, folder=tmp_path), tell)
    assert kept["shape"] == (6, 8)


def test_a_run_that_ended_early_has_nothing_left_to_do(tmp_path):
    document = classifier(optimizer=("SGD", {"lr": 1e-12}), epochs=50, patience=2, best_by="loss")
    whole = list(train(document, folder=tmp_path))
    again = list(train(document, folder=tmp_path, resume=tmp_path))
    assert not of_type(Stepped, again)
    assert again[-1].steps == whole[-1].steps


def test_another_measure_of_the_best_begins_anew(tmp_path):
    document = drawn(epochs=2)
    list(train(document, folder=tmp_path))
    again = list(train(document, folder=tmp_path, resume=tmp_path, epochs=4, best_by="loss"))
    assert of_type(EpochEnded, again)[0].best


def test_rows_of_tables_wait_for_more_batches(tmp_path):
    document = set_training(words(), accumulate=4, epochs=4, batch_size=8)
    list(train(document, folder=tmp_path / "whole"))
    told(train(document, folder=tmp_path / "parts"), stopped_at(6))
    assert any(name.startswith("sparse/") for name in checkpoint._read(tmp_path / "parts" / checkpoint.STATE)[0])
    rest = list(train(document, folder=tmp_path / "parts", resume=tmp_path / "parts"))
    assert rest[-1].state == "finished", rest[-1].message
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))


def test_a_change_during_trials_is_made_after_them(tmp_path, monkeypatch):
    for name, value in (("SHARE", 1e9), ("SECONDS", 0.2), ("FEW_STEPS", 0)):
        monkeypatch.setattr(tuning, name, value)
    document = set_training(classifier("moons", LAYERS), epochs=1, threads=1)
    after = edited(document, "linear3", bias=False)
    waiting = [Apply(after)]
    told(
        train(document, folder=tmp_path / "asked"),
        lambda event: waiting.pop() if isinstance(event, Trying) and waiting else None,
    )
    fresh = network.build(plan_graph(document.graph), CPU, 0).compiled.model.state_dict()
    place = checkpoint.place(tmp_path / "asked")
    assert "bias" in place.document
    plain = told(
        train(set_training(document, autotune=False), folder=tmp_path / "plain", kernel=place.choices.kernel),
        lambda event: Apply(after) if type(event).__name__ == "RunStarted" else None,
    )
    assert of_type(Changed, plain)
    assert same(weights(tmp_path / "asked"), weights(tmp_path / "plain"))
    assert "linear3.bias" in fresh
