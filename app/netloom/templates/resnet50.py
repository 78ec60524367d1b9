"""The residual network that most others are compared with."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.templates.drawing import Given, Level, Outside, drawn
from netloom.templates.residual import conv_bn, head, residual_block, stage, stem

TITLE = "ResNet-50"
SUMMARY = "Fifty layers in sixteen bottleneck blocks. The network that most others are compared with."

WIDTH, CHANNELS = Outside("width", 64), Outside("channels", 256)
STAGES = ((64, 256, 1, 2), (128, 512, 2, 3), (256, 1024, 2, 5), (512, 2048, 2, 2))
"""Width inside and channels outside of the blocks of each stage, its stride, and how many follow the first."""


def build() -> Document:
    """The document."""
    graph = Graph()
    plain = residual_block(graph, "Bottleneck", _plain)
    changing = residual_block(graph, "BottleneckDown", _changing, CHANNELS)
    stages = stage(graph, changing, plain, {"width": WIDTH, "channels": CHANNELS}, Outside("more", 2))
    net = Level(graph)
    x = stem(net)
    for number, (width, channels, stride, more) in enumerate(STAGES, 1):
        x = net.block(stages, f"layer{number}", x, width=width, channels=channels, stride=stride, more=more)
    head(net, x)
    return drawn(graph)


def _plain(level: Level, x: str) -> str:
    return _three(level, x, 1)


def _changing(level: Level, x: str) -> str:
    return _three(level, x, Outside("stride", 1))


def _three(level: Level, x: str, stride: Given) -> str:
    x = conv_bn(level, 1, x, WIDTH, 1)
    x = level.add("ReLU", "relu1", x)
    x = conv_bn(level, 2, x, WIDTH, 3, stride)
    x = level.add("ReLU", "relu2", x)
    return conv_bn(level, 3, x, CHANNELS, 1)
