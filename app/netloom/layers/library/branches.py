"""Blocks whose branches are joined: each adds channels to what is there."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.ready import ReadyBlock

GROWTH, HIDDEN = Outside("growth", 32), Outside("hidden", 128)
LAYERS = 4


def dense_layer(graph: Graph) -> Level:
    """Reads all channels and adds some of its own."""
    level = Level(graph, "DenseLayer")
    x = level.add("Input", "x")
    y = level.add("ReLU", "relu1", level.add("BatchNorm2d", "norm1", x))
    y = level.add("Conv2d", "conv1", y, out_channels=HIDDEN, kernel_size=1, bias=False)
    y = level.add("ReLU", "relu2", level.add("BatchNorm2d", "norm2", y))
    y = level.add("Conv2d", "conv2", y, out_channels=GROWTH, kernel_size=3, padding=1, bias=False)
    level.add("Output", "y", level.add("Concatenate", "concat", x, y))
    return level


def dense_block(graph: Graph) -> Level:
    """Dense layers in a row; each reads what all before it found."""
    layer = dense_layer(graph)
    level = Level(graph, "DenseBlock")
    x = level.add("Input", "x")
    for number in range(1, LAYERS + 1):
        x = level.block(layer, f"layer{number}", x, growth=GROWTH, hidden=HIDDEN)
    level.add("Output", "y", x)
    return level


def _conv(graph: Graph) -> Level:
    """A convolution with batch normalisation that keeps the size."""
    level = Level(graph, "ConvNormReLU")
    x = level.add("Input", "x")
    sizes: dict[str, Given] = {"kernel_size": Outside("kernel_size", 1), "padding": Outside("padding", 0)}
    x = level.add("Conv2d", "conv", x, out_channels=Outside("channels", 64), bias=False, **sizes)
    x = level.add("BatchNorm2d", "bn", x)
    level.add("Output", "y", level.add("ReLU", "relu", x))
    return level


def inception(graph: Graph) -> Level:
    """Four ways to look at the same place, side by side."""
    conv = _conv(graph)
    level = Level(graph, "Inception")
    x = level.add("Input", "x")
    one = level.block(conv, "one", x, channels=Outside("one", 64))
    three = level.block(conv, "three_reduce", x, channels=Outside("three_reduce", 96))
    three = level.block(conv, "three", three, channels=Outside("three", 128), kernel_size=3, padding=1)
    five = level.block(conv, "five_reduce", x, channels=Outside("five_reduce", 16))
    five = level.block(conv, "five", five, channels=Outside("five", 32), kernel_size=5, padding=2)
    pool = level.add("MaxPool2d", "pool", x, kernel_size=3, stride=1, padding=1)
    pool = level.block(conv, "pool_project", pool, channels=Outside("pool_project", 32))
    level.add("Output", "y", level.add("Concatenate", "concat", one, three, five, pool))
    return level


BLOCKS = (
    ReadyBlock(
        "dense_layer",
        "Dense layer",
        "Reads all channels and joins new ones to them.",
        "Images",
        ("densenet", "concatenate", "growth"),
        dense_layer,
    ),
    ReadyBlock(
        "dense_block",
        "Dense block",
        "Four dense layers in a row; each reads what all before it found.",
        "Images",
        ("densenet", "concatenate", "growth"),
        dense_block,
    ),
    ReadyBlock(
        "inception",
        "Inception",
        "Looks at each place through windows of several sizes, and joins what they see.",
        "Images",
        ("googlenet", "branches", "parallel", "multi scale"),
        inception,
    ),
)
