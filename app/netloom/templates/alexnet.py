"""The network that won the ImageNet contest of 2012, in its later form for one device."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.templates.drawing import drawn
from netloom.templates.parts import Step, chain

TITLE = "AlexNet"
SUMMARY = "Five convolutions that began the age of deep learning in 2012. For images of 224×224 pixels."

POOL = {"kernel_size": 3, "stride": 2}
FEATURES: tuple[Step, ...] = (
    ("Conv2d", "conv1", {"out_channels": 64, "kernel_size": 11, "stride": 4, "padding": 2}),
    ("ReLU", "relu1", {}),
    ("MaxPool2d", "pool1", POOL),
    ("Conv2d", "conv2", {"out_channels": 192, "kernel_size": 5, "padding": 2}),
    ("ReLU", "relu2", {}),
    ("MaxPool2d", "pool2", POOL),
    ("Conv2d", "conv3", {"out_channels": 384, "kernel_size": 3, "padding": 1}),
    ("ReLU", "relu3", {}),
    ("Conv2d", "conv4", {"out_channels": 256, "kernel_size": 3, "padding": 1}),
    ("ReLU", "relu4", {}),
    ("Conv2d", "conv5", {"out_channels": 256, "kernel_size": 3, "padding": 1}),
    ("ReLU", "relu5", {}),
    ("MaxPool2d", "pool5", POOL),
)
"""Convolutions and pooling, which find what there is."""

CLASSIFIER: tuple[Step, ...] = (
    ("Dropout", "dropout1", {}),
    ("Linear", "fc1", {"out_features": 4096}),
    ("ReLU", "relu1", {}),
    ("Dropout", "dropout2", {}),
    ("Linear", "fc2", {"out_features": 4096}),
    ("ReLU", "relu2", {}),
    ("Linear", "fc3", {"out_features": 1000}),
)
"""Three layers that tell what it means."""


def build() -> Document:
    """The document."""
    graph = Graph()
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = net.block(_row(graph, "Features", FEATURES), "features", x)
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=6)
    x = net.add("Flatten", "flatten", x)
    x = net.block(_row(graph, "Classifier", CLASSIFIER), "classifier", x)
    net.add("Output", "logits", x)
    return drawn(graph)


def _row(graph: Graph, name: str, steps: tuple[Step, ...]) -> Level:
    level = Level(graph, name)
    last = chain(graph, steps, level.add("Input", "x"), level.parent)
    level.add("Output", "y", last)
    return level
