"""Layers that make maps smaller, and their way back."""

from collections.abc import Mapping

from netloom.graph.model import Value
from netloom.layers.declare import FLOAT_OUT, Declaration, Tuning, module
from netloom.layers.spec import Port

INDICES = Port("indices", "integer", help="Where each largest value stood: its place in the flat map.")
WINDOW: Tuning = {"default": 2, "help": "Size of the window that becomes one number."}
STRIDE: Tuning = {"help": "Step from one window to the next. Empty: the window's own size."}
BORDER: Tuning = {"help": "How much is added at each edge. At most half of the window."}
CEIL: Tuning = {"help": "Whether a last window that reaches over the edge counts too."}
PLACES: Tuning = {"help": "Whether the places of the largest values are put out too, as MaxUnpool needs them."}

SHAPES = {2: "Height and width", 1: "Length", 3: "Depth, height and width"}
THINGS = {2: "image", 1: "series", 3: "volume"}
DIMS = (2, 1, 3)
"""Images first: they are what people pool most."""


def _with_places(params: Mapping[str, Value]) -> tuple[Port, ...]:
    """The pooled map, and where asked for the places of the largest values."""
    return (*FLOAT_OUT, INDICES) if params.get("return_indices") is True else FLOAT_OUT


def _positive(value: Value) -> str | None:
    return None if isinstance(value, int | float) and value > 0 else "a number above 0"


def _fractions(value: Value) -> str | None:
    inside = isinstance(value, list) and all(isinstance(each, float) and 0 < each < 1 for each in value)
    return None if inside else "numbers between 0 and 1, such as 0.5"


def _max_pool(dims: int) -> Declaration:
    return module(
        f"MaxPool{dims}d",
        "pooling",
        f"Keeps the largest value of each small window. The {THINGS[dims]} shrinks and strong answers stay.",
        stem="pool",
        outputs=_with_places,
        keywords=("pool", "maximum", "downsample", "subsample"),
        tuned={
            "kernel_size": WINDOW,
            "stride": STRIDE,
            "padding": BORDER,
            "return_indices": PLACES,
            "ceil_mode": CEIL,
        },
    )


def _average_pool(dims: int) -> Declaration:
    tuned: dict[str, Tuning] = {
        "kernel_size": WINDOW,
        "stride": {**STRIDE, "optional": True},
        "padding": BORDER,
        "ceil_mode": CEIL,
        "count_include_pad": {"help": "Whether the zeros of the padding count in the average."},
    }
    if dims > 1:
        tuned["divisor_override"] = {"minimum": 1, "help": "Divides the sum of a window. Empty: its size."}
    return module(
        f"AvgPool{dims}d",
        "pooling",
        f"Averages each small window. The {THINGS[dims]} shrinks and is smoothed.",
        stem="pool",
        keywords=("average", "mean", "downsample", "subsample"),
        tuned=tuned,
    )


def _output_size(dims: int) -> Tuning:
    return {
        "default": 1,
        "dims": dims,
        "minimum": 1,
        "optional": False,
        "positional": True,
        "help": f"{SHAPES[dims]} to put out. 1 gives one number for each channel.",
    }


def _adaptive_average(dims: int) -> Declaration:
    return module(
        f"AdaptiveAvgPool{dims}d",
        "pooling",
        f"Averages {_one(dims)} of any size down to the size you name.",
        stem="pool",
        keywords=("global average", "gap", "adaptive", "average"),
        tuned={"output_size": _output_size(dims)},
    )


def _adaptive_max(dims: int) -> Declaration:
    return module(
        f"AdaptiveMaxPool{dims}d",
        "pooling",
        f"Brings {_one(dims)} of any size down to the size you name, by the largest values.",
        stem="pool",
        outputs=_with_places,
        keywords=("global maximum", "adaptive", "maximum"),
        tuned={"output_size": _output_size(dims), "return_indices": PLACES},
    )


def _one(dims: int) -> str:
    return f"an {THINGS[dims]}" if dims == 2 else f"a {THINGS[dims]}"


def _norm_pool(dims: int) -> Declaration:
    return module(
        f"LPPool{dims}d",
        "pooling",
        "Adds up a power of each window's values and takes the root: between a sum and a maximum.",
        stem="pool",
        keywords=("power average", "norm", "downsample", "subsample"),
        tuned={
            "norm_type": {
                "default": 2.0,
                "positional": True,
                "check": _positive,
                "help": "The power. 1 adds the values up; the higher, the more the largest value counts.",
            },
            "kernel_size": {**WINDOW, "type": "int", "dims": 0} if dims == 1 else WINDOW,
            "stride": STRIDE,
            "ceil_mode": CEIL,
        },
    )


def _fractional(dims: int) -> Declaration:
    return module(
        f"FractionalMaxPool{dims}d",
        "pooling",
        f"Keeps the largest value of windows at random places, so that the {THINGS[dims]} shrinks by any factor.",
        stem="pool",
        outputs=_with_places,
        keywords=("maximum", "random", "stochastic", "downsample"),
        tuned={
            "kernel_size": WINDOW,
            "output_size": {"minimum": 1, "help": f"{SHAPES[dims]} to put out. Either this or output_ratio is set."},
            "output_ratio": {
                "start": [0.5] * dims,
                "check": _fractions,
                "help": "What part of each size is put out. Either this or output_size is set.",
            },
            "return_indices": PLACES,
        },
    )


def _unpool(dims: int) -> Declaration:
    return module(
        f"MaxUnpool{dims}d",
        "pooling",
        f"Puts values back where a MaxPool{dims}d found them, with zeros between: the way back from it.",
        stem="unpool",
        inputs=(Port("input"), INDICES),
        keywords=("unpooling", "upsample", "decoder", "segnet", "inverse"),
        tuned={"kernel_size": WINDOW, "stride": STRIDE, "padding": {"help": "The padding of the pooling."}},
    )


MAKERS = (_max_pool, _average_pool, _adaptive_average, _adaptive_max, _unpool, _norm_pool)

KINDS = (*(make(dims) for make in MAKERS for dims in DIMS), _fractional(2), _fractional(3))
