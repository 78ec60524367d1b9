"""What templates have in common: a chain of nodes, the training after it, and the places of all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from netloom.graph.document import Document, Training
from netloom.graph.remarks import Point
from netloom.layers.authoring import Graph

COLUMN = 224
ROW = 288
UNDER = 208
"""Columns and rows from corner to corner of cards; `UNDER` is from a training node to the one below it."""

Step: TypeAlias = tuple[str, str, Mapping[str, Any]]
"""Kind, name and parameters of a node."""


def chain(graph: Graph, steps: Iterable[Step], start: str, parent: str = "") -> str:
    """Add nodes one after the other behind `start`, on its level, and return the last."""
    for kind, name, params in steps:
        node = graph.add(kind, name, parent, **params)
        graph.connect(start, node)
        start = node
    return start


def train(graph: Graph, data: str, answer: str, loss: str, optimizer: Mapping[str, Any], **options: Any) -> None:
    """Add the loss, with its options, and an AdamW after an output."""
    objective = graph.add(loss, "loss", **options)
    graph.connect(answer, objective)
    graph.connect(data, objective)
    graph.connect(objective, graph.add("AdamW", "optimizer", **optimizer))


def measure(graph: Graph, data: str, answer: str) -> None:
    """Add the accuracy after an output."""
    metric = graph.add("Accuracy", "accuracy")
    graph.connect(answer, metric)
    graph.connect(data, metric)


def placed(graph: Graph, training: Training, rows: Sequence[Sequence[str]]) -> Document:
    """The document with nodes in rows by name; "" leaves a place empty, and the third row is close under the second."""
    heights = (0, ROW, ROW + UNDER)
    positions: dict[str, Point] = {}
    for top, row in zip(heights, rows, strict=False):
        for column, name in enumerate(row):
            node = graph.named(name) if name else None
            if node is not None:
                positions[node.id] = (float(column * COLUMN), float(top))
    return Document(graph, training, positions)
