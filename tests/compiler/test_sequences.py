"""Recurrent layers, tables and attention: refused where torch refuses, with fixes; and masks reach the layer."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from tests.compiler.battery import case
from torch import Tensor, nn

from netloom import compiler
from netloom.compiler.arguments import arguments_of
from netloom.compiler.flow import Flow
from netloom.compiler.planner import Planner
from netloom.compiler.rules import Answer, Mismatch
from netloom.graph import Document
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS

BATCH, STEPS, SEEN, WIDTH, HEADS = 3, 5, 4, 8, 2
SMALL: dict[str, Any] = {"nhead": HEADS, "dim_feedforward": 8, "batch_first": True, "dropout": 0.0}
STACK = SMALL | {"num_layers": 1}

FITTING: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "input": {"": (BATCH, STEPS, WIDTH), "Cell": (BATCH, WIDTH), "Embedding": (BATCH, STEPS)},
    "hidden": {"": (1, BATCH, WIDTH), "Cell": (BATCH, WIDTH)},
    "cell": {"": (1, BATCH, WIDTH), "Cell": (BATCH, WIDTH)},
    "weights": {"": (BATCH, STEPS)},
    "query": {"": (BATCH, STEPS, WIDTH)},
    "key": {"": (BATCH, SEEN, WIDTH)},
    "value": {"": (BATCH, SEEN, WIDTH)},
    "memory": {"": (BATCH, SEEN, WIDTH)},
    "src": {"": (BATCH, SEEN, WIDTH)},
    "tgt": {"": (BATCH, STEPS, WIDTH)},
    "mask": {"": (STEPS, STEPS)},
    "attn_mask": {"": (STEPS, SEEN)},
    "memory_mask": {"": (STEPS, SEEN)},
    "src_mask": {"": (SEEN, SEEN)},
    "tgt_mask": {"": (STEPS, STEPS)},
    "key_padding_mask": {"": (BATCH, STEPS), "MultiheadAttention": (BATCH, SEEN)},
    "memory_key_padding_mask": {"": (BATCH, SEEN)},
    "src_key_padding_mask": {"": (BATCH, SEEN)},
    "tgt_key_padding_mask": {"": (BATCH, STEPS)},
}
"""What fits each port, by the end or the beginning of the kind's name."""

PROBED: list[tuple[str, dict[str, Any]]] = [
    *((kind, {"hidden_size": WIDTH, "batch_first": True}) for kind in ("RNN", "GRU", "LSTM")),
    *((kind, {"hidden_size": WIDTH}) for kind in ("RNNCell", "GRUCell", "LSTMCell")),
    ("Embedding", {"num_embeddings": 9}),
    ("EmbeddingBag", {"num_embeddings": 9, "mode": "sum"}),
    ("MultiheadAttention", {"num_heads": HEADS, "batch_first": True}),
    ("TransformerEncoderLayer", SMALL),
    ("TransformerDecoderLayer", SMALL),
    ("TransformerEncoder", STACK),
    ("TransformerDecoder", STACK),
    ("Transformer", SMALL | {"num_encoder_layers": 1, "num_decoder_layers": 1}),
]


def fitting(kind: str, port: str) -> tuple[int, ...]:
    shapes = FITTING[port]
    return next((shape for end, shape in shapes.items() if end and end in kind), shapes[""])


def drawn(kind: str, chance: random.Random) -> dict[str, Flow]:
    """Flows of which most fit: now and then one has another shape or type."""
    flows: dict[str, Flow] = {}
    for port in SPECS[kind].inputs_for({}):
        if port.optional and chance.random() < 0.6:
            continue
        shape, dtype = fitting(kind, port.name), "float32"
        if port.flow == "integer":
            dtype = chance.choice(["int64", "int32"])
        elif "mask" in port.name:
            dtype = chance.choice(["float32", "bool"])
        if chance.random() < 0.15:
            changed = list(shape)
            changed[chance.randrange(len(shape))] += chance.choice([-1, 1, 3])
            shape = tuple(changed)
        if chance.random() < 0.08:
            shape = (*shape, 2)
        if chance.random() < 0.08 and port.name != "cell":
            dtype = chance.choice(["float64", "int64", "uint8"])
        flows[port.name] = Flow(shape, dtype)
    return flows


def tensor(flow: Flow) -> Tensor:
    size, dtype = tuple(int(str(dim)) for dim in flow.shape), getattr(torch, flow.dtype)
    return torch.rand(size).to(dtype) if dtype.is_floating_point else torch.zeros(size, dtype=dtype)


