"""What operations say where something does not fit, the clicks that mend it, and how free sizes survive."""

import ast
from itertools import pairwise
from typing import Any

import pytest
import torch
from tests.compiler.test_joining import error, joined, mended

from netloom import compiler
from netloom.errors import GraphError
from netloom.layers import equation
from netloom.layers.authoring import Graph

Shapes = dict[str, list[Any]]

MENDED: list[tuple[str, Shapes, dict[str, Any], dict[str, str], str]] = [
    ("Add", {"part1": [16, 8, 8], "part2": [32, 8, 8]}, {}, {}, "Insert a projection to 32 channels"),
    ("Add", {"part1": [16, 9, 9], "part2": [32, 5, 5]}, {}, {}, "Insert a projection to 32 channels"),
    ("Add", {"part1": [32, 5, 5], "part2": [16, 9, 9]}, {}, {}, "Insert a projection to 32 channels"),
    ("Add", {"part1": [7, 16], "part2": [7, 24]}, {}, {}, "Insert a projection to 24 features"),
    ("Multiply", {"part1": [5], "part2": [8]}, {}, {}, "Insert a projection to 8 features"),
    ("Subtract", {"input": [7, 16], "other": [7, 24]}, {}, {}, "Insert a projection to 16 features"),
    ("Subtract", {"input": [7]}, {}, {}, "Use 1"),
    ("Subtract", {"input": [7], "other": [7]}, {"value": 2}, {}, "Drop the value"),
    ("Subtract", {"input": [7], "other": [7]}, {}, {"other": "bool"}, "Insert Cast to float32"),
    ("Power", {"input": [7]}, {"value": -1}, {"input": "int64"}, "Insert Cast to float32"),
    ("MatMul", {"input": [7, 8], "other": [5, 8]}, {}, {}, "Insert Transpose"),
    ("MatMul", {"input": [8, 7], "other": [8, 5]}, {}, {}, "Insert Transpose"),
    ("MatMul", {"input": [7, 8], "other": [8, 5]}, {}, {"other": "int64"}, "Insert Cast to float32"),
    ("Concatenate", {"part1": [3, 8], "part2": [4, 8]}, {"dim": -1}, {}, "Join along dimension 1"),
    ("Split", {"input": [20]}, {"sizes": [16, 16]}, {}, "Use 16, 4"),
    ("Chunk", {"input": [5]}, {"chunks": 4}, {}, "Use 3 chunks"),
    ("Select", {"input": [5]}, {"index": 5}, {}, "Take the last"),
    ("Slice", {"input": [5]}, {"start": 5}, {}, "Take everything"),
    ("Reshape", {"input": [5, 4]}, {"shape": [3, 7]}, {}, "Use -1"),
    ("Reshape", {"input": [5, 4]}, {"shape": [5, 4, 0]}, {}, "Use -1"),
    ("Permute", {"input": [5, 4]}, {"dims": [0, 1]}, {}, "Use 0, 2, 1"),
    ("Transpose", {"input": [5, 4]}, {"dim1": 3}, {}, "Use -1"),
    ("Unsqueeze", {"input": [5]}, {"dim": 4}, {}, "Use -1"),
    ("Expand", {"input": [1, 8]}, {"sizes": [-1, -1, 9]}, {}, "Keep this size"),
    ("Expand", {"input": [1, 8]}, {"sizes": [-1, 4]}, {}, "Name every dimension"),
    ("Repeat", {"input": [4, 8]}, {"repeats": [1, 2]}, {}, "Use 1, 1, 2"),
    ("Roll", {"input": [4, 8]}, {"shifts": [1], "dims": [1, 2]}, {}, "Use shifts 1, 1"),
    ("Pad", {"input": [8]}, {"pad": [1, 1, 0, 0, 2, 2]}, {}, "Use 1, 1, 0, 0"),
    ("Pad", {"input": [2, 8]}, {"pad": [8, 1], "mode": "reflect"}, {}, "Pad with a constant"),
    ("Interpolate", {"input": [2, 8]}, {"mode": "bilinear", "scale_factor": 2.0}, {}, "Use linear"),
    ("Mean", {"input": [2, 8]}, {"dim": [2, -1]}, {}, "Use 2"),
    ("Var", {"input": [2, 8]}, {}, {"input": "int64"}, "Insert Cast to float32"),
    ("Exp", {"input": [2, 8]}, {}, {}, ""),
    ("Clamp", {"input": [8]}, {"min": None, "max": None}, {}, "Use min 0"),
    ("Max", {"input": [8]}, {}, {"input": "complex64"}, "Insert Absolute"),
    ("OneHot", {"input": [8]}, {}, {"input": "int32"}, "Insert Cast to int64"),
    ("STFT", {"input": [1, 800]}, {}, {}, "Insert Flatten"),
    ("STFT", {"input": [80]}, {}, {}, "Use 159"),
    ("InverseRFFT", {"input": [1]}, {}, {"input": "complex64"}, "Set n to 1"),
    (
        "ScaledDotProductAttention",
        {"query": [7, 8], "key": [5, 6], "value": [5, 8]},
        {},
        {},
        "Insert a projection to 8 features",
    ),
    (
        "ScaledDotProductAttention",
        {"query": [7, 8], "key": [5, 8], "value": [5, 8], "attn_mask": [7, 5]},
        {"is_causal": True},
        {},
        "Use the mask only",
    ),
]


