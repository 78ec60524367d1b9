"""The residual network that most others are compared with."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.residual import bottleneck, bottleneck_down
from netloom.templates.drawing import drawn
from netloom.templates.residual import head, stage, stem

TITLE = "ResNet-50"
SUMMARY = "Fifty layers in sixteen bottleneck blocks. The network that most others are compared with."

STAGES = ((64, 256, 1, 2), (128, 512, 2, 3), (256, 1024, 2, 5), (512, 2048, 2, 2))
"""Width inside and channels outside of the blocks of each stage, its stride, and how many follow the first."""


def build() -> Document:
    """The document."""
    graph = Graph()
    sizes: dict[str, Given] = {"width": Outside("width", 64), "channels": Outside("channels", 256)}
    stages = stage(graph, bottleneck_down(graph), bottleneck(graph), sizes, Outside("more", 2))
    net = Level(graph)
    x = stem(net)
    for number, (width, channels, stride, more) in enumerate(STAGES, 1):
        x = net.block(stages, f"layer{number}", x, width=width, channels=channels, stride=stride, more=more)
    head(net, x)
    return drawn(graph)
