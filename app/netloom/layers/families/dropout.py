"""Layers that switch values off at random while training."""

from netloom.layers.declare import Declaration, module

THINGS = {1: "series", 2: "image", 3: "volume"}


def _channels(dims: int) -> Declaration:
    return module(
        f"Dropout{dims}d",
        "normalisation",
        f"Switches off whole channels of a {THINGS[dims]} while training.".replace("a image", "an image"),
        stem="dropout",
        keywords=("regularization", "overfitting", "spatial", "channel", "noise"),
    )


KINDS = (
    module(
        "Dropout",
        "normalisation",
        "Switches off random values while training, so that the network does not lean on any single one.",
        keywords=("regularization", "overfitting", "noise"),
    ),
    _channels(2),
    _channels(1),
    _channels(3),
    module(
        "AlphaDropout",
        "normalisation",
        "Dropout that keeps mean and deviation as they are. Goes with SELU.",
        stem="dropout",
        keywords=("regularization", "selu", "self normalizing", "noise"),
    ),
    module(
        "FeatureAlphaDropout",
        "normalisation",
        "AlphaDropout of whole channels.",
        stem="dropout",
        keywords=("regularization", "selu", "channel", "noise"),
    ),
)
