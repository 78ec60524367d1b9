"""Curves that are applied to every value, and softmax."""

from netloom.layers.declare import module

KINDS = (
    module(
        "ReLU",
        "activation",
        "Passes positive values and turns negative ones into zero.",
        keywords=("rectifier", "nonlinearity"),
    ),
    module(
        "LeakyReLU",
        "activation",
        "Like ReLU, but negative values leak through a little, so that no unit can die.",
        stem="relu",
        keywords=("rectifier", "leaky", "nonlinearity"),
    ),
    module(
        "GELU",
        "activation",
        "A smooth ReLU. Usual in transformers.",
        keywords=("gaussian", "nonlinearity", "transformer"),
        tuned={
            "approximate": {
                "type": "choice",
                "choices": ("none", "tanh"),
                "help": "Exact, or the faster formula with tanh.",
            }
        },
    ),
    module(
        "Sigmoid",
        "activation",
        "Squeezes every value into 0 to 1.",
        keywords=("logistic", "probability", "nonlinearity"),
    ),
    module("Tanh", "activation", "Squeezes every value into -1 to 1.", keywords=("hyperbolic tangent", "nonlinearity")),
    module(
        "Softmax",
        "activation",
        "Turns scores into shares that add up to 1. Losses that take scores do this themselves.",
        keywords=("probability", "probabilities", "classes"),
        tuned={
            "dim": {
                "type": "int",
                "default": -1,
                "optional": False,
                "help": "Dimension along which the shares add up to 1. -1 is the last.",
            }
        },
    ),
)
