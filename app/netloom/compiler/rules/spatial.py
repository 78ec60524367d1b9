"""Convolutions and poolings. Output sizes follow the formulas in the documentation of torch.nn."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Remedy,
    Rule,
    SetParam,
    expect_float,
    flag,
    number,
    one,
    sizes,
    written,
)

LAYOUTS = {0: "N×C", 1: "N×C×L", 2: "N×C×H×W", 3: "N×C×D×H×W"}


def expect_maps(flow: Flow, dims: int) -> tuple[Dim, ...]:
    """The spatial sizes of a batch of maps; Mismatch where the input has another number of dimensions."""
    expect_float(flow)
    if len(flow.shape) == dims + 2:
        return flow.shape[2:]
    remedies: list[Remedy] = []
    inner = flow.shape[1:]
    if len(flow.shape) == dims + 1 and all(is_fixed(dim) for dim in inner):
        remedies.append(Insert("Insert Reshape to one channel", "Reshape", {"shape": [1, *cast(list[int], [*inner])]}))
    raise Mismatch(f"{{node}} takes {LAYOUTS[dims]}, gets {flow}.", remedies=remedies)


def _expect_kernel_fits(kernel: Sequence[int], room: Sequence[Dim], remedies: Sequence[Remedy]) -> None:
    for size, space in zip(kernel, room, strict=True):
        if is_fixed(space) and space < size:
            raise Mismatch(
                f"the window of {{node}} is {written(kernel)}, larger than the {written(room)} that comes in.",
                remedies=remedies,
            )


def _smaller(name: str, kernel: Sequence[int], room: Sequence[Dim]) -> list[Remedy]:
    fitting = [min(size, space) if is_fixed(space) else size for size, space in zip(kernel, room, strict=True)]
    if min(fitting) < 1:
        return []
    return [SetParam(f"Use {written(fitting)}", {name: cast(list[bool | int | float | str | None], fitting)})]


def window(size: Dim, kernel: int, stride: int, padding: int, dilation: int, *, ceil: bool = False) -> Dim:
    """How many places a sliding window has along one dimension."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if not ceil:
        return room // stride + 1
    places = (room + stride - 1) // stride + 1
    # With ceil_mode a window may not begin in the padding on the right.
    if is_fixed(places) and is_fixed(size) and (places - 1) * stride >= size + padding:
        return places - 1
    return places


def _expect_groups(channels: int, out: int, groups: int) -> None:
    for name, found in (("in_channels", channels), ("out_channels", out)):
        if found % groups:
            fitting = math.gcd(channels, out)
            raise Mismatch(
                f"groups of {{node}} is {groups}, which does not divide {name} {found}.",
                remedies=[SetParam(f"Use {fitting} groups" if fitting > 1 else "Use 1 group", {"groups": fitting})],
            )


def expect_channels(name: str, flow: Flow, expected: int) -> None:
    """Refuse another number of channels than the layer was told."""
    found = flow.shape[1]
    if is_fixed(found) and found != expected:
        raise Mismatch(
            f"{{node}} expects {expected} channels, gets {found}.", remedies=[SetParam(f"Use {found}", unset=(name,))]
        )


