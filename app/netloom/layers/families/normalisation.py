"""Layers that keep activations in a healthy range, and dropout."""

from netloom.layers.declare import module
from netloom.layers.spec import Derived

KINDS = (
    module(
        "BatchNorm1d",
        "normalisation",
        "Brings every feature to mean 0 and deviation 1 over the batch, then learns a scale and a shift.",
        stem="bn",
        keywords=("batch normalization", "normalisation"),
    ),
    module(
        "BatchNorm2d",
        "normalisation",
        "Brings every channel of an image to mean 0 and deviation 1 over the batch, then learns a scale and a shift.",
        stem="bn",
        keywords=("bn", "batch normalization", "normalisation"),
    ),
    module(
        "LayerNorm",
        "normalisation",
        "Brings each sample's features to mean 0 and deviation 1, whatever the rest of the batch is.",
        stem="norm",
        keywords=("layer normalization", "normalisation", "ln"),
        tuned={
            "normalized_shape": {
                "type": "ints",
                "derived": Derived("input", -1),
                "minimum": 1,
                "positional": True,
                "help": "Sizes of the last dimensions that are brought into range together.",
            }
        },
    ),
    module(
        "Dropout",
        "normalisation",
        "Switches off random values while training, so that the network does not lean on any single one.",
        keywords=("regularization", "overfitting", "noise"),
    ),
)