def by_hand(kind: str, arguments: Mapping[str, Any], given: Mapping[str, Tensor]) -> Any:
    """What torch answers, or None where it refuses."""
    names = {"mask": "tgt_mask" if "Decoder" in kind else "mask" if kind == "TransformerEncoder" else "src_mask"}
    names |= {"weights": "per_sample_weights"}
    if kind.startswith("Transformer"):
        names["key_padding_mask"] = "tgt_key_padding_mask" if "Decoder" in kind else "src_key_padding_mask"
    words = {names.get(port, port): each for port, each in given.items() if "mask" in port or port == "weights"}
    states: list[Any] = [given[port] for port in ("hidden", "cell") if port in given]
    rest: list[Any] = [
        each for port, each in given.items() if "mask" not in port and port not in ("weights", "hidden", "cell")
    ]
    if states:
        rest.append((states[0], states[1]) if kind.startswith("LSTM") else states[0])
    try:
        answer = made(kind, arguments)(*rest, **words)
    except (RuntimeError, ValueError, AssertionError, IndexError):
        return None
    return answer


def made(kind: str, arguments: Mapping[str, Any]) -> nn.Module:
    """A module with these arguments, however it is made."""
    graph = Graph()
    node = graph.add(kind, "it", **arguments)
    for port in SPECS[kind].inputs_for({}):
        if not port.optional:
            shape, dtype = fitting(kind, port.name)[1:], "int64" if port.flow == "integer" else "float32"
            entry = graph.add("Input", f"in_{port.name}", shape=list(shape), dtype=dtype)
            graph.connect(entry, "out", node, port.name)
    graph.connect(node, SPECS[kind].outputs_for({})[0].name, graph.add("Output", "y"), "input")
    return dict(compiler.build(graph).named_children())["it"]


@pytest.mark.filterwarnings("ignore:Support for mismatched")
@pytest.mark.parametrize(("kind", "params"), PROBED)
def test_a_layer_refuses_what_torch_refuses(kind: str, params: dict[str, Any]) -> None:
    chance, accepted, refused = random.Random(kind), 0, 0
    sizes = {param.name: WIDTH for param in SPECS[kind].params if param.derived}
    for _ in range(120):
        flows = drawn(kind, chance)
        found = planned(kind, params | sizes, flows)
        if "LSTM" in kind and len({"hidden", "cell"} & flows.keys()) == 1:
            assert found is None
            continue
        answers = by_hand(kind, params, {port: tensor(flow) for port, flow in flows.items()})
        accepted, refused = accepted + (found is not None), refused + (found is None)
        assert (found is None) == (answers is None), f"{kind} and torch do not agree on {flows}"
        if found is not None and answers is not None:
            flat = case.flat(answers)
            shapes = [flow.shape for flow in found.outputs.values()]
            assert shapes == [tuple(each.shape) for each in flat]
    assert accepted > 5
    assert refused > 5


def planned(kind: str, params: Mapping[str, Any], flows: Mapping[str, Flow]) -> Answer | None:
    inputs = {port: (flow,) for port, flow in flows.items()}
    try:
        arguments, _ = arguments_of(SPECS[kind].params, params, inputs)
        return Planner().answer(kind, arguments, inputs)
    except Mismatch:
        return None


def entering(kind: str, shapes: Mapping[str, list[int]], params: Mapping[str, Any], dtype: str = "float32") -> Graph:
    graph = Graph()
    node = graph.add(kind, "it", **params)
    for port, shape in shapes.items():
        graph.connect(graph.add("Input", f"in_{port}", shape=shape, dtype=dtype), "out", node, port)
    graph.connect(node, SPECS[kind].outputs_for(params)[0].name, graph.add("Output", "y"), "input")
    return graph


MENDED: list[tuple[str, dict[str, list[int]], dict[str, Any], str, str]] = [
    ("LSTM", {"input": [8]}, {"batch_first": True}, "takes a sequence N×L×D, gets N×8", "Insert Unsqueeze to one step"),
    ("GRU", {"input": [8, 20]}, {"input_size": 8, "batch_first": True}, "expects 8 features", "Insert Permute"),
    ("RNN", {"input": [8]}, {"batch_first": True}, "takes a sequence N×L×D", "Insert Unsqueeze"),
    ("LSTM", {"input": [7, 3, 4]}, {"batch_first": True}, "gets N×7×3×4", "Insert Flatten"),
    ("LSTM", {"input": [7, 3]}, {"hidden_size": 4, "proj_size": 4}, "smaller than its hidden_size", "Use 0"),
    ("LSTMCell", {"input": [7, 3]}, {}, "takes one step N×D", "Insert Select"),
    ("TransformerEncoder", {"input": [7, 6]}, {"nhead": 4, "batch_first": True}, "4 heads cannot share", "Use 3 heads"),
    ("TransformerEncoderLayer", {"input": [8]}, {"batch_first": True}, "takes a sequence", "Insert Unsqueeze"),
    ("EmbeddingBag", {"input": [8]}, {}, "looks up whole numbers, gets float32", "Insert Cast to int64"),
    ("Embedding", {"input": [8]}, {}, "looks up whole numbers, gets float32", "Insert Cast to int64"),
]


