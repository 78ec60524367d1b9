"""What the residual networks have in common: a stem, stages of blocks, a head."""

from collections.abc import Callable
from typing import TypeAlias

from netloom.layers.authoring import Graph
from netloom.templates.drawing import Given, Level, Outside

Inside: TypeAlias = Callable[[Level, str], str]
"""Draws the way through a block, from its input to what the skip connection is added to."""


def stem(net: Level) -> str:
    """From an image of 224×224 pixels to 64 channels of 56×56."""
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = net.add("Conv2d", "conv1", x, out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
    x = net.add("BatchNorm2d", "bn1", x)
    x = net.add("ReLU", "relu", x)
    return net.add("MaxPool2d", "maxpool", x, kernel_size=3, stride=2, padding=1)


def head(net: Level, x: str) -> None:
    """From the last maps to a score for each class."""
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1)
    x = net.add("Flatten", "flatten", x)
    x = net.add("Linear", "fc", x, out_features=1000)
    net.add("Output", "logits", x)


def conv_bn(level: Level, number: int, x: str, channels: Outside, kernel: int, stride: Given = 1) -> str:
    """A convolution that keeps the size, but for its stride, and batch normalisation."""
    size: dict[str, Given] = {"kernel_size": kernel, "stride": stride, "padding": kernel // 2}
    x = level.add("Conv2d", f"conv{number}", x, out_channels=channels, bias=False, **size)
    return level.add("BatchNorm2d", f"bn{number}", x)


def residual_block(graph: Graph, name: str, inside: Inside, projection: Outside | None = None) -> Level:
    """A block around which its input takes a short way; a convolution there where channels or size change."""
    level = Level(graph, name)
    x = level.add("Input", "x")
    y = inside(level, x)
    if projection:
        stride = Outside("stride", 1)
        x = level.add("Conv2d", "shortcut_conv", x, out_channels=projection, kernel_size=1, stride=stride, bias=False)
        x = level.add("BatchNorm2d", "shortcut_bn", x)
    y = level.add("Add", "add", y, x)
    y = level.add("ReLU", "relu", y)
    level.add("Output", "y", y)
    return level


def stage(graph: Graph, first: Level, rest: Level, sizes: dict[str, Given], repeat: Given = 1) -> Level:
    """A block that changes the size, and more that keep it."""
    level = Level(graph, "Stage")
    x = level.add("Input", "x")
    x = level.block(first, "first", x, stride=Outside("stride", 2), **sizes)
    x = level.block(rest, "rest", x, repeat=repeat, **sizes)
    level.add("Output", "y", x)
    return level
