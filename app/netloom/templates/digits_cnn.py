"""A small convolutional network that reads handwritten digits."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.templates.parts import Step, chain, measure, placed, train

TITLE = "Digits, convolutional"
SUMMARY = "Two convolutions read 8×8 handwritten digits. Watch the feature maps form; about 99 % in seconds."

STEPS: tuple[Step, ...] = (
    ("Input", "image", {}),
    ("Conv2d", "conv1", {"out_channels": 16, "kernel_size": 3, "padding": "same", "bias": False}),
    ("BatchNorm2d", "bn1", {}),
    ("ReLU", "relu1", {}),
    ("MaxPool2d", "pool1", {"kernel_size": 2}),
    ("Conv2d", "conv2", {"out_channels": 32, "kernel_size": 3, "padding": "same"}),
    ("ReLU", "relu2", {}),
    ("Flatten", "flatten", {}),
    ("Linear", "head", {"out_features": 10}),
    ("Output", "logits", {}),
)

ROWS = (
    ("digits", "image", "conv1", "bn1", "relu1", "pool1"),
    ("conv2", "relu2", "flatten", "head", "logits", "loss"),
    ("", "", "", "", "optimizer", "accuracy"),
)


def build() -> Document:
    """The document."""
    graph = Graph()
    data = graph.add("Dataset", "digits", source="digits")
    answer = chain(graph, STEPS, data)
    train(graph, data, answer, "CrossEntropyLoss", {"lr": 0.002}, label_smoothing=0.05)
    measure(graph, data, answer)
    return placed(graph, Training(epochs=100, batch_size=32), ROWS)
