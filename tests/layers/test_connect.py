"""One rule for all wires, and a walk that stays linear however many residual branches there are."""

import pytest

from netloom.errors import GraphError
from netloom.graph import Graph as PlainGraph
from netloom.graph import Node, Wire
from netloom.graph.patch import Change
from netloom.layers import authoring
from netloom.layers.connect import connect, default_ports, refusal


@pytest.fixture
def graph() -> authoring.Graph:
    return authoring.Graph()


def test_each_refusal_says_why(graph):
    data = graph.add("Dataset", "digits")
    conv, other = graph.add("Conv2d"), graph.add("Conv2d", "other")
    loss, step = graph.add("CrossEntropyLoss"), graph.add("Adam")
    inside = graph.add("ReLU", "inside", parent=graph.define("Stem"))
    graph.connect(conv, other)
    expected = {
        Wire("n99", "out", conv, "input"): "does not exist",
        Wire(conv, "output", conv, "input"): "cannot feed itself",
        Wire(conv, "output", inside, "input"): "not on the same level",
        Wire(conv, "out", other, "input"): "conv has no output 'out'; it has output.",
        Wire(conv, "output", other, "x"): "other has no input 'x'; it has input.",
        Wire(step, "out", conv, "input"): "optimizer has no outputs.",
        Wire(conv, "output", data, "x"): "digits has no inputs.",
        Wire(conv, "output", other, "input", 1): "takes one wire",
        Wire(data, "label", conv, "input"): "input of conv takes decimal numbers, label of digits gives whole numbers.",
        Wire(conv, "output", step, "losses"): "losses of optimizer takes a loss, output of conv gives decimal numbers.",
        Wire(loss, "loss", conv, "input"): "input of conv takes decimal numbers, loss of loss gives a loss.",
        Wire(other, "output", conv, "input"): "would close a loop: conv → other → conv",
    }
    for wire, words in expected.items():
        assert words in (refusal(graph, wire) or "accepted"), wire


def test_a_loss_does_not_pass_for_any_tensor(graph):
    loss, add, out = graph.add("MSELoss"), graph.add("Add"), graph.add("Output")
    assert refusal(graph, Wire(loss, "loss", add, "inputs"))
    assert refusal(graph, Wire(out, "out", graph.add("SGD"), "losses"))


def test_connecting_replaces_the_wire_of_a_single_input(graph):
    first, second, target = graph.add("ReLU"), graph.add("ReLU"), graph.add("Linear")
    graph.connect(first, target)
    patch = connect(graph, second, "output", target, "input")
    assert [change.old.source for change in patch.changes] == [first]
    graph.apply(patch.changes)
    assert [wire.source for wire in graph.into(target)] == [second]
    assert not connect(graph, second, "output", target, "input")
    graph.apply(patch.inverse().changes)
    assert [wire.source for wire in graph.into(target)] == [first]


def test_a_many_input_takes_the_next_slot(graph):
    sources = [graph.add("ReLU") for _ in range(3)]
    add = graph.add("Add")
    for source in (*sources, sources[0]):
        graph.connect(source, add)
    assert [wire.slot for wire in graph.into(add)] == [0, 1, 2, 3]
    gone = graph.wires[add, "inputs", 1]
    graph.apply([Change("wire", gone.key, gone, None)])
    graph.connect(sources[1], add)
    assert sorted(wire.slot for wire in graph.into(add)) == [0, 2, 3, 4]


def test_connect_raises_the_reason_with_the_node(graph):
    head, step = graph.add("Linear"), graph.add("Adam")
    with pytest.raises(GraphError, match="takes a loss") as caught:
        connect(graph, head, "output", step, "losses")
    assert caught.value.node == step


@pytest.mark.parametrize(
    ("source", "target", "ports"),
    [
        ("Dataset", "Input", ("image", "data")),
        ("Dataset", "CrossEntropyLoss", ("label", "target")),
        ("Dataset", "Accuracy", ("label", "target")),
        ("Output", "CrossEntropyLoss", ("out", "input")),
        ("Output", "Accuracy", ("out", "preds")),
        ("MSELoss", "AdamW", ("loss", "losses")),
        ("LSTM", "Linear", ("output", "input")),
        ("LSTM", "LSTM", ("output", "input")),
        ("Linear", "Concatenate", ("output", "inputs")),
    ],
)
def test_nodes_wired_as_wholes_use_the_meant_ports(graph, source, target, ports):
    assert default_ports(graph, graph.add(source), graph.add(target)) == ports


def test_wiring_as_wholes_fills_free_inputs_first(graph):
    source, attention = graph.add("Linear"), graph.add("MultiheadAttention")
    for _ in range(3):
        graph.connect(source, attention)
    assert sorted(wire.input for wire in graph.into(attention)) == ["key", "query", "value"]


def test_wiring_as_wholes_says_why_not(graph):
    step, relu, loss = graph.add("Adam"), graph.add("ReLU"), graph.add("MSELoss")
    with pytest.raises(GraphError, match="optimizer has no outputs"):
        default_ports(graph, step, relu)
    with pytest.raises(GraphError, match="gives a loss"):
        default_ports(graph, loss, relu)


class CountingGraph(PlainGraph):
    """Counts the steps of walks."""

    steps = 0

    def out_of(self, node):
        self.steps += 1
        return super().out_of(node)


def residual(blocks: int) -> tuple[CountingGraph, Wire]:
    """A chain of skip connections, and a wire in front of it that would close a loop around all of them."""
    nodes, wires, last = [Node("start", "ReLU", "start")], [], "start"
    for number in range(blocks):
        relu, add = Node(f"r{number}", "ReLU", f"r{number}"), Node(f"a{number}", "Add", f"a{number}")
        nodes += [relu, add]
        wires += [Wire(last, "output", relu.id, "input"), Wire(last, "output", add.id, "inputs")]
        wires += [Wire(relu.id, "output", add.id, "inputs", 1)]
        last = add.id
    graph = CountingGraph()
    graph.apply(
        [Change("node", node.id, None, node) for node in nodes] + [Change("wire", w.key, None, w) for w in wires]
    )
    graph.steps = 0
    return graph, Wire(last, "output", "start", "input")


def test_loops_are_found_in_linear_time_through_2000_residual_branches():
    counts = []
    for blocks in (500, 2000):
        graph, wire = residual(blocks)
        assert "would close a loop" in refusal(graph, wire)
        free = Node("free", "ReLU", "free")
        graph.apply([Change("node", free.id, None, free)])
        assert refusal(graph, Wire("free", "output", "start", "input")) is None
        assert refusal(graph, Wire("start", "output", "free", "input")) is None
        counts.append(graph.steps)
    assert counts[1] <= 4.1 * counts[0]
    assert counts[1] <= 3 * 4100
