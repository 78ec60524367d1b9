"""The network of inception blocks."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.templates.drawing import drawn

TITLE = "GoogLeNet"
SUMMARY = "Nine inception blocks look at every place with windows of several sizes at once. Without its helping heads."

SIZES = ("one", "squeeze3", "three", "squeeze5", "five", "pooled")
STAGES: dict[str, tuple[tuple[int, ...], ...]] = {
    "3": ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)),
    "4": (
        (192, 96, 208, 16, 48, 64),
        (160, 112, 224, 24, 64, 64),
        (128, 128, 256, 24, 64, 64),
        (112, 144, 288, 32, 64, 64),
        (256, 160, 320, 32, 128, 128),
    ),
    "5": ((256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
}
"""Channels of each branch of each block, in the order of `SIZES`."""


def build() -> Document:
    """The document."""
    graph = Graph()
    conv = _conv(graph)
    inception = _inception(graph, conv)
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = net.block(_stem(graph, conv), "stem", x)
    for stage, blocks in STAGES.items():
        for letter, sizes in zip("abcde", blocks, strict=False):
            x = net.block(inception, f"inception{stage}{letter}", x, **dict(zip(SIZES, sizes, strict=True)))
        if stage != "5":
            x = _halved(net, stage, x, 3 if stage == "3" else 2)
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1)
    x = net.add("Flatten", "flatten", x)
    x = net.add("Dropout", "dropout", x, p=0.2)
    x = net.add("Linear", "fc", x, out_features=1000)
    net.add("Output", "logits", x)
    return drawn(graph)


def _halved(level: Level, stage: str, x: str, window: int = 3) -> str:
    return level.add("MaxPool2d", f"maxpool{stage}", x, kernel_size=window, stride=2, ceil_mode=True)


def _stem(graph: Graph, conv: Level) -> Level:
    """Three convolutions, and an eighth of the size."""
    level = Level(graph, "Stem")
    x = level.add("Input", "x")
    x = level.block(conv, "conv1", x, channels=64, kernel_size=7, stride=2, padding=3)
    x = _halved(level, "1", x)
    x = level.block(conv, "conv2", x, channels=64)
    x = level.block(conv, "conv3", x, channels=192, kernel_size=3, padding=1)
    x = _halved(level, "2", x)
    level.add("Output", "y", x)
    return level


def _conv(graph: Graph) -> Level:
    """A convolution with batch normalisation and its curve."""
    level = Level(graph, "BasicConv")
    x = level.add("Input", "x")
    sizes: dict[str, Given] = {
        "out_channels": Outside("channels", 64),
        "kernel_size": Outside("kernel_size", 1),
        "stride": Outside("stride", 1),
        "padding": Outside("padding", 0),
    }
    x = level.add("Conv2d", "conv", x, bias=False, **sizes)
    x = level.add("BatchNorm2d", "bn", x, eps=0.001)
    x = level.add("ReLU", "relu", x)
    level.add("Output", "y", x)
    return level


def _inception(graph: Graph, conv: Level) -> Level:
    """Four branches side by side; their channels are joined."""
    level = Level(graph, "Inception")
    one, squeeze3, three, squeeze5, five, pooled = (Outside(name, 64) for name in SIZES)
    x = level.add("Input", "x")
    first = level.block(conv, "branch1", x, channels=one)
    second = level.block(conv, "branch2_squeeze", x, channels=squeeze3)
    second = level.block(conv, "branch2", second, channels=three, kernel_size=3, padding=1)
    third = level.block(conv, "branch3_squeeze", x, channels=squeeze5)
    third = level.block(conv, "branch3", third, channels=five, kernel_size=3, padding=1)
    fourth = level.add("MaxPool2d", "pool", x, kernel_size=3, stride=1, padding=1, ceil_mode=True)
    fourth = level.block(conv, "branch4", fourth, channels=pooled)
    y = level.add("Concatenate", "concat", first, second, third, fourth)
    level.add("Output", "y", y)
    return level
