"""Convolutions and their way back. Output sizes follow the formulas in the documentation of torch.nn."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Remedy,
    Rule,
    SetParam,
    expect_float32,
    flag,
    number,
    one,
    sizes,
    written,
)
from netloom.compiler.rules.spatial import (
    channels_last_advice,
    expect_channels,
    expect_kernel_fits,
    expect_maps,
    expect_values,
    reach,
    smaller,
    window,
)

TO_ZEROS = SetParam("Use zeros", {"padding_mode": "zeros"})


def convolution(dims: int) -> Rule:
    """Conv1d, Conv2d, Conv3d."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow, space, channels, out, groups = _begun(arguments, inputs, dims)
        kernel, stride, dilation = (sizes(arguments[name], dims) for name in ("kernel_size", "stride", "dilation"))
        border = _border(arguments["padding"], kernel, stride, dilation)
        _expect_paddable(cast(str, arguments["padding_mode"]), border, space)
        after = _convolved(border, space, kernel, stride, dilation)
        weights = out * (channels // groups) * math.prod(kernel)
        result = Flow((flow.shape[0], out, *after), flow.dtype)
        macs = product(result.shape) * (channels // groups) * math.prod(kernel)
        parameters = weights + out * flag(arguments, "bias")
        return Answer({"output": result}, parameters, macs, advice=channels_last_advice(flow))

    return rule


def _begun(arguments: Arguments, inputs: Inputs, dims: int) -> tuple[Flow, tuple[Dim, ...], int, int, int]:
    """What comes in, its spatial sizes, and the numbers of channels, filters and groups, all checked."""
    flow = one(inputs)
    expect_float32(flow)
    space = expect_maps(flow, dims)
    channels, out, groups = (number(arguments, name) for name in ("in_channels", "out_channels", "groups"))
    expect_channels("in_channels", flow, channels)
    _expect_groups(channels, out, groups)
    expect_values(flow)
    return flow, space, channels, out, groups


def _expect_groups(channels: int, out: int, groups: int) -> None:
    for name, found in (("in_channels", channels), ("out_channels", out)):
        if found % groups:
            fitting = math.gcd(channels, out)
            raise Mismatch(
                f"groups of {{node}} is {groups}, which does not divide {name} {found}.",
                remedies=[SetParam(f"Use {fitting} groups" if fitting > 1 else "Use 1 group", {"groups": fitting})],
            )


Border = tuple[tuple[int, int], ...]
"""What is added before and after, for each dimension."""


def _border(found: object, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> Border:
    if found == "same":
        if set(stride) != {1}:
            raise Mismatch(
                '{node} has padding "same", which needs a stride of 1.', None, [SetParam("Use stride 1", {"stride": 1})]
            )
        totals = [each - 1 for each in reach(kernel, dilation)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((edge, edge) for edge in sizes(0 if found == "valid" else cast(int, found), len(kernel)))


def _expect_paddable(mode: str, border: Border, space: Sequence[Dim]) -> None:
    """A map can be mirrored only by less than its size, and wrapped around only once."""
    most = {"reflect": -1, "circular": 0}.get(mode)
    if most is None:
        return
    for edges, size in zip(border, space, strict=True):
        if is_fixed(size) and max(edges) > size + most:
            text = f"{{node}} pads by {mode}, which needs at most {size + most}, but its padding is {max(edges)}."
            raise Mismatch(text, remedies=[TO_ZEROS])


def _convolved(
    border: Border, space: Sequence[Dim], kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> tuple[Dim, ...]:
    room = [size + before + after for size, (before, after) in zip(space, border, strict=True)]
    remedies: list[Remedy] = (
        smaller("kernel_size", kernel, room) if set(dilation) == {1} else [SetParam("Use dilation 1", {"dilation": 1})]
    )
    if set(stride) == {1}:
        remedies.append(SetParam("Use padding same", {"padding": "same"}))
    expect_kernel_fits(reach(kernel, dilation), room, remedies)
    return tuple(window(size, k, s, 0, d) for size, k, s, d in zip(room, kernel, stride, dilation, strict=True))


def transposed(dims: int) -> Rule:
    """ConvTranspose1d, ConvTranspose2d, ConvTranspose3d."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow, space, channels, out, groups = _begun(arguments, inputs, dims)
        names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        kernel, stride, border, extra, dilation = (sizes(arguments[name], dims) for name in names)
        if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation, strict=True)):
            raise Mismatch(
                "output_padding of {node} must be smaller than its stride or dilation.",
                None,
                [SetParam("Use 0", {"output_padding": 0})],
            )
        after = tuple(
            (size - 1) * s - 2 * p + d * (k - 1) + e + 1
            for size, k, s, p, e, d in zip(space, kernel, stride, border, extra, dilation, strict=True)
        )
        _expect_something(after)
        weights = channels * (out // groups) * math.prod(kernel)
        macs = product(flow.shape) * (out // groups) * math.prod(kernel)
        result = Flow((flow.shape[0], out, *after), flow.dtype)
        parameters = weights + out * flag(arguments, "bias")
        return Answer({"output": result}, parameters, macs, advice=channels_last_advice(flow))

    return rule


def _expect_something(space: Sequence[Dim]) -> None:
    if any(is_fixed(size) and size < 1 for size in space):
        text = f"{{node}} would put out nothing: {written(space)}. Lower its padding."
        raise Mismatch(text, None, [SetParam("Use padding 0", unset=("padding",))])


RULES: Mapping[str, Rule] = {
    **{f"Conv{dims}d": convolution(dims) for dims in (1, 2, 3)},
    **{f"ConvTranspose{dims}d": transposed(dims) for dims in (1, 2, 3)},
}
