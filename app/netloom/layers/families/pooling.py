"""Layers that make maps smaller."""

from netloom.layers.declare import Tuning, module

WINDOW: Tuning = {"default": 2, "help": "Size of the window that becomes one number."}
STRIDE: Tuning = {"help": "Step from one window to the next. Empty: the window's own size."}

KINDS = (
    module(
        "MaxPool2d",
        "pooling",
        "Keeps the largest value of each small window. The image shrinks and strong answers stay.",
        stem="pool",
        keywords=("pool", "maximum", "downsample", "subsample"),
        tuned={"kernel_size": WINDOW, "stride": STRIDE},
    ),
    module(
        "AvgPool2d",
        "pooling",
        "Averages each small window. The image shrinks and is smoothed.",
        stem="pool",
        keywords=("average", "mean", "downsample", "subsample"),
        tuned={"kernel_size": WINDOW, "stride": STRIDE, "divisor_override": {"minimum": 1}},
    ),
    module(
        "AdaptiveAvgPool2d",
        "pooling",
        "Averages an image of any size down to the size you name.",
        stem="pool",
        keywords=("global average", "gap", "adaptive", "average"),
        tuned={
            "output_size": {
                "default": 1,
                "dims": 2,
                "minimum": 1,
                "optional": False,
                "positional": True,
                "help": "Height and width to put out. 1 gives one number for each channel.",
            }
        },
    ),
)
