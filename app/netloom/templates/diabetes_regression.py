"""A small network that predicts a number."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.templates.parts import Step, chain, placed, train

TITLE = "Diabetes, regression"
SUMMARY = (
    "Predicts the course of a disease as a number. Guessing the average is a loss of 1; about 0.55 can be learned."
)

STEPS: tuple[Step, ...] = (
    ("Input", "features", {}),
    ("Linear", "hidden", {"out_features": 16}),
    ("ReLU", "relu", {}),
    ("Dropout", "dropout", {"p": 0.3}),
    ("Linear", "head", {"out_features": 1}),
    ("Output", "progress", {}),
)

ROWS = (
    ("diabetes", "features", "hidden", "relu", "dropout", "head"),
    ("", "", "", "progress", "loss", "optimizer"),
)


def build() -> Document:
    """The document."""
    graph = Graph()
    data = graph.add("Dataset", "diabetes", source="diabetes")
    answer = chain(graph, STEPS, data)
    train(graph, data, answer, "MSELoss", {"lr": 0.0003, "weight_decay": 0.05})
    return placed(graph, Training(epochs=400, batch_size=32), ROWS)
