"""A small network that separates two half moons."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.templates.parts import Step, chain, measure, placed, train

TITLE = "Two moons"
SUMMARY = "Separates two half moons in the plane. Watch the boundary between the classes bend into shape."

STEPS: tuple[Step, ...] = (
    ("Input", "point", {}),
    ("Linear", "hidden1", {"out_features": 32}),
    ("ReLU", "relu1", {}),
    ("Linear", "hidden2", {"out_features": 32}),
    ("ReLU", "relu2", {}),
    ("Linear", "head", {"out_features": 2}),
    ("Output", "logits", {}),
)

ROWS = (
    ("moons", "point", "hidden1", "relu1", "hidden2", "relu2"),
    ("", "", "head", "logits", "loss", "optimizer"),
    ("", "", "", "", "accuracy"),
)


def build() -> Document:
    """The document."""
    graph = Graph()
    data = graph.add("Dataset", "moons", source="moons", noise=0.15)
    answer = chain(graph, STEPS, data)
    train(graph, data, answer, "CrossEntropyLoss", {"lr": 0.0003})
    measure(graph, data, answer)
    return placed(graph, Training(epochs=800, batch_size=32), ROWS)
