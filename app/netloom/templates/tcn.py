"""Convolutions that look back in time."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.layers.library.sequence import KERNEL, temporal, temporal_widened
from netloom.templates.drawing import drawn

TITLE = "Temporal convolutions"
SUMMARY = "Reads a series with convolutions that see only the past, each level twice as far back as the one before."

LEVELS, CHANNELS, DROPOUT = 8, 25, 0.05


def build() -> Document:
    """The document."""
    graph = Graph()
    widened, kept = temporal_widened(graph), temporal(graph)
    net = Level(graph)
    x = net.add("Input", "series", shape=(1, 784))
    x = net.block(widened, "level1", x, channels=CHANNELS, dropout=DROPOUT)
    for number in range(1, LEVELS):
        dilation = 2**number
        padding = ((KERNEL - 1) * dilation, 0)
        x = net.block(kept, f"level{number + 1}", x, dilation=dilation, padding=padding, dropout=DROPOUT)
    x = net.add("Select", "last", x, dim=2, index=-1)
    x = net.add("Linear", "head", x, out_features=10)
    net.add("Output", "logits", x)
    return drawn(graph)
