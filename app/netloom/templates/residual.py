"""What the residual networks have in common: a stem, stages of blocks, a head."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.residual import conv_norm


def stem(net: Level) -> str:
    """From an image of 224×224 pixels to 64 channels of 56×56."""
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = conv_norm(net, 1, x, 64, 7, stride=2)
    x = net.add("ReLU", "relu", x)
    return net.add("MaxPool2d", "maxpool", x, kernel_size=3, stride=2, padding=1)


def head(net: Level, x: str) -> None:
    """From the last maps to a score for each class."""
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1)
    x = net.add("Flatten", "flatten", x)
    x = net.add("Linear", "fc", x, out_features=1000)
    net.add("Output", "logits", x)


def stage(graph: Graph, first: Level, rest: Level, sizes: dict[str, Given], repeat: Given = 1) -> Level:
    """A block that changes the size, and more that keep it."""
    level = Level(graph, "Stage")
    x = level.add("Input", "x")
    x = level.block(first, "first", x, stride=Outside("stride", 2), **sizes)
    x = level.block(rest, "rest", x, repeat=repeat, **sizes)
    level.add("Output", "y", x)
    return level
