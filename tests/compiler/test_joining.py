"""What nodes with several inputs say where these do not go together, and the clicks that mend it."""

from typing import Any

import pytest

from netloom import compiler
from netloom.errors import GraphError
from netloom.graph import Document
from netloom.layers.authoring import Graph

Shapes = dict[str, list[Any]]


def joined(
    kind: str, shapes: Shapes, params: dict[str, Any] | None = None, dtypes: dict[str, str] | None = None
) -> Graph:
    """One node with an Input of its own for each port, or several for `inputs`, and an Output."""
    graph = Graph()
    node = graph.add(kind, "it", **(params or {}))
    for name, shape in shapes.items():
        source = graph.add("Input", name, shape=shape, dtype=(dtypes or {}).get(name, "float32"))
        graph.connect(source, "out", node, "inputs" if name.startswith("part") else name)
    graph.connect(node, graph.add("Output", "answer"))
    return graph


def compared(kind: str, source: str, width: int, column: str, **params: Any) -> Graph:
    """A model of one linear layer, and a loss or metric that compares what it puts out with a column."""
    graph = Graph()
    data = graph.add("Dataset", "data", source=source)
    place, layer, answer = (
        graph.add("Input", "x"),
        graph.add("Linear", "head", out_features=width),
        graph.add("Output", "y"),
    )
    node = graph.add(kind, "it", **params)
    for start, end in ((data, place), (place, layer), (layer, answer)):
        graph.connect(start, end)
    graph.connect(answer, "out", node, "preds" if kind == "Accuracy" else "input")
    graph.connect(data, column, node, "target")
    if kind != "Accuracy":
        graph.connect(node, graph.add("SGD"))
    return graph


def error(graph: Graph) -> compiler.Problem:
    """The one error of a graph."""
    (found,) = (each for each in compiler.plan_graph(graph).problems if each.severity == "error")
    return found


def mended(graph: Graph, label: str) -> bool:
    """Whether the fix of that name leaves no error."""
    fix = next(fix for fix in error(graph).fixes if fix.label == label)
    Document(graph).apply(fix.patch)
    return compiler.plan_graph(graph).is_valid


APART: list[tuple[str, Shapes, dict[str, Any], str, str | None]] = [
    ("Add", {"part1": [3, 8], "part2": [4, 8]}, {}, "inputs", "N×3×8"),
    ("Multiply", {"part1": [3], "part2": [4]}, {}, "inputs", "N×4"),
    ("Concatenate", {"part1": [3, 8], "part2": [4, 9]}, {"dim": 1}, "inputs", "N×3×8 and N×4×9 do not"),
    ("Concatenate", {"part1": [3, 8], "part2": [4]}, {"dim": 1}, "inputs", "N×3×8 and N×4 do not"),
    (
        "LSTM",
        {"input": [6, 8], "hidden": [1, 4]},
        {"hidden_size": 4},
        "cell",
        "it needs cell as well when hidden is wired",
    ),
    ("GRU", {"input": [6, 8], "hidden": [7, 4]}, {"hidden_size": 4}, "hidden", "hidden of it must be"),
    ("MultiheadAttention", {"query": [6, 8], "key": [5, 8], "value": [4, 8]}, {"num_heads": 2}, "value", "same length"),
    (
        "MultiheadAttention",
        {"query": [6, 8], "key": [5, 9], "value": [5, 8]},
        {"num_heads": 2, "kdim": 8},
        "key",
        "expects 8",
    ),
    (
        "MultiheadAttention",
        {"query": [6, 8], "key": [5, 8], "value": [5, 7]},
        {"num_heads": 2, "vdim": 8},
        "value",
        "expects 8",
    ),
]


@pytest.mark.parametrize(("kind", "shapes", "params", "port", "words"), APART, ids=lambda value: str(value)[:24])
def test_inputs_that_do_not_go_together_are_named_with_both_shapes(
    kind: str, shapes: Shapes, params: dict[str, Any], port: str, words: str
) -> None:
    found = error(joined(kind, shapes, params))
    assert found.port == port
    assert words in found.message
    assert "it" in found.message.split()


@pytest.mark.parametrize(("name", "port"), [("kdim", "key"), ("vdim", "value")])
def test_a_side_of_another_width_is_taken_over_by_a_click(name: str, port: str) -> None:
    shapes = {"query": [6, 8], "key": [5, 8], "value": [5, 8], port: [5, 9]}
    assert mended(joined("MultiheadAttention", shapes, {"num_heads": 2, name: 8}), f"Set {name} to 9")


def test_what_broadcasts_is_no_error() -> None:
    plan = compiler.plan_graph(joined("Add", {"part1": [3, 8], "part2": [1, 8], "part3": [3, 1]}))
    assert plan.is_valid
    assert plan.outputs["answer"].dims() == ["N", 3, 8]


def test_concatenation_adds_up_along_its_dimension() -> None:
    plan = compiler.plan_graph(joined("Concatenate", {"part1": [3, 8], "part2": [4, 8], "part3": [1, 8]}, {"dim": 1}))
    assert plan.outputs["answer"].dims() == ["N", 8, 8]


def test_whole_numbers_are_refused_where_a_layer_computes() -> None:
    found = error(joined("Linear", {"input": [4]}, dtypes={"input": "int64"}))
    assert "computes with decimal numbers, gets int64" in found.message


@pytest.mark.parametrize(
    ("params", "words", "label"),
    [
        ({"stride": 2, "output_padding": 2}, "must be smaller than its stride or dilation", "Use 0"),
        ({"padding": 40}, "would put out nothing", None),
    ],
)
def test_transposed_convolutions_that_cannot_be(params: dict[str, Any], words: str, label: str | None) -> None:
    graph = joined("ConvTranspose2d", {"input": [3, 8, 8]}, {"out_channels": 4, "kernel_size": 3, **params})
    assert words in error(graph).message
    assert label is None or mended(graph, label)


COMPARED: list[tuple[str, str, int, str, str, str | None]] = [
    ("CrossEntropyLoss", "iris", 2, "label", "2 scores, the labels have 3 classes", "Set out_features of head to 3"),
    ("CrossEntropyLoss", "diabetes", 4, "target", "probabilities of the same shape", None),
    ("MSELoss", "diabetes", 3, "target", "N×3 and a target of N×1", "Set out_features of head to 1"),
    ("Accuracy", "diabetes", 3, "target", "compares with class numbers, gets float32", None),
]


@pytest.mark.parametrize(("kind", "source", "width", "column", "words", "label"), COMPARED)
def test_losses_and_metrics_say_what_they_compare(
    kind: str, source: str, width: int, column: str, words: str, label: str | None
) -> None:
    graph = compared(kind, source, width, column)
    assert words in error(graph).message
    assert label is None or mended(graph, label)


@pytest.mark.parametrize("kind", ["MSELoss", "BCEWithLogitsLoss"])
def test_labels_are_no_numbers_to_come_close_to(kind: str) -> None:
    graph = Graph()
    data, loss = graph.add("Dataset", "data", source="iris"), graph.add(kind, "it")
    with pytest.raises(GraphError, match="whole numbers"):
        graph.connect(data, "label", loss, "target")
