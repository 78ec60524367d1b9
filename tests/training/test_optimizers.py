"""From an optimizer on the canvas to the one that steps."""

import copy

import pytest
import torch
from tests.training.conftest import classifier, losses, node_id, of_type, same, stopped_at, told, weights
from tests.training.drawings import words

from netloom.compiler import plan_graph
from netloom.errors import TrainingError
from netloom.graph.edit import set_params
from netloom.training import engine, network, optimizers
from netloom.training.events import LossesRead
from netloom.training.loop import train

CPU = torch.device("cpu")


def built(**options):
    made = network.build(plan_graph(classifier(**options).graph), CPU, 0)
    return made.compiled, optimizers.build(made, made.compiled.optimizers[0], "fused").optimizer


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
        ("Adam", {"lr": 0.003, "betas": [0.8, 0.99], "weight_decay": 0.1}),
        ("AdamW", {"lr": 0.02, "amsgrad": True}),
    ],
)
def test_what_the_node_says_reaches_the_optimizer(kind, params):
    compiled, optimizer = built(optimizer=(kind, params))
    assert type(optimizer).__name__ == kind
    (group,) = optimizer.param_groups
    assert {name: list(v) if isinstance(v := group[name], tuple) else v for name in params} == params
    assert group["fused"]
    assert [id(each) for each in group["params"]] == [id(each) for each in compiled.model.parameters()]


def test_nothing_to_train_is_said_with_the_optimizer(tmp_path):
    document = classifier(layers=(("Flatten", {}),))
    with pytest.raises(TrainingError, match="optimizer has nothing to train") as caught:
        next(train(document, folder=tmp_path))
    assert caught.value.node == node_id(document, "optimizer")


def test_what_torch_refuses_is_said_with_the_optimizer():
    made = network.build(plan_graph(classifier().graph), CPU, 0)
    (plan,) = made.compiled.optimizers
    wrong = type(plan)(plan.node, plan.name, plan.target, {"lr": -1.0}, plan.losses)
    with pytest.raises(TrainingError, match="optimizer cannot be made: Invalid learning rate") as caught:
        optimizers.build(made, wrong, "fused")
    assert caught.value.node == plan.node


FULL = ("LBFGS", "Muon", "Rprop", "Adafactor", "NAdam", "RAdam", "Adamax", "ASGD", "Adadelta", "Adagrad", "RMSprop")
MATRICES = (
    ("Linear", {"out_features": 16, "bias": False}),
    ("Tanh", {}),
    ("Linear", {"out_features": 2, "bias": False}),
)


@pytest.mark.parametrize("kind", FULL)
def test_each_algorithm_lowers_the_loss_and_goes_on_to_the_last_bit(kind, tmp_path):
    whole_batches = {"batch_size": 100, "epochs": 15} if kind == "LBFGS" else {}
    params = {"line_search_fn": "strong_wolfe"} if kind == "LBFGS" else {}
    document = classifier(layers=MATRICES, optimizer=(kind, params), **whole_batches)
    whole = list(train(document, folder=tmp_path / "whole"))
    assert whole[-1].state == "finished", whole[-1].message
    begun = told(train(document, folder=tmp_path / "parts"), stopped_at(7))
    rest = list(train(document, folder=tmp_path / "parts", resume=tmp_path / "parts"))
    assert losses(whole).tolist() == [*losses(begun).tolist(), *losses(rest).tolist()]
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))
    assert losses(whole)[-5:].mean() < losses(whole)[:5].mean()


def test_a_searching_step_is_that_of_torch(tmp_path):
    document = classifier(layers=MATRICES, optimizer=("LBFGS", {"lr": 0.5, "max_iter": 4}), epochs=2)
    made = network.build(plan_graph(document.graph), CPU, 0)
    stepping = engine.build(made, document.training)
    theirs = copy.deepcopy(made.compiled.model)
    optimizer = torch.optim.LBFGS(theirs.parameters(), lr=0.5, max_iter=4)
    for batch in made.feed.batches(made.feed.splits["train"], 16):
        stepping.step(batch)
        first = []

        def closure(batch=batch, first=first):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(theirs(batch[0]), batch[1])
            loss.backward()
            first.append(loss.item())
            return loss

        optimizer.step(closure)
        assert stepping.read_losses().tolist() == [[pytest.approx(first[0], rel=1e-6)]]
    for ours, expected in zip(made.compiled.model.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(ours, expected)


@pytest.mark.parametrize("kind", ["SGD", "Adagrad", "SparseAdam"])
def test_some_algorithms_follow_sparse_gradients(kind, tmp_path):
    events = list(train(words(kind), folder=tmp_path))
    assert events[-1].state == "finished", events[-1].message


def test_two_optimizers_share_the_work(tmp_path):
    """Muon takes the matrices of one layer, Adam the layer with a bias."""
    document = classifier(layers=(MATRICES[0], ("Linear", {"out_features": 2})), optimizer=("Muon", {}))
    graph = document.graph
    first, second = (node.id for node in graph.level() if node.kind == "Linear")
    graph.apply(set_params(graph, graph.named("optimizer").id, {"updates": [first]}).changes)
    graph.connect(graph.named("loss").id, graph.add("Adam", "other", updates=[second]))
    events = list(train(document, folder=tmp_path))
    assert events[-1].state == "finished", events[-1].message
    assert set(of_type(LossesRead, events)[-1].rates) == {"optimizer", "other"}


def test_a_loss_that_nothing_leads_to_is_said_in_words(tmp_path):
    document = classifier(layers=(("Linear", {"out_features": 2}), ("StopGradient", {})))
    ended = list(train(document, folder=tmp_path))[-1]
    assert ended.state == "failed"
    assert "does not depend on any weight that an optimizer updates" in ended.message
