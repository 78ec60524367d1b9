"""The forecast against what autograd really keeps, and what optimizers really remember."""

import pytest
import torch
from torch.autograd.graph import saved_tensors_hooks

from netloom.compiler import plan_graph
from netloom.compiler.dims import letters
from netloom.compiler.forecast import Speed, forecast
from netloom.compiler.module import build_module, compile_plan
from netloom.layers.authoring import Graph
from netloom.templates import document

BATCH = 16
FACTOR = 1.35
"""How far the forecast of activations may be from the truth, both ways."""

SPEED = Speed(1e10, 2e10, 1e9, 1e-5, 1e-4)

MLP = (("Linear", {"out_features": 32}), ("GELU", {}), ("LayerNorm", {}), ("Linear", {"out_features": 3}))
NETS = {
    "linear, norm and dropout": ((4,), (*MLP[:3], ("Dropout", {"p": 0.5}), MLP[3])),
    "convolutions, norm and pooling": (
        (3, 16, 16),
        (
            ("Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1}),
            ("BatchNorm2d", {}),
            ("ReLU", {}),
            ("MaxPool2d", {"kernel_size": 2}),
            ("Conv2d", {"out_channels": 16, "kernel_size": 3}),
            ("GroupNorm", {"num_groups": 4}),
            ("SiLU", {}),
            ("AvgPool2d", {"kernel_size": 2}),
            ("Flatten", {}),
            ("Linear", {"out_features": 5}),
        ),
    ),
    "sigmoid and tanh": (
        (20,),
        (("Linear", {"out_features": 9}), ("Sigmoid", {}), ("Linear", {"out_features": 9}), ("Tanh", {})),
    ),
    "attention": (
        (12, 32),
        (
            ("Linear", {"out_features": 32}),
            ("LayerNorm", {}),
            ("TransformerEncoderLayer", {"nhead": 4, "dim_feedforward": 64}),
        ),
    ),
    "gated": ((9, 8), (("GRU", {"hidden_size": 16, "num_layers": 2}), ("Linear", {"out_features": 4}))),
    "recurrent": ((10, 8), (("LSTM", {"hidden_size": 16}), ("Linear", {"out_features": 4}))),
}


def chain(shape, layers):
    graph = Graph()
    place = graph.add("Input", "x", shape=list(shape))
    for kind, params in layers:
        node = graph.add(kind, **params)
        graph.connect(place, node)
        place = node
    answer = graph.add("Output", "y")
    graph.connect(place, answer)
    loss = graph.add("MeanLoss", "loss")
    graph.connect(answer, loss)
    graph.connect(loss, graph.add("Adam", "optimizer"))
    return graph


def kept_by_autograd(compiled, inputs, columns=()):
    """Bytes of all storages that wait for the backward pass, each once; weights and running statistics left out."""
    model = compiled.model
    own = {tensor.untyped_storage().data_ptr() for tensor in (*model.parameters(), *model.buffers())}
    found = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        outputs = model(*inputs)
        compiled.objective(*(outputs if isinstance(outputs, tuple) else (outputs,)), *columns)
    return sum(size for size, _ in found.values())


def is_near(found, real):
    return real / FACTOR <= found <= real * FACTOR


@pytest.mark.parametrize("net", NETS)
def test_activations_are_what_autograd_keeps(net):
    shape, layers = NETS[net]
    plan = plan_graph(chain(shape, layers))
    assert plan.is_valid, plan.problems
    compiled = compile_plan(plan)
    real = kept_by_autograd(compiled, [torch.randn(BATCH, *shape)])
    assert is_near(forecast(plan, BATCH).activations, real)


@pytest.mark.parametrize("name", ["digits-cnn", "digits-mlp", "moons-mlp", "iris-mlp", "diabetes-regression"])
def test_activations_of_templates_are_what_autograd_keeps(name):
    plan = plan_graph(document(name).graph)
    compiled = compile_plan(plan)
    places = (*compiled.inputs, *compiled.columns)
    flows = [plan.nodes[node].outputs[port] for node, port in places]
    batch = [torch.zeros(flow.with_values({"N": BATCH}), dtype=getattr(torch, flow.dtype)) for flow in flows]
    split = len(compiled.inputs)
    assert is_near(forecast(plan, BATCH).activations, kept_by_autograd(compiled, batch[:split], batch[split:]))


@pytest.mark.parametrize(
    "name", ["alexnet", "googlenet", "resnet18", "mobilenet-v2", "vit-b16", "dcgan", "tcn", "two-tower"]
)
def test_activations_of_published_networks_are_what_autograd_keeps(name):
    """On the device that computes nothing, where each storage has a size all the same."""
    plan = plan_graph(document(name).graph)
    with torch.device("meta"):
        model = build_module(plan)
        sizes = [
            flow.with_values({"N": 2, **dict.fromkeys(letters(flow.shape[1:]), 1)}) for flow in plan.inputs.values()
        ]
        kinds = [getattr(torch, flow.dtype) for flow in plan.inputs.values()]
        inputs = [torch.zeros(size, dtype=kind) for size, kind in zip(sizes, kinds, strict=True)]
    own = {id_of(tensor) for tensor in (*model.parameters(), *model.buffers())}
    found = {}

    def pack(tensor):
        if id_of(tensor) not in own:
            found[id_of(tensor)] = tensor.untyped_storage()
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        result = model(*inputs)
    assert result is not None
    assert is_near(forecast(plan, 2).activations, sum(storage.nbytes() for storage in found.values()))


def id_of(tensor):
    return tensor.untyped_storage()._cdata


def test_a_block_counts_for_each_of_its_repeats():
    flat, nested = Graph(), Graph()
    for graph, repeat in ((flat, 1), (nested, 6)):
        block = graph.define("Cell")
        inner = graph.add("Input", "x", parent=block)
        layer, act = graph.add("Linear", "fc", parent=block, out_features=8), graph.add("GELU", "act", parent=block)
        leave = graph.add("Output", "y", parent=block)
        for pair in ((inner, layer), (layer, act), (act, leave)):
            graph.connect(*pair)
        place = graph.add("Input", "x", shape=[8])
        node = graph.add("Block", "cells", block=block, repeat=repeat)
        graph.connect(place, node)
        end = graph.add("Output", "y")
        graph.connect(node, end)
    one, six = (forecast(plan_graph(graph), 4, SPEED) for graph in (flat, nested))
    (key,) = [key for key, cost in one.nodes.items() if cost.weights]
    for field in ("weights", "activations", "seconds"):
        assert getattr(six.nodes[key], field) == pytest.approx(6 * getattr(one.nodes[key], field))


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("SGD", {}),
        ("SGD", {"momentum": 0.9}),
        ("Adam", {}),
        ("Adam", {"amsgrad": True}),
        ("AdamW", {}),
        ("NAdam", {}),
        ("RAdam", {}),
        ("Adamax", {}),
        ("Adagrad", {}),
        ("Adadelta", {}),
        ("RMSprop", {"centered": True, "momentum": 0.5}),
        ("Rprop", {}),
        ("ASGD", {}),
    ],
)
def test_optimizers_remember_so_much(kind, params):
    graph = chain((64,), (("Linear", {"out_features": 64}),))
    old = graph.named("optimizer").id
    graph.connect(graph.named("loss").id, graph.add(kind, "second", **params))
    plan = plan_graph(graph)
    weight = torch.nn.Parameter(torch.randn(plan.parameters))
    optimizer = getattr(torch.optim, kind)([weight], **params)
    weight.grad = torch.ones_like(weight)
    optimizer.step()
    real = sum(
        value.nbytes for value in optimizer.state[weight].values() if isinstance(value, torch.Tensor) and value.dim()
    )
    adam = 2 * weight.nbytes
    assert plan.nodes[old].node.kind == "Adam"
    assert forecast(plan, BATCH).optimizer - adam == real


def test_weights_and_gradients_are_counted_for_what_is_updated():
    graph = chain((8,), MLP)
    everything = forecast(plan_graph(graph), BATCH)
    assert everything.gradients == everything.weights == 4 * plan_graph(graph).parameters


def test_time_follows_speed_batch_and_rows():
    plan = plan_graph(chain(*NETS["convolutions, norm and pooling"]))
    small, large = forecast(plan, 1, SPEED, rows=100), forecast(plan, 256, SPEED, rows=100)
    assert small.epoch_seconds == pytest.approx(100 * small.step_seconds)
    assert large.epoch_seconds == pytest.approx(large.step_seconds)
    assert large.step_seconds > small.step_seconds > sum(cost.seconds for cost in small.nodes.values()) > 0
    assert forecast(plan, 1).step_seconds == 0
