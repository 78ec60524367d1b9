"""The network for telephones."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.residual import conv_norm, inverted, inverted_down
from netloom.templates.drawing import drawn

TITLE = "MobileNet V2"
SUMMARY = "Small enough for a telephone: filters that see one channel each, between narrow bridges."

STAGES = ((16, 24, 2, 1), (24, 32, 2, 2), (32, 64, 2, 3), (64, 96, 1, 2), (96, 160, 2, 2), (160, 320, 1, 0))
"""Channels that come in and go out of each stage, its stride, and how many blocks follow the first."""

EXPANSION = 6


def build() -> Document:
    """The document."""
    graph = Graph()
    first, bridge = _separable(graph), inverted_down(graph)
    stage = _stage(graph, bridge, inverted(graph))
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = conv_norm(net, 1, x, 32, 3, stride=2)
    x = net.add("ReLU6", "relu1", x)
    x = net.block(first, "stage1", x)
    for number, (entering, channels, stride, more) in enumerate(STAGES, 2):
        sizes: dict[str, Given] = {"hidden": EXPANSION * entering, "channels": channels, "stride": stride}
        if more:
            x = net.block(stage, f"stage{number}", x, more=more, wide=EXPANSION * channels, **sizes)
        else:
            x = net.block(bridge, f"stage{number}", x, **sizes)
    x = conv_norm(net, 2, x, 1280, 1)
    x = net.add("ReLU6", "relu2", x)
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1)
    x = net.add("Flatten", "flatten", x)
    x = net.add("Dropout", "dropout", x, p=0.2)
    x = net.add("Linear", "classifier", x, out_features=1000)
    net.add("Output", "logits", x)
    return drawn(graph)


def _separable(graph: Graph) -> Level:
    """The first block, which does not widen: filters that see one channel each, then a mixture of all."""
    level = Level(graph, "SeparableConv")
    x = level.add("Input", "x")
    x = conv_norm(level, 1, x, 32, 3, groups=32)
    x = level.add("ReLU6", "relu", x)
    x = conv_norm(level, 2, x, 16, 1)
    level.add("Output", "y", x)
    return level


def _stage(graph: Graph, bridge: Level, residual: Level) -> Level:
    """A block that changes the size, and residual ones that keep it."""
    level = Level(graph, "Stage")
    channels = Outside("channels", 24)
    x = level.add("Input", "x")
    x = level.block(bridge, "first", x, hidden=Outside("hidden", 96), channels=channels, stride=Outside("stride", 2))
    x = level.block(residual, "rest", x, hidden=Outside("wide", 144), channels=channels, repeat=Outside("more", 1))
    level.add("Output", "y", x)
    return level
