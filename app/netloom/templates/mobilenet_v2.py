"""The network for telephones."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.templates.drawing import Given, Level, Outside, drawn

TITLE = "MobileNet V2"
SUMMARY = "Small enough for a telephone: filters that see one channel each, between narrow bridges."

STAGES = ((16, 24, 2, 1), (24, 32, 2, 2), (32, 64, 2, 3), (64, 96, 1, 2), (96, 160, 2, 2), (160, 320, 1, 0))
"""Channels that come in and go out of each stage, its stride, and how many blocks follow the first."""

EXPANSION = 6


def build() -> Document:
    """The document."""
    graph = Graph()
    conv = _conv(graph)
    first = _separable(graph, conv)
    bridge = _inverted(graph, conv, "InvertedBottleneck")
    residual = _inverted(graph, conv, "InvertedResidual")
    stage = _stage(graph, bridge, residual)
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = net.block(conv, "stem", x, channels=32, kernel_size=3, stride=2, padding=1)
    x = net.block(first, "stage1", x)
    for number, (entering, channels, stride, more) in enumerate(STAGES, 2):
        sizes: dict[str, Given] = {"hidden": EXPANSION * entering, "channels": channels, "stride": stride}
        if more:
            x = net.block(stage, f"stage{number}", x, more=more, wide=EXPANSION * channels, **sizes)
        else:
            x = net.block(bridge, f"stage{number}", x, **sizes)
    x = net.block(conv, "last", x, channels=1280)
    x = net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1)
    x = net.add("Flatten", "flatten", x)
    x = net.add("Dropout", "dropout", x, p=0.2)
    x = net.add("Linear", "classifier", x, out_features=1000)
    net.add("Output", "logits", x)
    return drawn(graph)


def _conv(graph: Graph) -> Level:
    """A convolution with batch normalisation and its curve."""
    level = Level(graph, "ConvNormReLU6")
    x = level.add("Input", "x")
    sizes: dict[str, Given] = {
        "out_channels": Outside("channels", 32),
        "kernel_size": Outside("kernel_size", 1),
        "stride": Outside("stride", 1),
        "padding": Outside("padding", 0),
        "groups": Outside("groups", 1),
    }
    x = level.add("Conv2d", "conv", x, bias=False, **sizes)
    x = level.add("BatchNorm2d", "bn", x)
    x = level.add("ReLU6", "relu", x)
    level.add("Output", "y", x)
    return level


def _depthwise(level: Level, conv: Level, x: str, hidden: Given, stride: Given, channels: Given) -> str:
    """Filters that see one channel each, then a mixture of all channels without a curve."""
    sizes: dict[str, Given] = {"channels": hidden, "groups": hidden, "stride": stride}
    x = level.block(conv, "depthwise", x, kernel_size=3, padding=1, **sizes)
    x = level.add("Conv2d", "project", x, out_channels=channels, kernel_size=1, bias=False)
    return level.add("BatchNorm2d", "bn", x)


def _separable(graph: Graph, conv: Level) -> Level:
    """The first block, which does not widen."""
    level = Level(graph, "SeparableConv")
    x = level.add("Input", "x")
    x = _depthwise(level, conv, x, 32, 1, 16)
    level.add("Output", "y", x)
    return level


def _inverted(graph: Graph, conv: Level, name: str) -> Level:
    """Widens, filters and narrows; a residual one keeps its size and adds what came in."""
    level = Level(graph, name)
    is_residual = name == "InvertedResidual"
    hidden, channels = Outside("hidden", 96), Outside("channels", 24)
    x = level.add("Input", "x")
    y = level.block(conv, "expand", x, channels=hidden)
    y = _depthwise(level, conv, y, hidden, 1 if is_residual else Outside("stride", 1), channels)
    if is_residual:
        y = level.add("Add", "add", x, y)
    level.add("Output", "y", y)
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
