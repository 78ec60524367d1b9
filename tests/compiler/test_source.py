"""The source reads as an expert would write it, and is the module that trains."""

import ast

import pytest
import torch
from torch import nn

from netloom import compiler
from netloom.compiler import naming
from netloom.errors import BuildError
from netloom.graph import Block, Change
from netloom.layers.authoring import Graph
from netloom.templates import document


def small() -> Graph:
    graph = Graph()
    image = graph.add("Input", name="image", shape=[1, 8, 8])
    conv = graph.add("Conv2d", name="conv1", out_channels=4, kernel_size=3, padding="same")
    relu = graph.add("ReLU", name="relu1")
    join = graph.add("Add", name="join")
    second = graph.add("Conv2d", name="conv2", out_channels=4, kernel_size=3, padding="same")
    flat = graph.add("Flatten", name="flat")
    head = graph.add("Linear", name="head", out_features=10)
    logits = graph.add("Output", name="logits")
    graph.connect(image, conv)
    graph.connect(conv, relu)
    graph.connect(relu, second)
    graph.connect(second, "output", join, "inputs")
    graph.connect(relu, "output", join, "inputs")
    graph.connect(join, flat)
    graph.connect(flat, head)
    graph.connect(head, logits)
    return graph


EXPECTED = """\
from torch import Tensor, nn


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding="same")
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(4, 4, 3, padding="same")
        self.flat = nn.Flatten()
        self.head = nn.Linear(256, 10)

    def forward(self, image: Tensor) -> Tensor:  # N×1×8×8
        x = self.conv1(image)  # N×4×8×8
        relu1 = self.relu1(x)  # N×4×8×8
        x = self.conv2(relu1)  # N×4×8×8
        join = x + relu1  # N×4×8×8
        x = self.flat(join)  # N×256
        x = self.head(x)  # N×10
        return x
"""


def test_it_reads_as_an_expert_would_write_it() -> None:
    plan = compiler.plan_graph(small())
    source = compiler.source(plan)
    assert source.text == EXPECTED
    conv = next(key for key in plan.order if plan.nodes[key].node.name == "conv1")
    assert [number for number, node in source.lines.items() if node == conv] == [7, 14]


