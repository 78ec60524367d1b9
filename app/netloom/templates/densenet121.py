"""The densely connected network."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.layers.library.branches import dense_layer
from netloom.templates.drawing import drawn

TITLE = "DenseNet-121"
SUMMARY = "Every layer reads what all before it found. Few parameters for its depth."

GROWTH = 32
LAYERS = (6, 12, 24, 16)
"""Channels that each layer adds, and layers in each block."""


def build() -> Document:
    """The document."""
    graph = Graph()
    layer, transition = dense_layer(graph), _transition(graph)
    blocks = [_dense(graph, layer, count) for count in LAYERS]
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = net.add("Conv2d", "conv", x, out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
    x = net.add("BatchNorm2d", "norm1", x)
    x = net.add("ReLU", "relu1", x)
    x = net.add("MaxPool2d", "maxpool", x, kernel_size=3, stride=2, padding=1)
    channels = 64
    for number, (block, count) in enumerate(zip(blocks, LAYERS, strict=True), 1):
        x = net.block(block, f"dense{number}", x)
        channels += count * GROWTH
        if number < len(LAYERS):
            channels //= 2
            x = net.block(transition, f"transition{number}", x, channels=channels)
    x = net.add("BatchNorm2d", "norm2", x)
    x = net.add("ReLU", "relu2", x)
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1)
    x = net.add("Flatten", "flatten", x)
    x = net.add("Linear", "classifier", x, out_features=1000)
    net.add("Output", "logits", x)
    return drawn(graph)


def _dense(graph: Graph, layer: Level, count: int) -> Level:
    """Layers in a row, each with more to read than the one before; so none is a copy of another."""
    level = Level(graph, f"DenseBlock{count}")
    x = level.add("Input", "x")
    for number in range(1, count + 1):
        x = level.block(layer, f"layer{number}", x, growth=GROWTH, hidden=4 * GROWTH)
    level.add("Output", "y", x)
    return level


def _transition(graph: Graph) -> Level:
    """Half the channels at half the size."""
    level = Level(graph, "Transition")
    x = level.add("Input", "x")
    x = level.add("BatchNorm2d", "norm", x)
    x = level.add("ReLU", "relu", x)
    x = level.add("Conv2d", "conv", x, out_channels=Outside("channels", 128), kernel_size=1, bias=False)
    x = level.add("AvgPool2d", "pool", x, kernel_size=2)
    level.add("Output", "y", x)
    return level
