"""Residual blocks for images: what comes in is added to what was found in it."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.ready import ReadyBlock

CHANNELS = 1
"""The dimension of the channels."""


def conv_norm(level: Level, number: int | str, x: str, channels: Given, kernel: int, **more: Given) -> str:
    """A convolution that keeps the size, but for a stride, and batch normalisation."""
    sizes: dict[str, Given] = {"kernel_size": kernel, "padding": kernel // 2, **more}
    x = level.add("Conv2d", f"conv{number}", x, out_channels=channels, bias=False, **sizes)
    return level.add("BatchNorm2d", f"bn{number}", x)


def _ended(level: Level, x: str, y: str) -> Level:
    y = level.add("ReLU", "relu", level.add("Add", "add", x, y))
    level.add("Output", "y", y)
    return level


def basic(graph: Graph) -> Level:
    """Two convolutions around which the input passes as it is."""
    level = Level(graph, "ResidualBasic")
    x = level.add("Input", "x")
    channels = Outside("channels", 64, x, CHANNELS)
    y = conv_norm(level, 1, x, channels, 3)
    y = level.add("ReLU", "relu1", y)
    return _ended(level, x, conv_norm(level, 2, y, channels, 3))


def basic_down(graph: Graph) -> Level:
    """Two convolutions that change the size, and one that brings the input to it."""
    level = Level(graph, "ResidualBasicDown")
    x = level.add("Input", "x")
    channels, stride = Outside("channels", 128), Outside("stride", 2)
    y = conv_norm(level, 1, x, channels, 3, stride=stride)
    y = level.add("ReLU", "relu1", y)
    y = conv_norm(level, 2, y, channels, 3)
    return _ended(level, conv_norm(level, "_skip", x, channels, 1, stride=stride), y)


def _narrow(level: Level, x: str, channels: Given, stride: Given = 1) -> str:
    width = Outside("width", 64)
    y = level.add("ReLU", "relu1", conv_norm(level, 1, x, width, 1))
    y = level.add("ReLU", "relu2", conv_norm(level, 2, y, width, 3, stride=stride))
    return conv_norm(level, 3, y, channels, 1)


def bottleneck(graph: Graph) -> Level:
    """A wide stream that is read through a narrow place."""
    level = Level(graph, "Bottleneck")
    x = level.add("Input", "x")
    return _ended(level, x, _narrow(level, x, Outside("channels", 256, x, CHANNELS)))


def bottleneck_down(graph: Graph) -> Level:
    """A bottleneck that changes channels or size, and a convolution that brings the input to it."""
    level = Level(graph, "BottleneckDown")
    x = level.add("Input", "x")
    channels, stride = Outside("channels", 256), Outside("stride", 2)
    y = _narrow(level, x, channels, stride)
    return _ended(level, conv_norm(level, "_skip", x, channels, 1, stride=stride), y)


def _widened(level: Level, x: str, channels: Given, stride: Given = 1) -> str:
    hidden = Outside("hidden", 96)
    y = level.add("ReLU6", "relu1", conv_norm(level, 1, x, hidden, 1))
    y = level.add("ReLU6", "relu2", conv_norm(level, 2, y, hidden, 3, stride=stride, groups=hidden))
    return conv_norm(level, 3, y, channels, 1)


def inverted(graph: Graph) -> Level:
    """Widens, filters each channel for itself, narrows, and adds what came in."""
    level = Level(graph, "InvertedResidual")
    x = level.add("Input", "x")
    y = _widened(level, x, Outside("channels", 16, x, CHANNELS))
    level.add("Output", "y", level.add("Add", "add", x, y))
    return level


def inverted_down(graph: Graph) -> Level:
    """Widens, filters each channel for itself with a stride, and narrows."""
    level = Level(graph, "InvertedDown")
    x = level.add("Input", "x")
    level.add("Output", "y", _widened(level, x, Outside("channels", 24), Outside("stride", 2)))
    return level


def squeeze_excitation(graph: Graph) -> Level:
    """Looks at the whole image to decide how much each channel counts."""
    level = Level(graph, "SqueezeExcitation")
    x = level.add("Input", "x")
    y = level.add("AdaptiveAvgPool2d", "pool", x, output_size=1)
    y = level.add("Conv2d", "reduce", y, out_channels=Outside("squeeze", 16), kernel_size=1)
    y = level.add("ReLU", "relu", y)
    y = level.add("Conv2d", "expand", y, out_channels=Outside("channels", 64, x, CHANNELS), kernel_size=1)
    y = level.add("Sigmoid", "gate", y)
    level.add("Output", "y", level.add("Multiply", "scale", x, y))
    return level


IMAGES = "Images"
BLOCKS = (
    ReadyBlock(
        "residual_basic",
        "Residual block",
        "Two convolutions, to which the input is added. Keeps the shape.",
        IMAGES,
        ("resnet", "skip connection", "basic block"),
        basic,
    ),
    ReadyBlock(
        "residual_basic_down",
        "Residual block, smaller",
        "Two convolutions that halve the size; a third brings the input to the same shape.",
        IMAGES,
        ("resnet", "skip connection", "downsampling", "projection", "stride"),
        basic_down,
    ),
    ReadyBlock(
        "bottleneck",
        "Bottleneck",
        "Narrows the channels, filters, widens them again, and adds the input. Keeps the shape.",
        IMAGES,
        ("resnet", "resnet50", "skip connection", "residual"),
        bottleneck,
    ),
    ReadyBlock(
        "bottleneck_down",
        "Bottleneck, smaller",
        "A bottleneck that changes channels and size; a convolution brings the input to the same shape.",
        IMAGES,
        ("resnet", "resnet50", "downsampling", "projection", "stride", "residual"),
        bottleneck_down,
    ),
    ReadyBlock(
        "inverted_residual",
        "Inverted residual",
        "Widens, filters each channel for itself, narrows, and adds the input. Few multiplications.",
        IMAGES,
        ("mobilenet", "mbconv", "depthwise", "separable", "mobile"),
        inverted,
    ),
    ReadyBlock(
        "inverted_down",
        "Inverted residual, smaller",
        "Widens, filters each channel for itself with a stride, and narrows to other channels.",
        IMAGES,
        ("mobilenet", "mbconv", "depthwise", "separable", "downsampling", "stride"),
        inverted_down,
    ),
    ReadyBlock(
        "squeeze_excitation",
        "Squeeze and excitation",
        "Weighs each channel by what the whole image shows.",
        IMAGES,
        ("senet", "channel attention", "gate"),
        squeeze_excitation,
    ),
)
