"""Every rule answers what the real module answers: shapes, dtypes, parameters, multiply-adds."""

from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from netloom import compiler
from netloom.compiler.rules import RULES
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS

BATCH = 3
IMAGE, SEQUENCE, ROW = [6, 9, 8], [7, 8], [12]

CASES: list[tuple[str, list[list[int]], dict[str, Any]]] = [
    ("Linear", [ROW], {"out_features": 5}),
    ("Linear", [SEQUENCE], {"out_features": 5, "bias": False}),
    ("Conv1d", [[4, 20]], {"out_channels": 6, "kernel_size": 5, "stride": 2, "padding": 3}),
    ("Conv1d", [[4, 20]], {"out_channels": 6, "kernel_size": 3, "dilation": 4, "padding": "valid", "groups": 2}),
    ("Conv2d", [IMAGE], {"out_channels": 5, "kernel_size": 3}),
    ("Conv2d", [IMAGE], {"out_channels": 12, "kernel_size": [3, 5], "padding": "same", "dilation": 2, "groups": 3}),
    ("Conv2d", [IMAGE], {"out_channels": 4, "kernel_size": 2, "stride": [2, 3], "padding": [1, 0], "bias": False}),
    ("ConvTranspose2d", [IMAGE], {"out_channels": 4, "kernel_size": 3, "stride": 2, "output_padding": 1, "padding": 1}),
    ("ConvTranspose2d", [IMAGE], {"out_channels": 4, "kernel_size": [2, 3], "dilation": 2, "groups": 2, "bias": False}),
    ("MaxPool2d", [IMAGE], {"kernel_size": 2}),
    ("MaxPool2d", [IMAGE], {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("MaxPool2d", [IMAGE], {"kernel_size": [2, 3], "stride": [3, 2], "ceil_mode": True, "dilation": 2}),
    ("AvgPool2d", [IMAGE], {"kernel_size": 2, "stride": 3, "ceil_mode": True, "padding": 1}),
    ("AdaptiveAvgPool2d", [IMAGE], {"output_size": 1}),
    ("AdaptiveAvgPool2d", [IMAGE], {"output_size": [3, 2]}),
    ("BatchNorm1d", [ROW], {}),
    ("BatchNorm1d", [SEQUENCE], {"affine": False}),
    ("BatchNorm2d", [IMAGE], {}),
    ("LayerNorm", [SEQUENCE], {}),
    ("LayerNorm", [IMAGE], {"normalized_shape": [9, 8], "bias": False}),
    ("Dropout", [IMAGE], {"p": 0.25}),
    ("Embedding", [[7]], {"num_embeddings": 30, "embedding_dim": 5}),
    ("LSTM", [SEQUENCE], {"hidden_size": 5, "batch_first": True}),
    (
        "LSTM",
        [SEQUENCE],
        {"hidden_size": 5, "num_layers": 3, "bidirectional": True, "proj_size": 2, "batch_first": True},
    ),
    ("GRU", [SEQUENCE], {"hidden_size": 6, "num_layers": 2, "bias": False, "bidirectional": True}),
    ("MultiheadAttention", [SEQUENCE] * 3, {"num_heads": 2, "batch_first": True}),
    (
        "MultiheadAttention",
        [SEQUENCE, [5, 6], [5, 4]],
        {"num_heads": 4, "kdim": 6, "vdim": 4, "batch_first": True, "bias": False},
    ),
    ("TransformerEncoderLayer", [SEQUENCE], {"nhead": 2, "dim_feedforward": 16, "batch_first": True}),
    ("TransformerEncoderLayer", [SEQUENCE], {"nhead": 4, "bias": False, "norm_first": True, "activation": "gelu"}),
    ("ReLU", [IMAGE], {}),
    ("GELU", [IMAGE], {"approximate": "tanh"}),
    ("Sigmoid", [ROW], {}),
    ("Tanh", [ROW], {}),
    ("LeakyReLU", [ROW], {"negative_slope": 0.2}),
    ("Softmax", [ROW], {"dim": 1}),
    ("Flatten", [IMAGE], {}),
    ("Flatten", [IMAGE], {"start_dim": 2, "end_dim": 3}),
    ("Reshape", [IMAGE], {"shape": [8, -1]}),
    ("Reshape", [IMAGE], {"shape": [2, 3, 72]}),
    ("Permute", [IMAGE], {"dims": [0, 2, 3, 1]}),
    ("Mean", [IMAGE], {"dim": [2, 3]}),
    ("Mean", [IMAGE], {"dim": [-1], "keepdim": True}),
    ("Add", [IMAGE, IMAGE], {}),
    ("Add", [IMAGE, [6, 1, 1], [6, 9, 1]], {}),
    ("Multiply", [IMAGE, [1, 9, 8]], {}),
    ("Concatenate", [IMAGE, [2, 9, 8], IMAGE], {"dim": 1}),
    ("Concatenate", [SEQUENCE, SEQUENCE], {"dim": -1}),
]


def drawn(kind: str, shapes: list[list[int]], params: dict[str, Any]) -> Graph:
    """One node of a kind between its inputs and an output for each of its ports."""
    graph = Graph()
    node = graph.add(kind, **params)
    entries = SPECS[kind].inputs
    dtype = "int64" if kind == "Embedding" else "float32"
    for index, shape in enumerate(shapes):
        entry = graph.add("Input", name=f"in{index}", shape=shape, dtype=dtype)
        graph.connect(entry, "out", node, entries[min(index, len(entries) - 1)].name)
    for port in SPECS[kind].outputs_for(params):
        graph.connect(node, port.name, graph.add("Output", name=f"out_{port.name}"), "input")
    return graph


def samples(shapes: list[list[int]], kind: str) -> list[torch.Tensor]:
    if kind == "Embedding":
        return [torch.randint(0, 30, (BATCH, *shape)) for shape in shapes]
    return [torch.randn(BATCH, *shape) for shape in shapes]


@pytest.mark.filterwarnings("ignore:LSTM with projections")
@pytest.mark.parametrize(("kind", "shapes", "params"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_answers_what_the_module_answers(kind: str, shapes: list[list[int]], params: dict[str, Any]) -> None:
    graph = drawn(kind, shapes, params)
    plan = compiler.plan_graph(graph)
    assert not plan.problems, [problem.message for problem in plan.problems]
    module = compiler.build(graph)
    answers = module(*samples(shapes, kind))
    answers = answers if isinstance(answers, tuple) else (answers,)
    for flow, answer in zip(plan.outputs.values(), answers, strict=True):
        assert flow.with_values({"N": BATCH}) == tuple(answer.shape)
        assert f"torch.{flow.dtype}" == str(answer.dtype)
    assert plan.parameters == sum(weight.numel() for weight in module.parameters())


COUNTED = [case for case in CASES if case[0] in ("Linear", "Conv1d", "Conv2d", "ConvTranspose2d", "MultiheadAttention")]


@pytest.mark.parametrize(
    ("kind", "shapes", "params"), COUNTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_multiply_adds_are_half_of_torchs_flops(kind: str, shapes: list[list[int]], params: dict[str, Any]) -> None:
    graph = drawn(kind, shapes, params)
    module = compiler.build(graph)
    with FlopCounterMode(display=False) as counter:
        module(*(tensor[:1] for tensor in samples(shapes, kind)))
    assert compiler.plan_graph(graph).macs * 2 == counter.get_total_flops()


def test_every_kind_of_the_catalogue_has_a_rule_or_a_place_in_the_walk() -> None:
    walked = {kind for kind, spec in SPECS.items() if spec.role in ("dataset", "input", "output", "block")}
    assert set(SPECS) == set(RULES) | walked
    tested = {kind for kind, _, _ in CASES}
    goals = {kind for kind, spec in SPECS.items() if spec.role in ("loss", "metric", "optimizer")}
    assert set(RULES) == tested | goals


def test_lengths_stay_symbolic() -> None:
    graph = Graph()
    entry = graph.add("Input", name="words", shape=["L"], dtype="int64")
    embedding = graph.add("Embedding", num_embeddings=50, embedding_dim=16)
    lstm = graph.add("LSTM", hidden_size=8)
    graph.connect(entry, embedding)
    graph.connect(embedding, lstm)
    turned = graph.add("Permute", dims=[0, 2, 1])
    conv = graph.add("Conv1d", out_channels=4, kernel_size=3, stride=2)
    graph.connect(lstm, "output", turned, "input")
    graph.connect(turned, conv)
    plan = compiler.plan_graph(graph)
    assert plan.shapes[lstm, "output"] == ("N", "L", 8)
    assert plan.shapes[lstm, "hidden"] == (1, "N", 8)
    assert plan.shapes[conv, "output"] == ("N", 4, "(L-3)//2+1")
