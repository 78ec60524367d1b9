"""Activations and dropouts: what comes in keeps its shape, except for gates."""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.dims import is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import expect_full
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    expect_float,
    expect_float32,
    number,
    one,
    same,
)
from netloom.compiler.rules.spatial import LAYOUTS, to_maps

CURVES = (
    "ReLU",
    "GELU",
    "Sigmoid",
    "Tanh",
    "LeakyReLU",
    "SiLU",
    "ELU",
    "Mish",
    "Hardswish",
    "Hardsigmoid",
    "ReLU6",
    "SELU",
    "CELU",
    "Softplus",
    "LogSigmoid",
    "Softsign",
    "Threshold",
    "Tanhshrink",
    "Hardshrink",
    "Softshrink",
)


def curve(_: Arguments, inputs: Inputs) -> Answer:
    """Every value goes through the same curve."""
    flow = one(inputs)
    expect_float(flow)
    return Answer(same(flow))


def softmax(arguments: Arguments, inputs: Inputs) -> Answer:
    """Softmax, LogSoftmax, Softmin: the same shape, with the dimension checked."""
    flow = one(inputs)
    expect_float(flow)
    if arguments.get("dim") is not None:
        axis(flow, number(arguments, "dim"))
    return Answer(same(flow))


def softmax_images(_: Arguments, inputs: Inputs) -> Answer:
    """Softmax2d: over the channels of images."""
    flow = one(inputs)
    expect_float(flow)
    if len(flow.shape) != 4:
        raise Mismatch(f"{{node}} takes {LAYOUTS[2]}, gets {flow}.", remedies=to_maps(flow, 2))
    return Answer(same(flow))


def glu(arguments: Arguments, inputs: Inputs) -> Answer:
    """GLU: a dimension is split in two halves, of which one remains."""
    flow = one(inputs)
    expect_float(flow)
    dim = axis(flow, number(arguments, "dim"))
    size = flow.shape[dim]
    if is_fixed(size) and size % 2:
        raise Mismatch(f"{{node}} splits dimension {dim} in two halves, but {flow} has {size} there, an odd number.")
    return Answer({"output": Flow((*flow.shape[:dim], size // 2, *flow.shape[dim + 1 :]), flow.dtype)})


def prelu(arguments: Arguments, inputs: Inputs) -> Answer:
    """PReLU: one slope for all, or one for each channel."""
    flow = one(inputs)
    expect_float32(flow)
    slopes = number(arguments, "num_parameters")
    channels = flow.shape[1] if len(flow.shape) > 1 else 1
    if slopes not in (1, channels):
        remedies = [SetParam("Use 1 for all", {"num_parameters": 1})]
        if is_fixed(channels):
            remedies.insert(0, SetParam(f"Use {channels}", {"num_parameters": channels}))
        raise Mismatch(
            f"{{node}} has {slopes} slopes, one for each channel, but gets {channels} channels.", "input", remedies
        )
    return Answer(same(flow), slopes)


def rrelu(arguments: Arguments, inputs: Inputs) -> Answer:
    """RReLU: slopes between a lower and an upper one."""
    flow = one(inputs)
    expect_float(flow)
    if flow.dtype == "float16":
        expect_full(flow)
    _expect_order(arguments, "lower", "upper", strict=False)
    return Answer(same(flow), kept=2 * product(flow.shape) * flow.item_size)


def hardtanh(arguments: Arguments, inputs: Inputs) -> Answer:
    """Hardtanh: values between a lowest and a highest one."""
    flow = one(inputs)
    expect_float(flow)
    _expect_order(arguments, "min_val", "max_val", strict=True)
    return Answer(same(flow))


def _expect_order(arguments: Arguments, low: str, high: str, *, strict: bool) -> None:
    lowest, highest = cast(float, arguments[low]), cast(float, arguments[high])
    if lowest > highest or (strict and lowest == highest):
        text = f"{low} of {{node}} is {lowest:g}, which must be {'below' if strict else 'at most'} {high}, {highest:g}."
        raise Mismatch(text, None, [SetParam("Use the usual values", unset=(low, high))])


def dropout(fewest: int, usual: tuple[int, ...] = (), *, only_usual: bool = False) -> Rule:
    """Dropouts: random values or whole channels become zero; which ones is remembered."""

    def rule(_: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        expect_float(flow)
        rank = len(flow.shape)
        unusual = f"{{node}} drops channels of {LAYOUTS[usual[-1] - 2]}, gets {flow}." if usual else ""
        if rank < fewest or (only_usual and rank not in usual):
            raise Mismatch(unusual or f"{{node}} drops whole channels, but {flow} has none.")
        advice = Mismatch(f"{unusual} For features there is Dropout.") if usual and rank != usual[-1] else None
        return Answer(same(flow), kept=2 * product(flow.shape) * flow.item_size, advice=advice)

    return rule


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(CURVES, curve),
    **dict.fromkeys(("Softmax", "LogSoftmax", "Softmin"), softmax),
    "Softmax2d": softmax_images,
    "GLU": glu,
    "PReLU": prelu,
    "RReLU": rrelu,
    "Hardtanh": hardtanh,
    "Dropout": dropout(0),
    "AlphaDropout": dropout(0),
    "FeatureAlphaDropout": dropout(2),
    "Dropout1d": dropout(2, (2, 3), only_usual=True),
    "Dropout2d": dropout(2, (4,)),
    "Dropout3d": dropout(2, (5,)),
}
