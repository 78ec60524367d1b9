"""A run is changed while it goes on: what did not change keeps its weights, and each change can be undone."""

import msgspec
import pytest
import torch
from tests.training.conftest import classifier, first, losses, node_id, of_type, same, stopped_at, told, weights
from tests.training.drawings import repeated

from netloom.compiler import plan_graph
from netloom.graph import Change
from netloom.graph.edit import set_params
from netloom.graph.file import dumps, loads
from netloom.training import engine, network, surgery
from netloom.training.checkpoint import Place
from netloom.training.events import Apply, Changed, LossesRead, Refused, Revert, RunEnded, Stepped, Stop
from netloom.training.loop import train

LAYERS = (
    ("Linear", {"out_features": 8}),
    ("ReLU", {}),
    ("Linear", {"out_features": 6}),
    ("Linear", {"out_features": 2}),
)
CPU = torch.device("cpu")
PLACE = Place()


def drawn(**settings):
    return classifier("moons", LAYERS, autotune=False, **{"epochs": 4, **settings})


def edited(document, node, **params):
    """A copy of the document with other parameters at a node."""
    copy = loads(dumps(document))
    key = node_id(copy, node)
    copy.graph.apply(set_params(copy.graph, key, {**copy.graph.node(key).params, **params}).changes)
    return copy


def with_node(document, key, **fields):
    """A copy of the document with other fields of the node of that name or id."""
    copy = loads(dumps(document))
    node = copy.graph.nodes.get(key) or copy.graph.named(key)
    copy.graph.apply([Change("node", node.id, node, msgspec.structs.replace(node, **fields))])
    return copy


def set_training(document, **settings):
    """A copy of the document that is trained in another way."""
    copy = loads(dumps(document))
    copy.training = msgspec.structs.replace(copy.training, **settings)
    return copy


def running(document, steps=5):
    """An engine that has taken some steps."""
    made = network.build(plan_graph(document.graph), CPU, 0)
    found = engine.build(made, document.training)
    rows = made.feed.splits["train"]
    for batch in list(made.feed.batches(rows, document.training.batch_size))[:steps]:
        found.step(batch)
    return found


def changed_at(step, *commands):
    """Tells a run these commands one after another, from a step on."""
    waiting = list(commands)

    def tell(event):
        due = isinstance(event, Stepped) and event.step >= step
        return waiting.pop(0) if due and waiting else None

    return tell


def test_what_did_not_change_keeps_weights_and_momentum():
    document = drawn()
    old = running(document)
    new = surgery.rebuilt(old, edited(document, "linear2", out_features=9), PLACE)
    before, after = old.network.compiled.model.state_dict(), new.network.compiled.model.state_dict()
    assert before["linear.weight"].equal(after["linear.weight"])
    assert after["linear2.weight"].shape == (9, 8)
    assert after["linear2.weight"][:6].equal(before["linear2.weight"])
    assert not after["linear2.weight"][6:].eq(0).all()
    assert after["linear3.weight"][:, :6].equal(before["linear3.weight"])
    (ours,), (theirs,) = new.parts.steppers, old.parts.steppers
    for parameter, earlier in zip(ours.parameters, theirs.parameters, strict=True):
        state, kept = ours.optimizer.state[parameter], theirs.optimizer.state[earlier]
        part = tuple(slice(size) for size in earlier.shape)
        assert state["step"] == kept["step"] == 5
        assert state["exp_avg"].shape == parameter.shape
        assert state["exp_avg"][part].equal(kept["exp_avg"])
    assert ours.taken == 5


def test_a_narrower_layer_keeps_what_fits():
    document = drawn()
    old = running(document)
    new = surgery.rebuilt(old, edited(document, "linear", out_features=3), PLACE)
    before, after = old.network.compiled.model.state_dict(), new.network.compiled.model.state_dict()
    assert after["linear.weight"].equal(before["linear.weight"][:3])
    assert after["linear2.weight"].equal(before["linear2.weight"][:, :3])


def test_the_same_network_stays_where_only_training_changed():
    document = drawn()
    old = running(document)
    new = surgery.rebuilt(old, edited(document, "optimizer", lr=0.5, weight_decay=0.1), PLACE)
    assert new.network.compiled.model is old.network.compiled.model
    assert new.rates() == {"optimizer": 0.5}
    assert new.parts.steppers[0].optimizer.param_groups[0]["weight_decay"] == 0.1
    parameter = new.parts.steppers[0].parameters[0]
    assert new.parts.steppers[0].optimizer.state[parameter]["step"] == 5


def test_renamed_nodes_and_blocks_keep_their_weights():
    document = repeated()
    old = running(document, steps=2)
    inner = next(node for node in document.graph.nodes.values() if node.name == "fc")
    renamed = document
    for key, name in ((inner.id, "dense"), ("cells", "tower"), ("head", "end")):
        renamed = with_node(renamed, key, name=name)
    new = surgery.rebuilt(old, renamed, PLACE)
    before, after = (list(each.network.compiled.model.state_dict().values()) for each in (old, new))
    assert all(one.equal(two) for one, two in zip(before, after, strict=True))
    assert {name.partition(".")[0] for name in new.network.compiled.model.state_dict()} == {"wide", "tower", "end"}