@pytest.mark.parametrize(("kind", "shapes", "params", "words", "label"), MENDED)
def test_what_does_not_fit_is_said_and_mended(
    kind: str, shapes: dict[str, list[int]], params: dict[str, Any], words: str, label: str
) -> None:
    if "Embedding" in kind:
        graph = Graph()
        entry, relu = graph.add("Input", "x", shape=[8]), graph.add("Reshape", "same", shape=[-1])
        node, leaving = graph.add(kind, "it"), graph.add("Output", "y")
        for wire in ((entry, relu), (relu, node), (node, leaving)):
            graph.connect(*wire)
    else:
        graph = entering(kind, shapes, params)
    (problem,) = (each for each in compiler.plan_graph(graph).problems if each.severity == "error")
    assert words in problem.message
    fix = next(each for each in problem.fixes if each.label.startswith(label))
    Document(graph).apply(fix.patch)
    plan = compiler.plan_graph(graph)
    assert plan.is_valid, plan.problems


def test_both_states_of_a_memory_are_needed() -> None:
    graph = entering("LSTM", {"input": [7, 8], "hidden": [2, 64]}, {"batch_first": False})
    (problem,) = (each for each in compiler.plan_graph(graph).problems if each.severity == "error")
    assert "needs cell as well when hidden is wired" in problem.message


def test_states_go_from_one_layer_into_the_next() -> None:
    graph = Graph()
    words, answer = graph.add("Input", "words", shape=[9, 6]), graph.add("Input", "answer", shape=[4, 6])
    reader, writer = (graph.add("LSTM", name, hidden_size=5) for name in ("reader", "writer"))
    graph.connect(words, reader)
    graph.connect(answer, "out", writer, "input")
    graph.connect(reader, "hidden", writer, "hidden")
    graph.connect(reader, "cell", writer, "cell")
    graph.connect(writer, "output", graph.add("Output", "y"), "input")
    model = compiler.build(graph)
    read, written = (dict(model.named_children())[name] for name in ("reader", "writer"))
    x, y = torch.randn(BATCH, 9, 6), torch.randn(BATCH, 4, 6)
    assert torch.equal(model(x, y), written(y, read(x)[1])[0])


def test_a_mask_that_is_computed_reaches_the_attention() -> None:
    graph = Graph()
    x, seen = graph.add("Input", "x", shape=[STEPS, WIDTH]), graph.add("Input", "seen", shape=[STEPS, STEPS])
    mean, it = graph.add("Mean", "mean", dim=[0]), graph.add("TransformerEncoderLayer", "it", **SMALL)
    graph.connect(x, "out", it, "input")
    graph.connect(seen, "out", mean, "input")
    graph.connect(mean, "output", it, "mask")
    graph.connect(it, "output", graph.add("Output", "y"), "input")
    model = compiler.build(graph)
    given, mask = torch.randn(BATCH, STEPS, WIDTH), torch.randn(BATCH, STEPS, STEPS)
    assert torch.equal(model(given, mask), dict(model.named_children())["it"](given, src_mask=mask.mean(0)))


def test_a_causal_layer_sees_nothing_of_what_comes_after() -> None:
    model = compiler.build(entering("TransformerEncoder", {"input": [STEPS, WIDTH]}, {**STACK, "is_causal": True}))
    first = torch.randn(BATCH, STEPS, WIDTH)
    second = torch.cat([first[:, :3], torch.randn(BATCH, 2, WIDTH)], dim=1)
    assert torch.equal(model(first)[:, :3], model(second)[:, :3])
    assert not torch.equal(model(first)[:, 3:], model(second)[:, 3:])


def test_a_causal_layer_makes_its_own_mask() -> None:
    graph = entering("TransformerEncoderLayer", {"input": [5, 8]}, {**SMALL, "is_causal": True})
    mean, seen = graph.add("Mean", "mean", dim=[0]), graph.add("Input", "seen", shape=[5, 5])
    graph.connect(seen, "out", mean, "input")
    graph.connect(mean, "output", next(key for key, node in graph.nodes.items() if node.name == "it"), "mask")
    (problem,) = (each for each in compiler.plan_graph(graph).problems if each.severity == "error")
    assert "makes the mask itself" in problem.message
    assert problem.fixes[0].label == "Set is_causal to false"


def test_a_stack_is_written_as_a_person_would() -> None:
    graph = entering("TransformerEncoder", {"input": [STEPS, WIDTH]}, {**STACK, "num_layers": 3, "norm": True})
    text = " ".join(compiler.source(compiler.plan_graph(graph)).text.split())
    layer = "nn.TransformerEncoderLayer( 8, 2, dim_feedforward=8, dropout=0.0, batch_first=True )"
    stack = f"nn.TransformerEncoder( {layer}, num_layers=3, norm=nn.LayerNorm(8), enable_nested_tensor=False, )"
    assert f"self.it = {stack}" in text
