"""Poolings, unpoolings and paddings."""

from tests.compiler.battery.case import IMAGE, SERIES, VOLUME, Case, Given, whole

MAPS = {1: SERIES, 2: IMAGE, 3: VOLUME}
POSITIVE = {dims: Given(shape, low=0.1) for dims, shape in MAPS.items()}

POOLINGS = [
    Case("MaxPool1d", [SERIES], {"kernel_size": 3}),
    Case("MaxPool1d", [SERIES], {"kernel_size": [4], "stride": 3, "return_indices": True, "dilation": 2}),
    Case("MaxPool2d", [IMAGE], {"kernel_size": 2}),
    Case("MaxPool2d", [IMAGE], {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    Case("MaxPool2d", [IMAGE], {"kernel_size": [2, 3], "stride": [3, 2], "ceil_mode": True, "dilation": 2}),
    Case("MaxPool2d", [IMAGE], {"return_indices": True}),
    Case("MaxPool3d", [VOLUME]),
    Case("MaxPool3d", [VOLUME], {"kernel_size": [3, 2, 4], "padding": 1, "ceil_mode": True, "return_indices": True}),
    Case("AvgPool1d", [SERIES], {"kernel_size": 4}),
    Case("AvgPool1d", [SERIES], {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    Case("AvgPool2d", [IMAGE], {"kernel_size": 2, "stride": 3, "ceil_mode": True, "padding": 1}),
    Case("AvgPool2d", [IMAGE], {"kernel_size": [3, 2], "divisor_override": 5}),
    Case("AvgPool3d", [VOLUME]),
    Case("AvgPool3d", [VOLUME], {"kernel_size": 3, "stride": [1, 2, 2], "padding": 1, "ceil_mode": True}),
    Case("LPPool1d", [SERIES], {"kernel_size": 3}),
    Case("LPPool1d", [POSITIVE[1]], {"norm_type": 1.5, "kernel_size": 4, "stride": 3, "ceil_mode": True}),
    Case("LPPool2d", [IMAGE]),
    Case("LPPool2d", [POSITIVE[2]], {"norm_type": 3.0, "kernel_size": [3, 2], "stride": [1, 2], "ceil_mode": True}),
    Case("LPPool3d", [VOLUME]),
    Case("LPPool3d", [POSITIVE[3]], {"norm_type": 1.0, "kernel_size": [3, 2, 2], "stride": 3}),
    *(Case(f"AdaptiveAvgPool{dims}d", [MAPS[dims]], {"output_size": 1}) for dims in MAPS),
    Case("AdaptiveAvgPool1d", [SERIES], {"output_size": [7]}),
    Case("AdaptiveAvgPool2d", [IMAGE], {"output_size": [3, 2]}),
    Case("AdaptiveAvgPool3d", [VOLUME], {"output_size": [3, 2, 9]}),
    *(Case(f"AdaptiveMaxPool{dims}d", [MAPS[dims]], {"output_size": 2}) for dims in MAPS),
    Case("AdaptiveMaxPool1d", [SERIES], {"output_size": [7], "return_indices": True}),
    Case("AdaptiveMaxPool2d", [IMAGE], {"output_size": [3, 2], "return_indices": True}),
    Case("AdaptiveMaxPool3d", [VOLUME], {"output_size": [3, 2, 4], "return_indices": True}),
    Case("FractionalMaxPool2d", [IMAGE], {"output_ratio": [0.5, 0.7]}),
    Case(
        "FractionalMaxPool2d",
        [IMAGE],
        {"kernel_size": [3, 2], "output_ratio": None, "output_size": [4, 5], "return_indices": True},
    ),
    Case("FractionalMaxPool3d", [VOLUME], {"output_ratio": None, "output_size": [4, 2, 3]}),
    Case("FractionalMaxPool3d", [VOLUME], {"output_ratio": [0.5, 0.5, 0.5], "return_indices": True}),
]

UNPOOLINGS = [
    Case("MaxUnpool1d", [SERIES, whole(SERIES, 40)]),
    Case("MaxUnpool1d", [SERIES, whole(SERIES, 40)], {"kernel_size": 4, "stride": 3, "padding": 1}),
    Case("MaxUnpool2d", [IMAGE, whole(IMAGE, 200)]),
    Case("MaxUnpool2d", [IMAGE, whole(IMAGE, 200)], {"kernel_size": [3, 2], "stride": [2, 3], "padding": [1, 0]}),
    Case("MaxUnpool3d", [VOLUME, whole(VOLUME, 200)]),
    Case("MaxUnpool3d", [VOLUME, whole(VOLUME, 200)], {"kernel_size": [3, 2, 2], "padding": [1, 0, 0]}),
]

PADDINGS = [
    *(Case(f"{family}Pad{dims}d", [MAPS[dims]]) for family in ("Zero", "Circular", "Reflection") for dims in MAPS),
    *(Case(f"{family}Pad{dims}d", [MAPS[dims]], {"padding": 2}) for family in ("Replication",) for dims in MAPS),
    *(Case(f"ConstantPad{dims}d", [MAPS[dims]], {"value": -1.5, "padding": 2}) for dims in MAPS),
    *(
        Case(f"{family}Pad{dims}d", [MAPS[dims]], {"padding": [0, 3, 2, -1, 1, 2][: 2 * dims]})
        for family in ("Zero", "Constant", "Replication", "Circular", "Reflection")
        for dims in MAPS
    ),
    Case("ConstantPad2d", [whole(IMAGE, 9)], {"padding": [-1, 2, 0, 1], "value": 7.0}, gradient=False),
]

CASES = [*POOLINGS, *UNPOOLINGS, *PADDINGS]
