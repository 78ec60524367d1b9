"""Convolutions that look back in time."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.templates.drawing import Level, Outside, drawn

TITLE = "Temporal convolutions"
SUMMARY = "Reads a series with convolutions that see only the past, each level twice as far back as the one before."

LEVELS, CHANNELS, KERNEL = 8, 25, 7


def build() -> Document:
    """The document."""
    graph = Graph()
    first, rest = _block(graph, "WideningBlock"), _block(graph, "TemporalBlock")
    net = Level(graph)
    x = net.add("Input", "series", shape=(1, 784))
    for number in range(LEVELS):
        dilation = 2**number
        past = ((KERNEL - 1) * dilation, 0)
        x = net.block(rest if number else first, f"level{number + 1}", x, dilation=dilation, past=past)
    x = net.add("Select", "last", x, dim=2, index=-1)
    x = net.add("Linear", "head", x, out_features=10)
    net.add("Output", "logits", x)
    return drawn(graph)


def _block(graph: Graph, name: str) -> Level:
    """Two convolutions into the past, around which the input takes a short way; widened where it has fewer channels."""
    level = Level(graph, name)
    entering = x = level.add("Input", "x")
    for number in (1, 2):
        x = level.add("Pad", f"pad{number}", x, pad=Outside("past", (KERNEL - 1, 0)))
        x = level.add(
            "Conv1d", f"conv{number}", x, out_channels=CHANNELS, kernel_size=KERNEL, dilation=Outside("dilation", 1)
        )
        x = level.add("ReLU", f"relu{number}", x)
        x = level.add("Dropout", f"dropout{number}", x, p=0.05)
    if name == "WideningBlock":
        entering = level.add("Conv1d", "shortcut", entering, out_channels=CHANNELS, kernel_size=1)
    x = level.add("Add", "add", x, entering)
    x = level.add("ReLU", "relu", x)
    level.add("Output", "y", x)
    return level
