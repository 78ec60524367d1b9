"""Poolings, and the way back from a maximum."""

from collections.abc import Mapping, Sequence
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dtypes import expect_full
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    flag,
    one,
    sizes,
    to_type,
    written,
)
from netloom.compiler.rules.spatial import expect_kernel_fits, expect_last, reach, scaled, smaller, use, window

PLACE_BYTES = 8
VOLUME = 3


def pooling(dims: int, *, whole: bool = False) -> Rule:
    """MaxPool, AvgPool and LPPool in 1, 2 and 3 dimensions.

    `whole` is for averages of volumes: one window at least fits without padding, and half precision is not computed.
    """

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        space = expect_last(flow, dims)
        kernel = sizes(arguments["kernel_size"], dims)
        stride = kernel if arguments["stride"] is None else sizes(arguments["stride"], dims)
        border = sizes(arguments.get("padding", 0), dims)
        dilation = sizes(arguments.get("dilation", 1), dims)
        _expect_half(border, kernel)
        if whole:
            expect_full(flow)
            expect_kernel_fits(kernel, space, smaller("kernel_size", kernel, space))
        ceil = flag(arguments, "ceil_mode")
        after = tuple(window(*each, ceil=ceil) for each in zip(space, kernel, stride, border, dilation, strict=True))
        if any(is_fixed(size) and size < 1 for size in after):
            room = [size + 2 * edge for size, edge in zip(space, border, strict=True)]
            expect_kernel_fits(reach(kernel, dilation), room, smaller("kernel_size", kernel, room))
        if any(map(_sees_nothing, space, after, stride, border, dilation)):
            text = f"a window of {{node}} would see nothing but padding: it skips over all {written(space)} values."
            raise Mismatch(text, remedies=[SetParam("Use dilation 1", {"dilation": 1})])
        return _pooled(arguments, flow, after)

    return rule


def _sees_nothing(size: Dim, places: Dim, stride: int, padding: int, dilation: int) -> bool:
    """Whether a window that begins in the padding steps over the whole map: torch would learn outside of its memory."""
    if not is_fixed(size) or not is_fixed(places) or dilation <= size:
        return False
    beginning_outside = min(places, -(-padding // stride))
    return any((stride * place - padding) % dilation >= size for place in range(beginning_outside))


def _expect_half(border: Sequence[int], kernel: Sequence[int]) -> None:
    half = [size // 2 for size in kernel]
    if any(edge > most for edge, most in zip(border, half, strict=True)):
        text = f"padding of {{node}} is {written(border)}, more than half of its {written(kernel)} window."
        raise Mismatch(text, None, [use("padding", half)])


def _pooled(arguments: Arguments, flow: Flow, after: Sequence[Dim]) -> Answer:
    """The pooled map and, where asked for, the places of the largest values, which training keeps in any case."""
    result = Flow((*flow.shape[: len(flow.shape) - len(after)], *after), flow.dtype)
    if "return_indices" not in arguments:
        return Answer({"output": result})
    kept = product(result.shape) * (result.item_size + PLACE_BYTES)
    if not flag(arguments, "return_indices"):
        return Answer({"output": result}, kept=kept)
    return Answer({"output": result, "indices": Flow(result.shape, "int64")}, kept=kept)


def adaptive(dims: int) -> Rule:
    """AdaptiveAvgPool and AdaptiveMaxPool: the output size is the argument."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        expect_last(flow, dims)
        return _pooled(arguments, flow, sizes(arguments["output_size"], dims))

    return rule


def fractional(dims: int) -> Rule:
    """FractionalMaxPool2d and FractionalMaxPool3d: the size is given, or what part of the input's it is."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        space = expect_last(flow, dims)
        size, ratio = arguments["output_size"], arguments["output_ratio"]
        if (size is None) == (ratio is None):
            half = SetParam("Use half the size", {"output_ratio": [0.5] * dims}, ("output_size",))
            keep = [SetParam("Keep the size", unset=("output_ratio",))] if ratio else []
            raise Mismatch("{node} needs either an output_size or an output_ratio.", None, [*keep, half])
        after: tuple[Dim, ...] = (
            sizes(size, dims)
            if ratio is None
            else tuple(scaled(each, part) for each, part in zip(space, cast(list[float], ratio), strict=True))
        )
        kernel = sizes(arguments["kernel_size"], dims)
        for before, places, width in zip(space, after, kernel, strict=True):
            # Volumes need one value more than the windows take, as torch has it.
            if is_fixed(before) and is_fixed(places) and places + width - 1 + (dims == VOLUME) > before:
                text = f"{{node}} cannot place {written(after)} windows of {written(kernel)} in {written(space)}."
                raise Mismatch(text, remedies=[use("kernel_size", [1] * dims)])
        return _pooled(arguments, flow, after)

    return rule


def unpooling(dims: int) -> Rule:
    """MaxUnpool: the map that a MaxPool with the same arguments would have shrunk to this one."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow, places = one(inputs), one(inputs, "indices")
        space = expect_last(flow, dims)
        if places.dtype != "int64":
            raise Mismatch(
                f"{{node}} takes the indices of a MaxPool{dims}d, gets {places.dtype}.", "indices", [to_type("int64")]
            )
        if places.shape != flow.shape:
            raise Mismatch(f"{{node}} needs one place for each value, gets {places} places for {flow}.", "indices")
        kernel = sizes(arguments["kernel_size"], dims)
        stride = kernel if arguments["stride"] is None else sizes(arguments["stride"], dims)
        border = sizes(arguments["padding"], dims)
        after = tuple((size - 1) * s + k - 2 * p for size, k, s, p in zip(space, kernel, stride, border, strict=True))
        if any(is_fixed(size) and size < 1 for size in after):
            text = f"{{node}} would put out nothing: {written(after)}. Lower its padding."
            raise Mismatch(text, None, [SetParam("Use padding 0", unset=("padding",))])
        return Answer({"output": Flow((*flow.shape[: len(flow.shape) - dims], *after), flow.dtype)})

    return rule


RULES: Mapping[str, Rule] = {
    **{f"MaxPool{dims}d": pooling(dims) for dims in (1, 2, 3)},
    **{f"{kind}{dims}d": pooling(dims, whole=dims == VOLUME) for kind in ("AvgPool", "LPPool") for dims in (1, 2, 3)},
    **{f"Adaptive{kind}Pool{dims}d": adaptive(dims) for kind in ("Avg", "Max") for dims in (1, 2, 3)},
    **{f"FractionalMaxPool{dims}d": fractional(dims) for dims in (2, 3)},
    **{f"MaxUnpool{dims}d": unpooling(dims) for dims in (1, 2, 3)},
}
