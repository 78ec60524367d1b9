"""Layers that switch values off at random while training."""

from netloom.layers.declare import Declaration, Tuning, module

SHARE: dict[str, Tuning] = {"p": {"help": "How likely a value is switched off."}}
CHANNEL_SHARE: dict[str, Tuning] = {"p": {"help": "How likely a channel is switched off."}}
THINGS = {1: "series", 2: "image", 3: "volume"}


def _channels(dims: int) -> Declaration:
    return module(
        f"Dropout{dims}d",
        "normalisation",
        f"Switches off whole channels of a {THINGS[dims]} while training.".replace("a image", "an image"),
        stem="dropout",
        keywords=("regularization", "overfitting", "spatial", "channel", "noise"),
        tuned=CHANNEL_SHARE,
    )


KINDS = (
    module(
        "Dropout",
        "normalisation",
        "Switches off random values while training, so that the network does not lean on any single one.",
        keywords=("regularization", "overfitting", "noise"),
        tuned=SHARE,
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
        tuned=SHARE,
    ),
    module(
        "FeatureAlphaDropout",
        "normalisation",
        "AlphaDropout of whole channels.",
        stem="dropout",
        keywords=("regularization", "selu", "channel", "noise"),
        tuned=CHANNEL_SHARE,
    ),
)
