"""Filters that slide along a series or over an image."""

from netloom.layers.declare import Tuning, module

PADDING: Tuning = {
    "choices": ("same", "valid"),
    "help": "Zeros added at each edge. same keeps the size, valid adds none.",
}

KINDS = (
    module(
        "Conv1d",
        "convolution",
        "Slides small filters along a series. Each filter answers to one short pattern.",
        stem="conv",
        keywords=("convolution", "filter", "series", "signal", "cnn"),
        tuned={"padding": PADDING},
    ),
    module(
        "Conv2d",
        "convolution",
        "Slides small filters over an image. Each filter answers to one local pattern.",
        stem="conv",
        keywords=("conv", "convolution", "filter", "image", "cnn", "kernel"),
        tuned={"padding": PADDING},
    ),
    module(
        "ConvTranspose2d",
        "convolution",
        "Spreads every pixel over a small patch, so that the image grows. The way back from a Conv2d.",
        stem="deconv",
        keywords=("deconvolution", "upsample", "transposed", "decoder", "generator"),
        tuned={"padding": {"help": "How much is taken off at each edge of the output."}},
        hidden=frozenset({"padding_mode"}),
    ),
)