def convolution(dims: int) -> Rule:
    """Conv1d, Conv2d, Conv3d."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        space = expect_maps(flow, dims)
        channels, out, groups = (number(arguments, name) for name in ("in_channels", "out_channels", "groups"))
        expect_channels("in_channels", flow, channels)
        _expect_groups(channels, out, groups)
        kernel, stride, dilation = (sizes(arguments[name], dims) for name in ("kernel_size", "stride", "dilation"))
        after = _convolved(arguments["padding"], space, kernel, stride, dilation)
        weights = out * (channels // groups) * math.prod(kernel)
        result = Flow((flow.shape[0], out, *after), flow.dtype)
        macs = product(result.shape) * (channels // groups) * math.prod(kernel)
        return Answer({"output": result}, weights + out * flag(arguments, "bias"), macs)

    return rule


def _convolved(
    padding: object, space: Sequence[Dim], kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> tuple[Dim, ...]:
    if padding == "same":
        if set(stride) != {1}:
            raise Mismatch(
                '{node} has padding "same", which needs a stride of 1.', None, [SetParam("Use stride 1", {"stride": 1})]
            )
        return tuple(space)
    border = sizes(0 if padding == "valid" else cast(int, padding), len(space))
    reach = [step * (size - 1) + 1 for size, step in zip(kernel, dilation, strict=True)]
    room = [size + 2 * edge for size, edge in zip(space, border, strict=True)]
    remedies = (
        [*_smaller("kernel_size", kernel, room)]
        if set(dilation) == {1}
        else [SetParam("Use dilation 1", {"dilation": 1})]
    )
    if set(stride) == {1}:
        remedies.append(SetParam("Use padding same", {"padding": "same"}))
    _expect_kernel_fits(reach, room, remedies)
    return tuple(window(*each) for each in zip(space, kernel, stride, border, dilation, strict=True))


def transposed(dims: int) -> Rule:
    """ConvTranspose1d, ConvTranspose2d, ConvTranspose3d."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        space = expect_maps(flow, dims)
        channels, out, groups = (number(arguments, name) for name in ("in_channels", "out_channels", "groups"))
        expect_channels("in_channels", flow, channels)
        _expect_groups(channels, out, groups)
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
        return Answer({"output": result}, weights + out * flag(arguments, "bias"), macs)

    return rule


def _expect_something(space: Sequence[Dim]) -> None:
    if any(is_fixed(size) and size < 1 for size in space):
        raise Mismatch(f"{{node}} would put out nothing: {written(space)}. Lower its padding.", None)


def pooling(dims: int) -> Rule:
    """MaxPool and AvgPool in 1, 2 and 3 dimensions."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        space = expect_maps(flow, dims)
        kernel = sizes(arguments["kernel_size"], dims)
        stride = kernel if arguments["stride"] is None else sizes(arguments["stride"], dims)
        border = sizes(arguments["padding"], dims)
        dilation = sizes(arguments.get("dilation", 1), dims)
        if any(2 * edge > size for edge, size in zip(border, kernel, strict=True)):
            half = [size // 2 for size in kernel]
            raise Mismatch(
                f"padding of {{node}} is {written(border)}, more than half of its {written(kernel)} window.",
                None,
                [SetParam(f"Use {written(half)}", {"padding": cast(list[bool | int | float | str | None], half)})],
            )
        reach = [step * (size - 1) + 1 for size, step in zip(kernel, dilation, strict=True)]
        room = [size + 2 * edge for size, edge in zip(space, border, strict=True)]
        _expect_kernel_fits(reach, room, _smaller("kernel_size", kernel, room))
        ceil = flag(arguments, "ceil_mode")
        after = tuple(window(*each, ceil=ceil) for each in zip(space, kernel, stride, border, dilation, strict=True))
        return Answer({"output": Flow((*flow.shape[:2], *after), flow.dtype)})

    return rule


def adaptive(dims: int) -> Rule:
    """AdaptiveAvgPool and AdaptiveMaxPool: the output size is the argument; None keeps the input's."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        space = expect_maps(flow, dims)
        wanted = arguments["output_size"]
        targets = wanted if isinstance(wanted, list) else [wanted] * dims
        after = tuple(
            size if target is None else cast(int, target) for size, target in zip(space, targets, strict=True)
        )
        return Answer({"output": Flow((*flow.shape[:2], *after), flow.dtype)})

    return rule


RULES: Mapping[str, Rule] = {
    "Conv1d": convolution(1),
    "Conv2d": convolution(2),
    "ConvTranspose2d": transposed(2),
    "MaxPool2d": pooling(2),
    "AvgPool2d": pooling(2),
    "AdaptiveAvgPool2d": adaptive(2),
}