def test_frozen_nodes_do_not_move_and_others_do(tmp_path):
    document = drawn()
    frozen = with_node(document, "linear", frozen=True)
    list(train(frozen, folder=tmp_path))
    fresh = network.build(plan_graph(document.graph), CPU, 0).compiled.model.state_dict()
    kept = weights(tmp_path)
    assert kept["linear.weight"].equal(fresh["linear.weight"])
    assert not kept["linear2.weight"].equal(fresh["linear2.weight"])


def test_a_nodes_rate_is_a_multiple_of_its_optimizers():
    document = classifier("moons", LAYERS, optimizer=("SGD", {"lr": 0.1}))
    plain, slower = running(document, 1), running(with_node(document, "linear", rate=0.25), 1)
    begun = network.build(plan_graph(document.graph), CPU, 0).compiled.model.state_dict()
    one, two = plain.network.compiled.model.state_dict(), slower.network.compiled.model.state_dict()
    torch.testing.assert_close(
        two["linear.weight"] - begun["linear.weight"], 0.25 * (one["linear.weight"] - begun["linear.weight"])
    )
    torch.testing.assert_close(two["linear2.weight"], one["linear2.weight"])


def test_a_change_counts_from_the_next_step(tmp_path):
    document = drawn()
    after = set_training(edited(document, "optimizer", lr=0.5), batch_size=40)
    events = told(train(document, folder=tmp_path), changed_at(3, Apply(after)))
    (change,) = of_type(Changed, events)
    assert (change.step, change.document.training.batch_size) == (3, 40)
    assert change.title == "batch size 40 and 1 more"
    assert change.text == "Changed: batch size 40, optimizer lr 0.5."
    rates = [event.rates["optimizer"] for event in of_type(LossesRead, events)]
    assert rates[0] == 0.01
    assert rates[-1] == 0.5
    assert events[-1].steps == 3 + 1 + 3 * 2  # of 80 rows 48 are done, then 32 at once, then 40 and 40
    assert len(losses(events)) == events[-1].steps


def test_undo_goes_back_to_the_weights_before(tmp_path):
    document = drawn(epochs=2)
    after = edited(document, "optimizer", lr=3.0)
    kept = {}

    def tell(event):
        if isinstance(event, Stepped) and event.step == 3:
            return Apply(after)
        if isinstance(event, Stepped) and event.step == 6:
            return Revert()
        if isinstance(event, Changed):
            kept[event.title] = event
            return Stop() if event.title == "undone" else None
        return None

    told(train(document, folder=tmp_path / "changed"), tell)
    told(train(document, folder=tmp_path / "plain"), stopped_at(3))
    assert [*kept] == ["optimizer lr 3.0", "undone"]
    assert same(weights(tmp_path / "changed"), weights(tmp_path / "plain"))
    assert dumps(kept["undone"].document) == dumps(document)
    assert not (tmp_path / "changed" / "before").exists()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda document: set_training(document, best_by="fame"), "best_by is 'fame'"),
        (lambda document: edited(document, "linear3", out_features=3, in_features=7), "linear3"),
        (lambda document: with_node(document, "optimizer", bypassed=True), "optimizer"),
    ],
)
def test_a_change_that_cannot_be_is_said_and_the_run_goes_on(tmp_path, make, words):
    document = drawn(epochs=2)
    events = told(train(document, folder=tmp_path / "asked"), changed_at(2, Apply(make(document))))
    (refused,) = of_type(Refused, events)
    assert words in refused.text
    assert not of_type(Changed, events)
    plain = list(train(document, folder=tmp_path / "plain"))
    assert losses(events).tolist() == losses(plain).tolist()


def test_nothing_to_undo_is_said(tmp_path):
    events = told(train(drawn(epochs=1), folder=tmp_path), changed_at(1, Revert()))
    assert [event.text for event in of_type(Refused, events)] == [
        "The change was not made: no change is left that could be undone."
    ]


def test_a_changed_run_goes_on_exactly_after_a_stop(tmp_path):
    document = drawn()
    after = set_training(edited(document, "linear", out_features=12), batch_size=24)
    whole = told(train(document, folder=tmp_path / "whole"), changed_at(2, Apply(after)))

    def halfway(event):
        if isinstance(event, Stepped) and event.step == 2:
            return Apply(after)
        return Stop() if isinstance(event, Stepped) and event.step == 5 else None

    told(train(document, folder=tmp_path / "parts"), halfway)
    rest = list(train(document, folder=tmp_path / "parts", resume=tmp_path / "parts"))
    assert isinstance(rest[-1], RunEnded)
    assert rest[-1].steps == whole[-1].steps
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))


def test_a_schedule_goes_on_from_where_it_was(tmp_path):
    document = drawn(optimizer=("SGD", {"lr": 1.0}))
    graph = document.graph
    schedule = graph.add("ExponentialLR", gamma=0.5, step="batch")
    graph.connect(schedule, "schedule", graph.named("optimizer").id, "schedule")
    old = running(document, 3)
    assert old.rates() == {"optimizer": 0.125}
    new = surgery.rebuilt(old, edited(document, "optimizer", lr=4.0), PLACE)
    assert new.rates() == {"optimizer": 0.5}
    new.step(next(new.network.feed.batches(new.network.feed.splits["train"], 16)))
    assert new.rates() == {"optimizer": 0.25}


def test_other_data_begins_the_epoch_anew(tmp_path):
    document = drawn(epochs=2)
    after = edited(document, "data", samples=200)
    events = told(train(document, folder=tmp_path), changed_at(2, Apply(after)))
    assert events[-1].steps == 2 + 2 * 10
    assert first(1, of_type(Changed, events))[0].started.samples["train"] == 160
