"""The small residual network."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.layers.library.residual import basic, basic_down
from netloom.templates.drawing import drawn
from netloom.templates.residual import head, stage, stem

TITLE = "ResNet-18"
SUMMARY = "Skip connections let a network be deep. The small one, with two convolutions in each block."


def build() -> Document:
    """The document."""
    graph = Graph()
    plain, halving = basic(graph), basic_down(graph)
    stages = stage(graph, halving, plain, {"channels": Outside("channels", 64)})
    net = Level(graph)
    x = net.block(plain, "layer1", stem(net), repeat=2)
    for number, channels in ((2, 128), (3, 256), (4, 512)):
        x = net.block(stages, f"layer{number}", x, channels=channels)
    head(net, x)
    return drawn(graph)