@pytest.mark.parametrize(("kind", "shapes", "params", "dtypes", "label"), MENDED, ids=lambda value: str(value)[:24])
def test_what_does_not_fit_is_mended_by_a_click(
    kind: str, shapes: Shapes, params: dict[str, Any], dtypes: dict[str, str], label: str
) -> None:
    graph = joined(kind, shapes, params, dtypes)
    if label:
        assert mended(graph, label)
    else:
        assert compiler.plan_graph(graph).is_valid


L, N = "L", "N"
FREE: list[tuple[str, Shapes, dict[str, Any], list[Any]]] = [
    ("Reshape", {"input": [L, 64]}, {"shape": [0, 4, 16]}, [N, L, 4, 16]),
    ("Reshape", {"input": [L, 64]}, {"shape": [-1, 4, 16]}, [N, L, 4, 16]),
    ("Reshape", {"input": ["L", "M", 4, 6]}, {"shape": [0, 0, -1]}, [N, L, "M", 24]),
    ("Reshape", {"input": [4, L, 16]}, {"shape": [-1]}, [N, "64L"]),
    ("Transpose", {"input": [L, 64]}, {"dim0": 0}, [64, L, N]),
    ("Expand", {"input": [1, 8], "like": [L, 8]}, {"sizes": [-1, 0, -1]}, [N, L, 8]),
    ("Repeat", {"input": [L]}, {"repeats": [2, 3]}, ["2N", "3L"]),
    ("Pad", {"input": [L]}, {"pad": [2, 1]}, [N, "L+3"]),
    ("Slice", {"input": [L, 4]}, {"stop": -1}, [N, "L-1", 4]),
    ("Slice", {"input": [L, 4]}, {"start": -3}, [N, 3, 4]),
    ("Select", {"input": [L, 4]}, {"index": -1}, [N, 4]),
    ("MatMul", {"input": [L, 4], "other": [4, L]}, {}, [N, L, L]),
    ("Einsum", {"part1": [L, 4], "part2": [L, 4]}, {"equation": "bid,bjd->bij"}, [N, L, L]),
    ("Sum", {"input": [L, 4]}, {"dim": [0, 2]}, [L]),
    ("Stack", {"part1": [L], "part2": [L]}, {}, [N, 2, L]),
    ("RFFT", {"input": [L]}, {}, [N, "L//2+1"]),
    ("Interpolate", {"input": [3, L]}, {"scale_factor": 2.0}, [N, 3, "2L"]),
    ("Arange", {"like": [L, 4]}, {}, [L]),
    ("RandomNormal", {"like": [L]}, {"shape": [100]}, [N, 100]),
    ("ScaledDotProductAttention", {"query": [L, 4], "key": [L, 4], "value": [L, 6]}, {}, [N, L, 6]),
]


@pytest.mark.parametrize(("kind", "shapes", "params", "dims"), FREE, ids=lambda value: str(value)[:24])
def test_free_sizes_survive(kind: str, shapes: Shapes, params: dict[str, Any], dims: list[Any]) -> None:
    plan = compiler.plan_graph(joined(kind, shapes, params))
    assert plan.is_valid, plan.problems
    assert plan.outputs["answer"].dims() == dims


def test_a_sequence_with_a_class_token_is_cut_into_heads_and_joined_again() -> None:
    graph = Graph()
    words, token = graph.add("Input", "x", shape=["L", 64]), graph.add("Parameter", "cls", shape=[1, 1, 64])
    spread = graph.add("Expand", sizes=[0, -1, -1])
    graph.connect(token, "output", spread, "input")
    graph.connect(words, "out", spread, "like")
    nodes = [graph.add("Concatenate"), graph.add("Reshape", shape=[0, 4, 16]), graph.add("Transpose")]
    nodes += [graph.add("Transpose"), graph.add("Reshape", shape=[0, -1]), graph.add("Output", "answer")]
    graph.connect(spread, nodes[0])
    graph.connect(words, nodes[0])
    for start, end in pairwise(nodes):
        graph.connect(start, end)
    plan = compiler.plan_graph(graph)
    assert plan.is_valid, plan.problems
    assert plan.outputs["answer"].dims() == [N, "L+1", 64]
    words_in = torch.rand(2, 5, 64)
    assert compiler.build_module(plan)(words_in)[:, 1:].equal(words_in)


