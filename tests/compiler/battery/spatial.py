"""Convolutions, and what enlarges, unfolds and rearranges maps."""

from tests.compiler.battery.case import IMAGE, ROW, SEQUENCE, SERIES, VOLUME, Case
from torch import nn

CONVOLUTIONS = [
    Case("Conv1d", [SERIES], {"out_channels": 6, "kernel_size": 5, "stride": 2, "padding": 3}),
    Case("Conv1d", [SERIES], {"out_channels": 6, "kernel_size": 3, "dilation": 4, "padding": "valid", "groups": 2}),
    Case("Conv1d", [SERIES], {"kernel_size": [4], "padding": "same", "padding_mode": "circular"}),
    Case("Conv2d", [IMAGE], {"out_channels": 5, "kernel_size": 3}),
    Case("Conv2d", [IMAGE], {"out_channels": 12, "kernel_size": [3, 5], "padding": "same", "dilation": 2, "groups": 3}),
    Case("Conv2d", [IMAGE], {"out_channels": 4, "kernel_size": 2, "stride": [2, 3], "padding": [1, 0], "bias": False}),
    Case("Conv2d", [IMAGE], {"out_channels": 4, "padding": [3, 2], "padding_mode": "reflect"}),
    Case("Conv3d", [VOLUME], {"out_channels": 4}),
    Case(
        "Conv3d", [VOLUME], {"kernel_size": [1, 3, 2], "padding": 1, "stride": [2, 1, 1], "padding_mode": "replicate"}
    ),
    Case("Conv3d", [VOLUME], {"out_channels": 6, "padding": "same", "groups": 2, "bias": False}),
    Case("ConvTranspose1d", [SERIES], {"out_channels": 3, "stride": 2, "output_padding": 1}),
    Case("ConvTranspose1d", [SERIES], {"out_channels": 6, "kernel_size": 4, "padding": 2, "groups": 2, "bias": False}),
    Case(
        "ConvTranspose2d",
        [IMAGE],
        {"out_channels": 4, "kernel_size": 3, "stride": 2, "output_padding": 1, "padding": 1},
    ),
    Case(
        "ConvTranspose2d",
        [IMAGE],
        {"out_channels": 4, "kernel_size": [2, 3], "dilation": 2, "groups": 2, "bias": False},
    ),
    Case("ConvTranspose3d", [VOLUME], {"out_channels": 3}),
    Case("ConvTranspose3d", [VOLUME], {"out_channels": 4, "kernel_size": [2, 3, 1], "stride": [2, 1, 3], "groups": 2}),
]

RESAMPLING = [
    Case("Upsample", [IMAGE], {"scale_factor": None, "size": [7, 20]}),
    Case("Upsample", [IMAGE], {"scale_factor": None, "size": 5, "mode": "bicubic", "align_corners": True}),
    Case("Upsample", [IMAGE], {"scale_factor": [2.0, 1.5]}, nn.Upsample(scale_factor=(2.0, 1.5))),
    Case(
        "Upsample",
        [SERIES],
        {"scale_factor": [0.7], "mode": "linear", "recompute_scale_factor": True},
        nn.Upsample(scale_factor=(0.7,), mode="linear", recompute_scale_factor=True),
    ),
    Case(
        "Upsample",
        [VOLUME],
        {"scale_factor": [2.0, 3.0, 1.0], "mode": "trilinear"},
        nn.Upsample(scale_factor=(2.0, 3.0, 1.0), mode="trilinear"),
    ),
    Case("Upsample", [VOLUME], {"scale_factor": None, "size": [3, 2, 9], "mode": "area"}),
    Case("UpsamplingNearest2d", [IMAGE], {"scale_factor": None, "size": [12, 5]}),
    Case("UpsamplingNearest2d", [IMAGE], {"scale_factor": [3.0, 3.0]}, nn.UpsamplingNearest2d(scale_factor=3.0)),
    Case("UpsamplingBilinear2d", [IMAGE], {"scale_factor": None, "size": 12}),
    Case("UpsamplingBilinear2d", [IMAGE], {"scale_factor": [2.0, 2.0]}, nn.UpsamplingBilinear2d(scale_factor=2.0)),
    Case("PixelShuffle", [[8, 3, 5]]),
    Case("PixelShuffle", [[2, 9, 3, 5]], {"upscale_factor": 3}),
    Case("PixelUnshuffle", [[2, 4, 6]]),
    Case("PixelUnshuffle", [IMAGE], {"downscale_factor": 1}),
    Case("ChannelShuffle", [IMAGE]),
    Case("ChannelShuffle", [SERIES], {"groups": 4}),
    Case("Unfold", [IMAGE]),
    Case("Unfold", [IMAGE], {"kernel_size": [2, 3], "dilation": [1, 2], "padding": [0, 1], "stride": 2}),
    Case("Fold", [[18, 36]]),
    Case(
        "Fold",
        [[12, 20]],
        {"output_size": [8, 9], "kernel_size": [2, 3], "stride": 2, "padding": [0, 1], "dilation": [1, 1]},
    ),
    Case("Unflatten", [ROW]),
    Case("Unflatten", [SEQUENCE], {"dim": -1, "unflattened_size": [2, -1]}),
    Case("Unflatten", [SEQUENCE], {"dim": 1, "unflattened_size": [7, 1]}),
]

CASES = [*CONVOLUTIONS, *RESAMPLING]
