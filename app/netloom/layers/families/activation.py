"""Curves that are applied to every value, and softmax."""

from collections.abc import Mapping

from netloom.graph.model import Value
from netloom.layers.declare import Declaration, Tuning, module

ALONG: Tuning = {
    "type": "int",
    "default": -1,
    "optional": False,
    "help": "Dimension along which the shares add up to 1. -1 is the last.",
}


def _curve(
    kind: str,
    summary: str,
    *keywords: str,
    stem: str = "",
    tuned: Mapping[str, Tuning] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Declaration:
    words = (*keywords, "nonlinearity")
    return module(kind, "activation", summary, stem=stem, keywords=words, tuned=tuned, hidden=hidden)


def _not_zero(value: Value) -> str | None:
    return "a number other than 0" if value == 0 else None


KINDS = (
    _curve("ReLU", "Passes positive values and turns negative ones into zero.", "rectifier"),
    _curve(
        "GELU",
        "A smooth ReLU. Usual in transformers.",
        "gaussian",
        "transformer",
        tuned={
            "approximate": {
                "type": "choice",
                "choices": ("none", "tanh"),
                "help": "Exact, or the faster formula with tanh.",
            }
        },
    ),
    _curve("Sigmoid", "Squeezes every value into 0 to 1.", "logistic", "probability"),
    _curve("Tanh", "Squeezes every value into -1 to 1.", "hyperbolic tangent"),
    module(
        "Softmax",
        "activation",
        "Turns scores into shares that add up to 1. Losses that take scores do this themselves.",
        keywords=("probability", "probabilities", "classes"),
        tuned={"dim": ALONG},
    ),
    _curve(
        "LeakyReLU",
        "Like ReLU, but negative values leak through a little, so that no unit can die.",
        "rectifier",
        "leaky",
        stem="relu",
        tuned={"negative_slope": {"help": "How much of a negative value leaks through."}},
    ),
    _curve(
        "SiLU", "A smooth ReLU: each value times its own sigmoid. Usual in newer image models.", "swish", stem="silu"
    ),
    module(
        "LogSoftmax",
        "activation",
        "The logarithm of Softmax. Goes with NLLLoss.",
        keywords=("probability", "classes", "logarithm"),
        tuned={"dim": ALONG},
    ),
    _curve(
        "ELU",
        "Like ReLU, but negative values bend smoothly towards a limit.",
        "exponential linear",
        tuned={"alpha": {"help": "The limit, below zero."}},
    ),
    _curve(
        "PReLU",
        "Like LeakyReLU, but how much leaks through is learned.",
        "rectifier",
        "learned",
        "parametric",
        stem="relu",
        tuned={
            "num_parameters": {
                "minimum": 1,
                "positional": True,
                "help": "1 learns one slope for all; the number of channels learns one for each.",
            },
            "init": {"help": "The slope to begin with."},
        },
    ),
    _curve("Mish", "A smooth ReLU that dips below zero for small negative values."),
    _curve("Hardswish", "A faster SiLU made of straight pieces. Usual in small image models.", "mobile", "swish"),
    _curve("Hardsigmoid", "A faster Sigmoid made of straight pieces.", "mobile"),
    _curve("ReLU6", "ReLU that stops at 6. Usual in small image models.", "rectifier", "mobile", stem="relu"),
    _curve("SELU", "An ELU with constants that keep the signal at mean 0 and deviation 1.", "self normalizing"),
    _curve(
        "CELU",
        "An ELU without a kink, whatever its alpha.",
        "exponential linear",
        tuned={"alpha": {"check": _not_zero, "help": "How far below zero the curve bends."}},
    ),
    _curve(
        "Softplus",
        "A smooth ReLU that is always positive, such as for a deviation.",
        "positive",
        "smooth",
        tuned={
            "beta": {"help": "How sharp the bend is."},
            "threshold": {"help": "From here on it is a straight line."},
        },
    ),
    module(
        "GLU",
        "activation",
        "Splits the features in two halves; one half, by a sigmoid, decides how much of the other passes.",
        keywords=("gate", "gated linear unit", "nonlinearity"),
        tuned={"dim": {"help": "Dimension that is split in two halves. -1 is the last."}},
    ),
    _curve("LogSigmoid", "The logarithm of Sigmoid.", "logarithm"),
    _curve("Softsign", "Squeezes every value into -1 to 1, more gently than Tanh."),
    _curve(
        "Hardtanh",
        "Cuts every value off at a lowest and a highest one.",
        "clamp",
        "clip",
        tuned={"min_val": {"help": "The lowest value that passes."}, "max_val": {"help": "The highest one."}},
        hidden=frozenset({"min_value", "max_value"}),
    ),
    _curve(
        "Threshold",
        "Passes values above a threshold and puts another value in place of the rest.",
        tuned={
            "threshold": {"default": 0.0, "positional": True, "help": "What a value must exceed to pass."},
            "value": {"default": 0.0, "positional": True, "help": "What stands in place of the others."},
        },
    ),
    _curve(
        "RReLU",
        "Like LeakyReLU, but how much leaks through is drawn at random while training.",
        "rectifier",
        "random",
        stem="relu",
        tuned={"lower": {"help": "The smallest slope to draw."}, "upper": {"help": "The largest slope to draw."}},
    ),
    _curve("Tanhshrink", "What Tanh takes away from a value: large values pass, small ones vanish."),
    _curve(
        "Hardshrink",
        "Turns small values into zero and passes the rest.",
        "sparse",
        tuned={"lambd": {"help": "Values up to this size, positive or negative, become zero."}},
    ),
    _curve(
        "Softshrink",
        "Moves every value towards zero by a fixed amount.",
        "sparse",
        tuned={"lambd": {"minimum": 0.0, "help": "How far each value moves."}},
    ),
    module(
        "Softmin",
        "activation",
        "Softmax of the negative: the smallest score gets the largest share.",
        keywords=("probability", "minimum"),
        tuned={"dim": ALONG},
    ),
    module(
        "Softmax2d",
        "activation",
        "Softmax over the channels at every place of an image.",
        stem="softmax",
        keywords=("probability", "segmentation", "pixels"),
    ),
)