REFUSED: list[tuple[str, Shapes, dict[str, Any], str]] = [
    ("Slice", {"input": [L]}, {"start": -3, "stop": 2}, "cannot know how much of dimension 1"),
    ("Slice", {"input": [4]}, {"dim": 0, "stop": 2}, "cannot know how much of dimension 0"),
    ("Chunk", {"input": [4]}, {"dim": 0}, "cannot know that dimension 0 of N×4, N, has 2 parts"),
    ("Squeeze", {"input": [L]}, {}, "removes a dimension of size 1, but dimension 1 of N×L is L"),
    ("Reshape", {"input": [L]}, {"shape": [2, -1]}, "asks for 2×-1"),
    ("Einsum", {"part1": [4], "part2": [5]}, {"equation": "bi,bi->b"}, "i in it stands for 4 in one tensor and for 5"),
    ("Einsum", {"part1": [4]}, {"equation": "bi,bi->b"}, "speaks of 2 tensors, but 1 come in"),
    ("Interpolate", {"input": [3, L]}, {"scale_factor": 0.3}, "cannot tell the size of L times 0.3"),
]


@pytest.mark.parametrize(("kind", "shapes", "params", "words"), REFUSED, ids=lambda value: str(value)[:24])
def test_what_cannot_be_known_is_said(kind: str, shapes: Shapes, params: dict[str, Any], words: str) -> None:
    assert words in error(joined(kind, shapes, params)).message


def test_squeeze_of_another_size_is_only_a_warning() -> None:
    plan = compiler.plan_graph(joined("Squeeze", {"input": [4]}))
    assert plan.is_valid
    assert any("does nothing here" in problem.message for problem in plan.problems)


def test_a_projection_goes_onto_the_wire_that_it_fits() -> None:
    graph = joined("Add", {"part1": [32, 5, 5], "part2": [16, 9, 9]})
    assert mended(graph, "Insert a projection to 32 channels")
    conv = next(node for node in graph.nodes.values() if node.kind == "Conv2d")
    (wire,) = graph.into(conv.id)
    assert graph.nodes[wire.source].name == "part2"
    assert conv.params == {"out_channels": 32, "kernel_size": 1, "stride": 2}


@pytest.mark.parametrize(
    "text",
    ['bij"); import os #', "i1->i", "ij>ji", "i.j", "...i...", "ij->ik", "ij->ii", "ij->j->i", "ij - > ji", "i\\", "é"],
)
def test_an_equation_that_torch_would_refuse_cannot_be_set(text: str) -> None:
    with pytest.raises(GraphError, match="equation of Einsum expects"):
        Graph().add("Einsum", equation=text)


@pytest.mark.parametrize(
    ("text", "result"),
    [("ij,jk", ("i", "k")), ("bA", ("A", "b")), ("...ba", ("...", "a", "b")), (" i j -> j i ", ("j", "i"))],
)
def test_an_equation_is_read_as_torch_reads_it(text: str, result: tuple[str, ...]) -> None:
    assert equation.fault(text) is None
    assert equation.parsed(text).result == result


def test_a_learned_tensor_is_part_of_the_model() -> None:
    graph = Graph()
    words, table = graph.add("Input", "x", shape=[197, 768]), graph.add("Parameter", "pos", shape=[1, 197, 768])
    add, answer = graph.add("Add"), graph.add("Output")
    for start, end in ((words, add), (table, add), (add, answer)):
        graph.connect(start, end)
    plan = compiler.plan_graph(graph)
    text = compiler.source(plan).text
    assert plan.parameters == 197 * 768
    assert "self.pos = nn.Parameter(torch.randn(1, 197, 768) * 0.02)" in text
    assert dict(compiler.build_module(plan).named_parameters())["pos"].shape == (1, 197, 768)


def test_dropout_of_attention_acts_only_while_training() -> None:
    graph = joined("ScaledDotProductAttention", {"query": [7, 8], "key": [7, 8], "value": [7, 8]}, {"dropout_p": 0.1})
    text = compiler.source(compiler.plan_graph(graph)).text
    assert "dropout_p=0.1 if self.training else 0.0" in text
    ast.parse(text)
