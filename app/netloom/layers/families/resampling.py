"""Layers that enlarge, unfold and rearrange maps."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import ANY_IN, ANY_OUT, Tuning, module

SIZE: Tuning = {"minimum": 1, "help": "The size to put out. Either this or scale_factor is set."}
WINDOW: Tuning = {"dims": 2, "help": "Height and width of a patch."}
STEP: Tuning = {"dims": 2}


def _factors(value: Value) -> str | None:
    return None if all(each > 0 for each in cast(list[float], value)) else "numbers above 0"


FACTOR: Tuning = {
    "start": [2.0, 2.0],
    "check": _factors,
    "help": "How many times larger each size becomes. Either this or size is set.",
}


def _sizes(value: Value) -> str | None:
    sizes = cast(list[int], value)
    if 0 in sizes:
        return "sizes of at least 1, or -1 for the one that follows from the rest"
    return "-1 at most once" if sizes.count(-1) > 1 else None


KINDS = (
    module(
        "Upsample",
        "shape",
        "Enlarges maps, by copying values or by going smoothly from one to the next.",
        keywords=("resize", "interpolate", "enlarge", "scale", "bilinear", "nearest", "decoder"),
        tuned={
            "size": {**SIZE, "dims": 0},
            "scale_factor": {**FACTOR, "dims": 0},
            "mode": {
                "type": "choice",
                "choices": ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"),
                "help": "How values between are found. linear is for series, bilinear and bicubic for images, "
                "trilinear for volumes.",
            },
            "align_corners": {
                "help": "Whether the outermost values stay at the corners. For the linear modes only.",
                "when": ("mode", ("linear", "bilinear", "bicubic", "trilinear")),
            },
            "recompute_scale_factor": {"help": "Whether the factor is taken anew from the rounded sizes."},
        },
    ),
    module(
        "PixelShuffle",
        "shape",
        "Turns groups of channels into a finer image: r² channels fewer, r times the height and width.",
        stem="shuffle",
        keywords=("upsample", "super resolution", "subpixel", "depth to space"),
        tuned={"upscale_factor": {"default": 2, "minimum": 1, "positional": True, "help": "The factor r."}},
    ),
    module(
        "PixelUnshuffle",
        "shape",
        "Turns small blocks of pixels into channels: the way back from a PixelShuffle.",
        stem="unshuffle",
        keywords=("downsample", "space to depth"),
        tuned={"downscale_factor": {"default": 2, "minimum": 1, "positional": True, "help": "The factor r."}},
    ),
    module(
        "Unflatten",
        "shape",
        "Splits one dimension into several, such as a row of features into channels, height and width.",
        inputs=ANY_IN,
        outputs=ANY_OUT,
        keywords=("reshape", "view", "unravel", "split"),
        tuned={
            "dim": {"type": "int", "default": 1, "positional": True, "help": "Dimension to split. 0 is the batch."},
            "unflattened_size": {
                "type": "ints",
                "dims": 0,
                "default": [-1, 1, 1],
                "minimum": -1,
                "positional": True,
                "check": _sizes,
                "help": "The new sizes. One of them may be -1: it follows from the rest.",
            },
        },
    ),
    module(
        "ChannelShuffle",
        "shape",
        "Mixes the order of the channels, so that grouped convolutions see each other's results.",
        stem="shuffle",
        keywords=("shufflenet", "groups", "mobile"),
        tuned={
            "groups": {
                "default": 2,
                "positional": True,
                "help": "How many groups the channels come in; their number must be a multiple of it.",
            }
        },
    ),
    module(
        "Unfold",
        "shape",
        "Cuts an image into patches, which may overlap, and lays each in a row.",
        keywords=("im2col", "patches", "sliding window"),
        tuned={"kernel_size": WINDOW, "dilation": STEP, "padding": STEP, "stride": STEP},
    ),
    module(
        "Fold",
        "shape",
        "Puts patches back into an image and adds them up where they overlap: the way back from an Unfold.",
        keywords=("col2im", "patches", "overlap add"),
        tuned={
            "output_size": {
                "default": 8,
                "dims": 2,
                "minimum": 1,
                "positional": True,
                "help": "Height and width of the image.",
            },
            "kernel_size": WINDOW,
            "dilation": STEP,
            "padding": STEP,
            "stride": STEP,
        },
    ),
    module(
        "UpsamplingNearest2d",
        "shape",
        "Enlarges an image by copying its pixels.",
        stem="upsample",
        keywords=("resize", "interpolate", "enlarge", "scale"),
        tuned={"size": SIZE, "scale_factor": FACTOR},
    ),
    module(
        "UpsamplingBilinear2d",
        "shape",
        "Enlarges an image smoothly; its corners stay where they are.",
        stem="upsample",
        keywords=("resize", "interpolate", "enlarge", "scale"),
        tuned={"size": SIZE, "scale_factor": FACTOR},
    ),
)
