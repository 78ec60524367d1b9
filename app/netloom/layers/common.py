"""What arguments of the same name have in common in all of torch, so that a regular layer is declared in one line."""

from collections.abc import Mapping

from netloom.layers.spec import Derived

HIDDEN = frozenset(
    {
        "input",
        "tensors",
        "device",
        "dtype",
        "out",
        "inplace",
        "size_average",
        "reduce",
        "params",
        "foreach",
        "fused",
        "maximize",
        "capturable",
        "differentiable",
        "return_indices",
        "sparse",
        "scale_grad_by_freq",
    }
)
"""Arguments that are tensors, belong to a device, are deprecated, or only trade speed for memory."""

_FRACTION = {"minimum": 0.0, "maximum": 1.0}
_COUNT = {"minimum": 1}
_NOT_NEGATIVE = {"minimum": 0}

COMMON: Mapping[str, Mapping[str, object]] = {
    "in_channels": {"derived": Derived("input", 1), "positional": True, "help": "Channels that come in.", **_COUNT},
    "out_channels": {
        "default": 16,
        "positional": True,
        "help": "Filters to learn. Each becomes one channel of the output.",
        **_COUNT,
    },
    "kernel_size": {"default": 3, "positional": True, "help": "Size of the window that slides.", **_COUNT},
    "stride": {"help": "Step from one place of the window to the next.", **_COUNT},
    "padding": _NOT_NEGATIVE,
    "output_padding": _NOT_NEGATIVE,
    "dilation": {"help": "Step between the values that a window sees. 1 sees them all, 2 every second.", **_COUNT},
    "groups": {"help": "How many groups the channels are split in. Each filter sees one group alone.", **_COUNT},
    "padding_mode": {"help": "What the border holds: zeros, a mirror image, the edge repeated, or the far side."},
    "in_features": {
        "derived": Derived("input", -1),
        "positional": True,
        "help": "Numbers that come in for each sample.",
        **_COUNT,
    },
    "out_features": {"default": 10, "positional": True, "help": "Numbers to put out for each sample.", **_COUNT},
    "num_features": {
        "derived": Derived("input", 1),
        "positional": True,
        "help": "Channels, or features, that come in.",
        **_COUNT,
    },
    "affine": {"help": "Whether each channel also learns a scale and a shift."},
    "elementwise_affine": {"help": "Whether each feature also learns a scale, and a shift where there is a bias."},
    "input_size": {"derived": Derived("input", -1), "positional": True, **_COUNT},
    "hidden_size": {"default": 64, "positional": True, **_COUNT},
    "num_layers": _COUNT,
    "proj_size": _NOT_NEGATIVE,
    "num_heads": {"default": 4, "positional": True, **_COUNT},
    "batch_first": {"start": True},
    "eps": _NOT_NEGATIVE,
    "momentum": {
        "help": "How much each batch moves the running mean and variance. Empty: all batches count the same.",
        **_FRACTION,
    },
    "track_running_stats": {"help": "Keep a running mean and variance from training, and use them afterwards."},
    "p": {"positional": True, **_FRACTION},
    "dropout": _FRACTION,
    "bias": {"help": "Whether the layer also learns a constant that is added to its output."},
    "lr": {"type": "float", "minimum": 0.0, "help": "Learning rate: how far each step moves the weights."},
    "weight_decay": {"type": "float", "minimum": 0.0},
    "betas": {"dims": 2, "minimum": 0.0, "maximum": 0.999999},
    "reduction": {"type": "choice", "choices": ("mean", "sum")},
}
