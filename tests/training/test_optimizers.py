"""From an optimizer on the canvas to the one that steps."""

import pytest
import torch
from tests.training.conftest import classifier, node_id

from netloom.compiler import compile_plan, plan_graph
from netloom.errors import TrainingError
from netloom.training import optimizers
from netloom.training.loop import train

CPU = torch.device("cpu")


def built(**options):
    compiled = compile_plan(plan_graph(classifier(**options).graph))
    return compiled, optimizers.build(compiled, compiled.optimizers[0], CPU)


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
    compiled = compile_plan(plan_graph(classifier().graph))
    (plan,) = compiled.optimizers
    wrong = type(plan)(plan.node, plan.name, plan.target, {"lr": -1.0}, plan.losses)
    with pytest.raises(TrainingError, match="optimizer cannot be made: Invalid learning rate") as caught:
        optimizers.build(compiled, wrong, CPU)
    assert caught.value.node == plan.node
