"""Two networks, one of which forges images for the other to tell from real ones."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.templates.drawing import drawn

TITLE = "DCGAN"
SUMMARY = "A generator forges images, and one discriminator judges the real and the forged. Weights are shared."

LATENT, WIDTH = 100, 64


def build() -> Document:
    """The document."""
    graph = Graph()
    generator, discriminator = _generator(graph), _discriminator(graph)
    net = Level(graph)
    noise = net.add("Input", "noise", shape=(LATENT, 1, 1))
    image = net.add("Input", "image", shape=(3, 64, 64))
    fake = net.block(generator, "generator", noise)
    on_real = net.block(discriminator, "discriminator", image)
    on_fake = net.again(on_real, "discriminator2", fake)
    for name, each in (("fake", fake), ("real_score", on_real), ("fake_score", on_fake)):
        net.add("Output", name, each)
    return drawn(graph)


def _generator(graph: Graph) -> Level:
    """From noise to an image of 64×64 pixels."""
    grow = _grow(graph)
    level = Level(graph, "Generator")
    x = level.add("Input", "noise")
    x = level.block(grow, "grow1", x, channels=8 * WIDTH, stride=1, padding=0)
    for number, factor in ((2, 4), (3, 2), (4, 1)):
        x = level.block(grow, f"grow{number}", x, channels=factor * WIDTH)
    x = level.add("ConvTranspose2d", "deconv", x, out_channels=3, kernel_size=4, stride=2, padding=1, bias=False)
    x = level.add("Tanh", "tanh", x)
    level.add("Output", "image", x)
    return level


def _grow(graph: Graph) -> Level:
    """Twice the size."""
    level = Level(graph, "Grow")
    x = level.add("Input", "x")
    channels, stride, padding = Outside("channels", WIDTH), Outside("stride", 2), Outside("padding", 1)
    x = level.add(
        "ConvTranspose2d", "deconv", x, out_channels=channels, kernel_size=4, stride=stride, padding=padding, bias=False
    )
    x = level.add("BatchNorm2d", "bn", x)
    x = level.add("ReLU", "relu", x)
    level.add("Output", "y", x)
    return level


def _discriminator(graph: Graph) -> Level:
    """From an image to one score: high for real."""
    shrink = _shrink(graph)
    level = Level(graph, "Discriminator")
    x = level.add("Input", "image")
    x = level.add("Conv2d", "conv1", x, out_channels=WIDTH, kernel_size=4, stride=2, padding=1, bias=False)
    x = level.add("LeakyReLU", "relu", x, negative_slope=0.2)
    for number, factor in ((2, 2), (3, 4), (4, 8)):
        x = level.block(shrink, f"shrink{number}", x, channels=factor * WIDTH)
    x = level.add("Conv2d", "conv5", x, out_channels=1, kernel_size=4, bias=False)
    x = level.add("Flatten", "flatten", x)
    level.add("Output", "score", x)
    return level


def _shrink(graph: Graph) -> Level:
    """Half the size."""
    level = Level(graph, "Shrink")
    x = level.add("Input", "x")
    channels = Outside("channels", 2 * WIDTH)
    x = level.add("Conv2d", "conv", x, out_channels=channels, kernel_size=4, stride=2, padding=1, bias=False)
    x = level.add("BatchNorm2d", "bn", x)
    x = level.add("LeakyReLU", "relu", x, negative_slope=0.2)
    level.add("Output", "y", x)
    return level
