"""The small residual network."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.templates.drawing import Level, Outside, drawn
from netloom.templates.residual import conv_bn, head, residual_block, stage, stem

TITLE = "ResNet-18"
SUMMARY = "Skip connections let a network be deep. The small one, with two convolutions in each block."

CHANNELS = Outside("channels", 64)


def build() -> Document:
    """The document."""
    graph = Graph()
    plain = residual_block(graph, "BasicBlock", _plain)
    halving = residual_block(graph, "BasicBlockDown", _halving, CHANNELS)
    stages = stage(graph, halving, plain, {"channels": CHANNELS})
    net = Level(graph)
    x = net.block(plain, "layer1", stem(net), repeat=2)
    for number, channels in ((2, 128), (3, 256), (4, 512)):
        x = net.block(stages, f"layer{number}", x, channels=channels)
    head(net, x)
    return drawn(graph)


def _plain(level: Level, x: str) -> str:
    return _two(level, x, 1)


def _halving(level: Level, x: str) -> str:
    return _two(level, x, Outside("stride", 2))


def _two(level: Level, x: str, stride: int | Outside) -> str:
    x = conv_bn(level, 1, x, CHANNELS, 3, stride)
    x = level.add("ReLU", "relu1", x)
    return conv_bn(level, 2, x, CHANNELS, 3)