def test_it_computes_what_the_hand_written_module_computes() -> None:
    class ByHand(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(1, 4, 3, padding="same")
            self.conv2 = nn.Conv2d(4, 4, 3, padding="same")
            self.head = nn.Linear(256, 10)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            first = torch.relu(self.conv1(image))
            return self.head((self.conv2(first) + first).flatten(1))

    module, peer = compiler.build(small()), ByHand()
    peer.load_state_dict(module.state_dict())
    sample = torch.randn(5, 1, 8, 8)
    assert torch.equal(module(sample), peer(sample))


def test_an_unfinished_graph_still_shows_its_code() -> None:
    graph = Graph()
    image = graph.add("Input", name="image", shape=[1, 8, 8])
    conv = graph.add("Conv2d", name="conv1")
    graph.add("Linear", name="alone")
    graph.connect(image, conv)
    text = compiler.source(compiler.plan_graph(graph)).text
    assert "return x" in text
    assert "# alone waits: see its problem." in text
    ast.parse(text)
    assert "class Model" in compiler.source(compiler.plan_graph(Graph())).text


def test_a_graph_with_errors_is_not_built() -> None:
    graph = small()
    head = graph.named("head")
    graph.apply([Change("node", head.id, head, type(head)(head.id, head.kind, head.name, {"in_features": 3}))])
    with pytest.raises(BuildError, match="head expects 3 features, gets 256") as caught:
        compiler.build(graph)
    assert caught.value.node == head.id


def test_names_hide_nothing_of_nn_module() -> None:
    taken = {name for name in dir(nn.Module()) if not name.startswith("_")}
    assert taken == set(naming.MODULE_ATTRIBUTES)


@pytest.mark.parametrize(
    "name", ["forward", "training", "self_", "torch", "nn", "x", "see", "_", "T_destination", "层"]
)
def test_awkward_names_work(name: str) -> None:
    graph = Graph()
    entry = graph.add("Input", name=name, shape=[4])
    middle = graph.add("Linear", name=f"{name}2", out_features=4)
    graph.connect(entry, middle)
    other = Graph()
    linear = other.add("Linear", name=name, out_features=3)
    other.connect(other.add("Input", name="input", shape=[4]), linear)
    for each in (graph, other):
        assert compiler.build(each)(torch.zeros(2, 4)).shape[0] == 2


def test_names_that_differ_stay_different() -> None:
    names = ["train", "train_", "train__", "requires_grad", "requires_grad_", "requires_grad__", "_x", "x_"]
    found = [naming.attribute(name) for name in names]
    assert len(set(found)) == len(names)
    assert not naming.MODULE_ATTRIBUTES & set(found)


def test_a_model_that_waits_is_still_python() -> None:
    graph = Graph()
    graph.connect(graph.add("ReLU", name="relu"), graph.add("Output", name="y"))
    text = compiler.source(compiler.plan_graph(graph)).text
    ast.parse(text)
    assert "# relu waits: see its problem." in text


def test_several_outputs_are_taken_apart() -> None:
    graph = Graph()
    lstm = graph.add("LSTM", name="lstm", hidden_size=5)
    graph.connect(graph.add("Input", name="steps", shape=[7, 3]), lstm)
    for port in ("output", "cell"):
        graph.connect(lstm, port, graph.add("Output", name=f"the_{port}"), "input")
    text = compiler.source(compiler.plan_graph(graph)).text
    assert "lstm, (_, lstm_cell) = self.lstm(steps)" in text
    assert "-> tuple[Tensor, Tensor]:" in text
    output, cell = compiler.build(graph)(torch.zeros(2, 7, 3))
    assert (output.shape, cell.shape) == ((2, 7, 5), (1, 2, 5))


def test_attention_takes_its_inputs_in_torchs_order() -> None:
    graph = Graph()
    attention = graph.add("MultiheadAttention", name="attention", num_heads=2)
    for name, width in (("query", 8), ("key", 8), ("value", 8)):
        graph.connect(graph.add("Input", name=f"the_{name}", shape=[4, width]), "out", attention, name)
    text = compiler.source(compiler.plan_graph(graph)).text
    assert "self.attention(the_query, the_key, the_value)" in text


def residual(repeat: int) -> Graph:
    graph = Graph()
    block = graph.define("residual_unit")
    entry = graph.add("Input", name="x", parent=block)
    conv = graph.add("Conv2d", name="conv", parent=block, out_channels=4, kernel_size=3, padding="same")
    join = graph.add("Add", name="join", parent=block)
    leave = graph.add("Output", name="y", parent=block)
    graph.connect(entry, conv)
    graph.connect(conv, "output", join, "inputs")
    graph.connect(entry, "out", join, "inputs")
    graph.connect(join, leave)
    image = graph.add("Input", name="image", shape=[4, 6, 6])
    first = graph.add("Block", name="body", block=block, repeat=repeat)
    second = graph.add("Block", name="tail", block=block)
    graph.connect(image, "out", first, "x")
    graph.connect(first, "y", second, "x")
    graph.connect(second, "y", graph.add("Output", name="maps"), "input")
    return graph


def test_blocks_become_classes_once_and_repeats_become_loops() -> None:
    plan = compiler.plan_graph(residual(3))
    assert not plan.problems
    text = compiler.source(plan).text
    assert text.count("class ResidualUnit(nn.Module)") == 1
    assert "self.body = nn.Sequential(*(ResidualUnit() for _ in range(3)))" in text
    assert "self.tail = ResidualUnit()" in text
    module = compiler.build(residual(3))
    assert plan.parameters == sum(weight.numel() for weight in module.parameters())
    sample = torch.randn(2, 4, 6, 6)
    expected = sample
    for unit in (*module.body, module.tail):
        expected = unit.conv(expected) + expected
    assert torch.equal(module(sample), expected)


def test_a_block_that_changes_the_shape_cannot_be_repeated() -> None:
    graph = residual(3)
    graph.apply([Change("block", "b9", None, Block("b9", "Grow"))])
    conv = graph.named("conv", next(iter(graph.blocks)))
    graph.apply([Change("node", conv.id, conv, type(conv)(conv.id, "Conv2d", "conv", {"padding": 0}, conv.parent))])
    problems = compiler.plan_graph(graph).problems
    assert any("cannot combine" in problem.message for problem in problems)


def test_a_traceback_leads_to_its_node() -> None:
    plan = compiler.plan_graph(document("digits-mlp").graph)
    compiled = compiler.compile_plan(plan)
    with pytest.raises(RuntimeError) as caught:
        compiled.model(torch.zeros(2, 3))
    node = compiled.node_at(caught.value.__traceback__)
    assert plan.nodes[node].node.kind in ("Linear", "Flatten")


def test_watching_shows_every_node_and_changes_nothing() -> None:
    compiled = compiler.compile_plan(compiler.plan_graph(document("digits-cnn").graph))
    compiled.model.eval()
    sample = torch.randn(4, 1, 8, 8)
    seen: dict[str, torch.Tensor] = {}
    watched = compiled.watch((sample,), seen.__setitem__)
    assert torch.equal(watched, compiled.model(sample))
    model = {key for key, item in compiled.plan.nodes.items() if item.part == "model" and item.node.kind != "Output"}
    assert set(seen) == model
