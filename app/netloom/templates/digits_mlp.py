"""A network of fully connected layers that reads handwritten digits."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.templates.parts import Step, chain, measure, placed, train

TITLE = "Digits, fully connected"
SUMMARY = "One hidden layer reads handwritten digits from their 64 pixels, with dropout against learning by heart."

STEPS: tuple[Step, ...] = (
    ("Input", "image", {}),
    ("Flatten", "flatten", {}),
    ("Linear", "hidden", {"out_features": 128}),
    ("ReLU", "relu", {}),
    ("Dropout", "dropout", {"p": 0.2}),
    ("Linear", "head", {"out_features": 10}),
    ("Output", "logits", {}),
)

ROWS = (
    ("digits", "image", "flatten", "hidden", "relu", "dropout"),
    ("", "", "head", "logits", "loss", "optimizer"),
    ("", "", "", "", "accuracy"),
)


def build() -> Document:
    """The document."""
    graph = Graph()
    data = graph.add("Dataset", "digits", source="digits")
    answer = chain(graph, STEPS, data)
    train(graph, data, answer, "CrossEntropyLoss", {"lr": 0.001})
    measure(graph, data, answer)
    return placed(graph, Training(epochs=80, batch_size=32), ROWS)
