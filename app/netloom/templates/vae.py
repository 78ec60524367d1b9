"""A network that learns to draw digits from few numbers."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.templates.drawing import drawn

TITLE = "Variational autoencoder"
SUMMARY = "Presses each digit into 8 numbers and draws it again from near them. Its loss is drawn as a formula."

PIXELS, HIDDEN, LATENT = 64, 128, 8


def build() -> Document:
    """The document."""
    graph = Graph()
    encoder, sample, decoder, divergence = _encoder(graph), _sample(graph), _decoder(graph), _divergence(graph)
    net = Level(graph)
    data = net.add("Dataset", "digits", source="digits")
    image = net.add("Input", "image", data)
    codes = net.block(encoder, "encoder", image)
    mean, log_variance = (codes, "mean"), (codes, "log_variance")
    z = net.block(sample, "sample", mean, log_variance)
    drawing = net.add("Output", "drawing", net.block(decoder, "decoder", z))
    ends = net.add("Output", "mean", mean), net.add("Output", "log_variance", log_variance)
    likeness = net.add("BCEWithLogitsLoss", "likeness", drawing, data)
    spread = net.block(divergence, "divergence", *ends)
    spread = net.add("MeanLoss", "spread", spread, weight=1 / PIXELS)
    graph.connect(spread, net.add("AdamW", "optimizer", likeness, lr=0.002))
    return drawn(graph, Training(epochs=200, batch_size=64))


def _encoder(graph: Graph) -> Level:
    """From an image to the middle and the logarithm of the variance of its place."""
    level = Level(graph, "Encoder")
    x = level.add("Input", "image")
    x = level.add("Flatten", "flatten", x)
    x = level.add("Linear", "hidden", x, out_features=HIDDEN)
    x = level.add("ReLU", "relu", x)
    for name in ("mean", "log_variance"):
        level.add("Output", name, level.add("Linear", f"to_{name}", x, out_features=LATENT))
    return level


def _sample(graph: Graph) -> Level:
    """A place drawn by chance around the middle, in a way that lets gradients through."""
    level = Level(graph, "Sample")
    mean = level.add("Input", "mean")
    x = level.add("Input", "log_variance")
    x = level.add("Multiply", "half", x, value=0.5)
    x = level.add("Exp", "deviation", x)
    x = level.add("Multiply", "step", x, level.add("RandomNormal", "noise", mean))
    x = level.add("Add", "place", mean, x)
    level.add("Output", "z", x)
    return level


def _decoder(graph: Graph) -> Level:
    """From a place to an image: a score for each pixel."""
    level = Level(graph, "Decoder")
    x = level.add("Input", "z")
    x = level.add("Linear", "hidden", x, out_features=HIDDEN)
    x = level.add("ReLU", "relu", x)
    x = level.add("Linear", "pixels", x, out_features=PIXELS)
    x = level.add("Unflatten", "unflatten", x, dim=1, unflattened_size=(1, 8, 8))
    level.add("Output", "image", x)
    return level


def _divergence(graph: Graph) -> Level:
    """How far places stray from a normal distribution (Kullback and Leibler): Σ (m² + v - ln v - 1) / 2."""
    level = Level(graph, "Divergence")
    mean = level.add("Input", "mean")
    log_variance = level.add("Input", "log_variance")
    x = level.add("Add", "add", level.add("Square", "square", mean), level.add("Exp", "variance", log_variance))
    x = level.add("Subtract", "subtract", x, log_variance)
    x = level.add("Subtract", "less_one", x, value=1)
    x = level.add("Sum", "sum", x, dim=(-1,))
    x = level.add("Multiply", "half", x, value=0.5)
    level.add("Output", "divergence", x)
    return level
