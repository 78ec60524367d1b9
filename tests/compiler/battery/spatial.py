"""Convolutions, poolings and what else works on maps."""

from tests.compiler.battery.case import IMAGE, SERIES, Case

CASES = [
    Case("Conv1d", [SERIES], {"out_channels": 6, "kernel_size": 5, "stride": 2, "padding": 3}),
    Case("Conv1d", [SERIES], {"out_channels": 6, "kernel_size": 3, "dilation": 4, "padding": "valid", "groups": 2}),
    Case("Conv2d", [IMAGE], {"out_channels": 5, "kernel_size": 3}),
    Case("Conv2d", [IMAGE], {"out_channels": 12, "kernel_size": [3, 5], "padding": "same", "dilation": 2, "groups": 3}),
    Case("Conv2d", [IMAGE], {"out_channels": 4, "kernel_size": 2, "stride": [2, 3], "padding": [1, 0], "bias": False}),
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
    Case("MaxPool2d", [IMAGE], {"kernel_size": 2}),
    Case("MaxPool2d", [IMAGE], {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    Case("MaxPool2d", [IMAGE], {"kernel_size": [2, 3], "stride": [3, 2], "ceil_mode": True, "dilation": 2}),
    Case("AvgPool2d", [IMAGE], {"kernel_size": 2, "stride": 3, "ceil_mode": True, "padding": 1}),
    Case("AdaptiveAvgPool2d", [IMAGE], {"output_size": 1}),
    Case("AdaptiveAvgPool2d", [IMAGE], {"output_size": [3, 2]}),
]
