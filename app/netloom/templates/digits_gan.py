"""Two networks that learn against each other: one forges digits, the other tells them from real ones."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level
from netloom.templates.drawing import drawn

TITLE = "Digits, forged"
SUMMARY = "A generator forges digits from noise, a discriminator tells them from real ones. Each has its own optimizer."

PIXELS, HIDDEN = 64, 128


def build() -> Document:
    """The document."""
    graph = Graph()
    generator, discriminator = _generator(graph), _discriminator(graph)
    net = Level(graph)
    data = net.add("Dataset", "digits", source="digits")
    image = net.add("Input", "image", data)
    fake = net.block(generator, "generator", net.add("RandomNormal", "noise", image))
    on_real = net.block(discriminator, "discriminator", image)
    on_fake = net.again(on_real, "discriminator2", fake)
    net.add("Output", "fake", fake)
    real_score, fake_score = net.add("Output", "real_score", on_real), net.add("Output", "fake_score", on_fake)
    missed = net.add("MeanLoss", "real_missed", _unsure(net, "real", net.add("Negative", "minus_real", real_score)))
    fooled = net.add("MeanLoss", "fake_believed", _unsure(net, "fake", fake_score))
    exposed = net.add("MeanLoss", "fake_exposed", _unsure(net, "forged", net.add("Negative", "minus_fake", fake_score)))
    adam: dict[str, Given] = {"lr": 0.0005, "betas": (0.5, 0.999)}
    judging = net.add("Adam", "judging", None, updates=(on_real,), order=1, **adam)
    for each in (missed, fooled):
        graph.connect(each, "loss", judging, "losses")
    forging = net.add("Adam", "forging", None, updates=(fake,), order=2, **adam)
    graph.connect(exposed, "loss", forging, "losses")
    return drawn(graph, Training(epochs=120, batch_size=64))


def _unsure(net: Level, name: str, score: str) -> str:
    """ln(1 + eˢ): the cross-entropy of a score that should be low."""
    return net.add("Softplus", f"unsure_{name}", score)


def _generator(graph: Graph) -> Level:
    """From noise to an image."""
    level = Level(graph, "Generator")
    x = level.add("Flatten", "flatten", level.add("Input", "noise"))
    x = level.add("ReLU", "relu1", level.add("Linear", "hidden1", x, out_features=HIDDEN))
    x = level.add("ReLU", "relu2", level.add("Linear", "hidden2", x, out_features=HIDDEN))
    x = level.add("Sigmoid", "sigmoid", level.add("Linear", "pixels", x, out_features=PIXELS))
    x = level.add("Unflatten", "unflatten", x, dim=1, unflattened_size=(1, 8, 8))
    level.add("Output", "image", x)
    return level


def _discriminator(graph: Graph) -> Level:
    """From an image to one score: high for real."""
    level = Level(graph, "Discriminator")
    x = level.add("Flatten", "flatten", level.add("Input", "image"))
    x = level.add("LeakyReLU", "relu1", level.add("Linear", "hidden1", x, out_features=HIDDEN), negative_slope=0.2)
    x = level.add("LeakyReLU", "relu2", level.add("Linear", "hidden2", x, out_features=HIDDEN), negative_slope=0.2)
    level.add("Output", "score", level.add("Linear", "score_head", x, out_features=1))
    return level
