"""Convolutions over time for series, sound and text."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.ready import ReadyBlock

CHANNELS = 1
KERNEL = 3
"""Steps that each convolution sees; the padding follows from it and the dilation."""


def gated(graph: Graph) -> Level:
    """What one convolution finds passes as far as another one opens."""
    level = Level(graph, "GatedConv")
    x = level.add("Input", "x")
    channels = Outside("channels", 64, x, CHANNELS)
    sizes: dict[str, Given] = {"kernel_size": KERNEL, "padding": "same", "dilation": Outside("dilation", 1)}
    found = level.add("Tanh", "tanh", level.add("Conv1d", "filter", x, out_channels=channels, **sizes))
    gate = level.add("Sigmoid", "sigmoid", level.add("Conv1d", "gate", x, out_channels=channels, **sizes))
    y = level.add("Multiply", "multiply", found, gate)
    y = level.add("Conv1d", "mix", y, out_channels=channels, kernel_size=1)
    level.add("Output", "y", level.add("Add", "add", x, y))
    return level


def _causal(level: Level, number: int, x: str, channels: Given) -> str:
    """A convolution that sees a step and some before it: zeros stand in front of the first."""
    x = level.add("ZeroPad1d", f"pad{number}", x, padding=Outside("padding", [KERNEL - 1, 0]))
    sizes: dict[str, Given] = {"kernel_size": KERNEL, "dilation": Outside("dilation", 1)}
    x = level.add("ReLU", f"relu{number}", level.add("Conv1d", f"conv{number}", x, out_channels=channels, **sizes))
    return level.add("Dropout", f"dropout{number}", x, p=Outside("dropout", 0.1))


def temporal(graph: Graph) -> Level:
    """Two causal convolutions around which the input passes as it is."""
    level = Level(graph, "TemporalBlock")
    x = level.add("Input", "x")
    channels = Outside("channels", 64, x, CHANNELS)
    y = _causal(level, 2, _causal(level, 1, x, channels), channels)
    level.add("Output", "y", level.add("ReLU", "relu", level.add("Add", "add", x, y)))
    return level


def temporal_widened(graph: Graph) -> Level:
    """Two causal convolutions to other channels, and one that brings the input to them."""
    level = Level(graph, "TemporalBlockWidened")
    x = level.add("Input", "x")
    channels = Outside("channels", 64)
    y = _causal(level, 2, _causal(level, 1, x, channels), channels)
    x = level.add("Conv1d", "project", x, out_channels=channels, kernel_size=1)
    level.add("Output", "y", level.add("ReLU", "relu", level.add("Add", "add", x, y)))
    return level


SEQUENCES = "Sequences"
BLOCKS = (
    ReadyBlock(
        "gated_conv",
        "Gated convolution",
        "What one convolution finds passes as far as another opens the gate; the input is added.",
        SEQUENCES,
        ("wavenet", "glu", "gate", "audio", "series"),
        gated,
    ),
    ReadyBlock(
        "temporal_block",
        "Temporal block",
        "Two convolutions that never see the future, to which the input is added. With a dilation of d set the "
        "padding to [2d, 0].",
        SEQUENCES,
        ("tcn", "causal", "dilated", "series", "residual"),
        temporal,
    ),
    ReadyBlock(
        "temporal_block_widened",
        "Temporal block, other channels",
        "A temporal block that changes the channels. With a dilation of d set the padding to [2d, 0].",
        SEQUENCES,
        ("tcn", "causal", "dilated", "series", "residual", "projection"),
        temporal_widened,
    ),
)
