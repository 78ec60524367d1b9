"""The levels of a U-Net: down to a small image with much meaning, and up again with the details of the way down."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.layers.library.ready import ReadyBlock
from netloom.layers.library.residual import CHANNELS, conv_norm


def _twice(graph: Graph) -> Level:
    """Two convolutions that keep the size."""
    level = Level(graph, "DoubleConv")
    x = level.add("Input", "x")
    channels = Outside("channels", 64)
    for number in (1, 2):
        x = level.add("ReLU", f"relu{number}", conv_norm(level, number, x, channels, 3))
    level.add("Output", "y", x)
    return level


def down(graph: Graph) -> Level:
    """Convolutions, whose result is kept for the way up, and half the size."""
    twice = _twice(graph)
    level = Level(graph, "UNetDown")
    x = level.add("Input", "x")
    skip = level.block(twice, "convs", x, channels=Outside("channels", 64))
    y = level.add("Output", "y", level.add("MaxPool2d", "pool", skip, kernel_size=2))
    graph.order(level.parent, x, y, level.add("Output", "skip", skip))
    return level


def up(graph: Graph) -> Level:
    """Twice the size, joined with what the way down kept."""
    twice = _twice(graph)
    level = Level(graph, "UNetUp")
    x, skip = level.add("Input", "x"), level.add("Input", "skip")
    channels = Outside("channels", 64, skip, CHANNELS)
    y = level.add("ConvTranspose2d", "up", x, out_channels=channels, kernel_size=2, stride=2)
    y = level.add("Concatenate", "concat", skip, y)
    level.add("Output", "y", level.block(twice, "convs", y, channels=channels))
    return level


BLOCKS = (
    ReadyBlock(
        "unet_down",
        "U-Net, one level down",
        "Two convolutions, then half the size. What was there before is the second output, for the way up.",
        "Images",
        ("unet", "segmentation", "encoder", "contracting"),
        down,
    ),
    ReadyBlock(
        "unet_up",
        "U-Net, one level up",
        "Doubles the size, joins what the way down kept, then two convolutions.",
        "Images",
        ("unet", "segmentation", "decoder", "expanding", "skip connection"),
        up,
    ),
)
