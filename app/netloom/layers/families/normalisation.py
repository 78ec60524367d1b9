"""Layers that keep activations in a healthy range."""

from netloom.graph.model import Value
from netloom.layers.declare import Declaration, Tuning, module
from netloom.layers.spec import Derived

WHAT = {1: "feature", 2: "channel of an image", 3: "channel of a volume"}
EVERY_SAMPLE = {1: "series", 2: "image", 3: "volume"}
LAST_SIZES: Tuning = {
    "type": "ints",
    "derived": Derived("input", -1),
    "minimum": 1,
    "positional": True,
    "help": "Sizes of the last dimensions that are brought into range together.",
}
INHIBITION: dict[str, Tuning] = {
    "size": {
        "default": 5,
        "minimum": 1,
        "positional": True,
        "help": "How many neighbouring channels a value is compared with.",
    },
    "alpha": {"help": "How strongly the neighbours count."},
    "beta": {"help": "The power to which their sum is raised."},
    "k": {"type": "float", "help": "Added to their sum."},
}
SHIFT: Tuning = {
    "help": "Whether it also learns a shift, where it learns a scale.",
    "when": ("affine", (True,)),
}
FEATURE_SHIFT: Tuning = {**SHIFT, "when": ("elementwise_affine", (True,))}


def _above_zero(value: Value) -> str | None:
    return "a number above 0" if value == 0 else None


def _batch_norm(dims: int) -> Declaration:
    return module(
        f"BatchNorm{dims}d",
        "normalisation",
        f"Brings every {WHAT[dims]} to mean 0 and deviation 1 over the batch, then learns a scale and a shift.",
        stem="bn",
        keywords=("bn", "batch normalization", "normalisation"),
        tuned={"eps": {"check": _above_zero}, "bias": SHIFT},
    )


def _instance_norm(dims: int) -> Declaration:
    return module(
        f"InstanceNorm{dims}d",
        "normalisation",
        f"Brings every channel of each single {EVERY_SAMPLE[dims]} to mean 0 and deviation 1.",
        stem="norm",
        keywords=("instance normalization", "normalisation", "style"),
        tuned={"momentum": {"optional": True}, "bias": SHIFT},
    )


KINDS = (
    _batch_norm(2),
    _batch_norm(1),
    module(
        "LayerNorm",
        "normalisation",
        "Brings each sample's features to mean 0 and deviation 1, whatever the rest of the batch is.",
        stem="norm",
        keywords=("layer normalization", "normalisation", "ln"),
        tuned={"normalized_shape": LAST_SIZES, "bias": FEATURE_SHIFT},
    ),
    module(
        "GroupNorm",
        "normalisation",
        "Brings groups of channels of each sample to mean 0 and deviation 1. Good for small batches.",
        stem="norm",
        keywords=("group normalization", "normalisation", "gn"),
        tuned={
            "num_groups": {
                "default": 4,
                "minimum": 1,
                "positional": True,
                "help": "How many groups the channels are put into; their number must be a multiple of it.",
            },
            "num_channels": {
                "derived": Derived("input", 1),
                "minimum": 1,
                "positional": True,
                "help": "Channels that come in.",
            },
            "bias": SHIFT,
        },
    ),
    module(
        "RMSNorm",
        "normalisation",
        "Divides each sample's features by their root mean square. A simpler LayerNorm, usual in language models.",
        stem="norm",
        keywords=("root mean square", "normalisation", "transformer", "llama"),
        tuned={
            "normalized_shape": LAST_SIZES,
            "eps": {"help": "Added to the mean square, so that nothing is divided by zero. Empty: the smallest step."},
        },
    ),
    _instance_norm(2),
    _instance_norm(1),
    _batch_norm(3),
    _instance_norm(3),
    module(
        "LocalResponseNorm",
        "normalisation",
        "Lets strong channels hold down their neighbours at the same place. Known from AlexNet.",
        stem="norm",
        keywords=("lrn", "alexnet", "lateral inhibition", "normalisation"),
        tuned=INHIBITION,
    ),
    module(
        "CrossMapLRN2d",
        "normalisation",
        "LocalResponseNorm for images, as older models saved it.",
        stem="norm",
        keywords=("lrn", "lateral inhibition", "normalisation", "legacy"),
        tuned={**INHIBITION, "size": {**INHIBITION["size"], "minimum": 2}},
    ),
)
