"""A small network that tells three species of iris apart."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.templates.parts import Step, chain, measure, placed, train

TITLE = "Iris flowers"
SUMMARY = "Tells three species of iris apart by four measurements. A classic, trained in seconds."

STEPS: tuple[Step, ...] = (
    ("Input", "features", {}),
    ("Linear", "hidden1", {"out_features": 16}),
    ("ReLU", "relu1", {}),
    ("Linear", "hidden2", {"out_features": 16}),
    ("ReLU", "relu2", {}),
    ("Linear", "head", {"out_features": 3}),
    ("Output", "logits", {}),
)

ROWS = (
    ("iris", "features", "hidden1", "relu1", "hidden2", "relu2"),
    ("", "", "head", "logits", "loss", "optimizer"),
    ("", "", "", "", "accuracy"),
)


def build() -> Document:
    """The document."""
    graph = Graph()
    data = graph.add("Dataset", "iris", source="iris")
    answer = chain(graph, STEPS, data)
    train(graph, data, answer, "CrossEntropyLoss", {"lr": 0.0005})
    measure(graph, data, answer)
    return placed(graph, Training(epochs=400, batch_size=8), ROWS)
