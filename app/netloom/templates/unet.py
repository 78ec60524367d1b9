"""The network that outlines cells."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.templates.drawing import drawn

TITLE = "U-Net"
SUMMARY = "Outlines things pixel by pixel: down to the coarse picture, and up again with the fine one beside it."

WIDTHS = (64, 128, 256, 512)
CROPS = (88, 40, 16, 4)
"""Channels of each level, and how much is cut off each side of what is carried over, as convolutions shrink the map."""


def build() -> Document:
    """The document."""
    graph = Graph()
    convs = _convs(graph)
    up = _up(graph, convs)
    net = Level(graph)
    x = net.add("Input", "image", shape=(1, 572, 572))
    carried = []
    for number, width in enumerate(WIDTHS, 1):
        x = net.block(convs, f"down{number}", x, channels=width)
        carried.append(x)
        x = net.add("MaxPool2d", f"pool{number}", x, kernel_size=2)
    x = net.block(convs, "bottom", x, channels=2 * WIDTHS[-1])
    for number in range(len(WIDTHS), 0, -1):
        crop = [-CROPS[number - 1]] * 4
        x = net.block(up, f"up{number}", x, carried[number - 1], channels=WIDTHS[number - 1], crop=crop)
    x = net.add("Conv2d", "head", x, out_channels=2, kernel_size=1)
    net.add("Output", "classes", x)
    return drawn(graph)


def _convs(graph: Graph) -> Level:
    """Two convolutions."""
    level = Level(graph, "DoubleConv")
    x = level.add("Input", "x")
    for number in (1, 2):
        x = level.add("Conv2d", f"conv{number}", x, out_channels=Outside("channels", 64), kernel_size=3)
        x = level.add("ReLU", f"relu{number}", x)
    level.add("Output", "y", x)
    return level


def _up(graph: Graph, convs: Level) -> Level:
    """Twice the size, joined with what was carried over."""
    level = Level(graph, "Up")
    channels = Outside("channels", 512)
    x = level.add("Input", "x")
    carried = level.add("Input", "carried")
    x = level.add("ConvTranspose2d", "up", x, out_channels=channels, kernel_size=2, stride=2)
    carried = level.add("Pad", "crop", carried, pad=Outside("crop", (-4, -4, -4, -4)))
    x = level.add("Concatenate", "concat", carried, x)
    x = level.block(convs, "convs", x, channels=channels)
    level.add("Output", "y", x)
    return level
