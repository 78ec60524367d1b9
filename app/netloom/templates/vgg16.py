"""A network of 3×3 convolutions alone."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.templates.drawing import drawn

TITLE = "VGG-16"
SUMMARY = "Sixteen layers, 3×3 convolutions throughout. Large, plain, and still a measure for others."

STAGES = ((64, 1), (128, 1), (256, 2), (512, 2), (512, 2))
"""Channels of each stage, and how many convolutions follow its first."""


def build() -> Document:
    """The document."""
    graph = Graph()
    stage = _stage(graph, _conv(graph))
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    for number, (channels, more) in enumerate(STAGES, 1):
        x = net.block(stage, f"stage{number}", x, channels=channels, more=more)
    x = net.add("Flatten", "flatten", x)
    for number in (1, 2):
        x = net.add("Linear", f"fc{number}", x, out_features=4096)
        x = net.add("ReLU", f"relu{number}", x)
        x = net.add("Dropout", f"dropout{number}", x)
    x = net.add("Linear", "fc3", x, out_features=1000)
    net.add("Output", "logits", x)
    return drawn(graph)


def _conv(graph: Graph) -> Level:
    """A convolution and its curve."""
    level = Level(graph, "ConvReLU")
    x = level.add("Input", "x")
    x = level.add("Conv2d", "conv", x, out_channels=Outside("channels", 64), kernel_size=3, padding=1)
    x = level.add("ReLU", "relu", x)
    level.add("Output", "y", x)
    return level


def _stage(graph: Graph, conv: Level) -> Level:
    """Convolutions of one width, then half the size."""
    level = Level(graph, "Stage")
    x = level.add("Input", "x")
    channels = Outside("channels", 64)
    x = level.block(conv, "first", x, channels=channels)
    x = level.block(conv, "rest", x, channels=channels, repeat=Outside("more", 1))
    x = level.add("MaxPool2d", "pool", x, kernel_size=2)
    level.add("Output", "y", x)
    return level
