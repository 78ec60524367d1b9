"""The network that read cheques."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.templates.drawing import drawn
from netloom.templates.parts import Step, chain

TITLE = "LeNet-5"
SUMMARY = "The first convolutional network that went to work, reading cheques in 1998."

STEPS: tuple[Step, ...] = (
    ("Conv2d", "conv1", {"out_channels": 6, "kernel_size": 5}),
    ("Tanh", "tanh1", {}),
    ("AvgPool2d", "pool1", {"kernel_size": 2}),
    ("Conv2d", "conv2", {"out_channels": 16, "kernel_size": 5}),
    ("Tanh", "tanh2", {}),
    ("AvgPool2d", "pool2", {"kernel_size": 2}),
    ("Flatten", "flatten", {}),
    ("Linear", "fc1", {"out_features": 120}),
    ("Tanh", "tanh3", {}),
    ("Linear", "fc2", {"out_features": 84}),
    ("Tanh", "tanh4", {}),
    ("Linear", "fc3", {"out_features": 10}),
    ("Output", "logits", {}),
)


def build() -> Document:
    """The document."""
    graph = Graph()
    chain(graph, STEPS, graph.add("Input", "image", shape=[1, 32, 32]))
    return drawn(graph)
