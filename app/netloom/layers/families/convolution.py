"""Filters that slide along a series, over an image or through a volume."""

from netloom.layers.declare import Tuning, module

PADDING: Tuning = {
    "choices": ("same", "valid"),
    "help": "Zeros added at each edge. same keeps the size, valid adds none.",
}
TRIMMED: Tuning = {"help": "How much is taken off at each edge of the output."}

KINDS = (
    module(
        "Conv2d",
        "convolution",
        "Slides small filters over an image. Each filter answers to one local pattern.",
        stem="conv",
        keywords=("conv", "convolution", "filter", "image", "cnn", "kernel", "depthwise"),
        tuned={"padding": PADDING},
    ),
    module(
        "Conv1d",
        "convolution",
        "Slides small filters along a series. Each filter answers to one short pattern.",
        stem="conv",
        keywords=("convolution", "filter", "series", "signal", "cnn", "causal", "temporal"),
        tuned={"padding": PADDING},
    ),
    module(
        "Conv3d",
        "convolution",
        "Slides small filters through a volume or a video. Each filter answers to one local pattern.",
        stem="conv",
        keywords=("convolution", "filter", "volume", "video", "scan", "cnn"),
        tuned={"padding": PADDING},
    ),
    module(
        "ConvTranspose2d",
        "convolution",
        "Spreads every pixel over a small patch, so that the image grows. The way back from a Conv2d.",
        stem="deconv",
        keywords=("deconvolution", "upsample", "transposed", "decoder", "generator"),
        tuned={"padding": TRIMMED},
        hidden=frozenset({"padding_mode"}),
    ),
    module(
        "ConvTranspose1d",
        "convolution",
        "Spreads every step over a short stretch, so that the series grows. The way back from a Conv1d.",
        stem="deconv",
        keywords=("deconvolution", "upsample", "transposed", "decoder", "series"),
        tuned={"padding": TRIMMED},
        hidden=frozenset({"padding_mode"}),
    ),
    module(
        "ConvTranspose3d",
        "convolution",
        "Spreads every point over a small cube, so that the volume grows. The way back from a Conv3d.",
        stem="deconv",
        keywords=("deconvolution", "upsample", "transposed", "decoder", "volume"),
        tuned={"padding": TRIMMED},
        hidden=frozenset({"padding_mode"}),
    ),
)
