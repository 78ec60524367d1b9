"""Layers that enlarge, unfold and rearrange maps."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Remedy,
    Rule,
    SetParam,
    expect_float,
    number,
    one,
    sizes,
    written,
)
from netloom.compiler.rules.spatial import LAYOUTS, expect_kernel_fits, expect_values, reach, scaled, to_maps, window
from netloom.graph.model import Value

MODES: Mapping[int, str] = {1: "linear", 2: "bilinear", 3: "trilinear"}
LARGEST_TRIED = 64
RANKS: Mapping[str, tuple[int, ...]] = {"linear": (1,), "bilinear": (2,), "bicubic": (2,), "trilinear": (3,)}
"""The numbers of sizes that a mode works on, where it does not work on all."""


def upsample(arguments: Arguments, inputs: Inputs) -> Answer:
    """Upsample: the size is the argument, or the input's times a factor."""
    flow = one(inputs)
    mode = cast(str, arguments["mode"])
    dims = len(flow.shape) - 2
    _expect_mode(flow, mode, dims)
    if arguments.get("align_corners") is not None and mode not in RANKS:
        text = f"align_corners of {{node}} is for the linear modes, not for {mode}."
        raise Mismatch(text, None, [SetParam("Leave it empty", unset=("align_corners",))])
    if arguments.get("recompute_scale_factor") and arguments["size"] is not None:
        text = "recompute_scale_factor of {node} needs a scale_factor, not a size."
        raise Mismatch(text, None, [SetParam("Leave it empty", unset=("recompute_scale_factor",))])
    return _resized(arguments, flow, dims)


def _expect_mode(flow: Flow, mode: str, dims: int) -> None:
    expect_float(flow)
    if dims not in MODES:
        raise Mismatch(f"{{node}} takes {LAYOUTS[1]}, {LAYOUTS[2]} or {LAYOUTS[3]}, gets {flow}.")
    if dims not in RANKS.get(mode, (dims,)):
        remedies = [SetParam(f"Use {each}", {"mode": each}) for each in (MODES[dims], "nearest")]
        raise Mismatch(f"mode {mode} of {{node}} takes {LAYOUTS[RANKS[mode][0]]}, gets {flow}.", remedies=remedies)


def upsample_images(arguments: Arguments, inputs: Inputs) -> Answer:
    """UpsamplingNearest2d and UpsamplingBilinear2d."""
    flow = one(inputs)
    expect_float(flow)
    if len(flow.shape) != 4:
        raise Mismatch(f"{{node}} takes {LAYOUTS[2]}, gets {flow}.", remedies=to_maps(flow, 2))
    return _resized(arguments, flow, 2)


def _resized(arguments: Arguments, flow: Flow, dims: int) -> Answer:
    size, factors = arguments["size"], cast(list[float] | None, arguments["scale_factor"])
    double = SetParam("Use twice the size", {"scale_factor": [2.0] * dims}, ("size",))
    if (size is None) == (factors is None):
        keep = [SetParam("Keep the size", unset=("scale_factor",))] if factors else []
        raise Mismatch("{node} needs either a size or a scale_factor.", None, [*keep, double])
    given = factors if size is None else size
    if isinstance(given, list) and len(given) != dims:
        text = f"{{node}} is given {len(given)} numbers, but {flow} has {dims} sizes to change."
        alike = [given[0]] * dims
        fix: Remedy = SetParam(f"Use {dims} times {given[0]}", {"scale_factor" if size is None else "size": alike})
        raise Mismatch(text, remedies=[fix])
    space = flow.shape[2:]
    after = (
        sizes(size, dims)
        if factors is None
        else tuple(scaled(each, factor) for each, factor in zip(space, factors, strict=True))
    )
    if any(is_fixed(each) and each < 1 for each in (*flow.shape[1:], *after)):
        raise Mismatch(f"{{node}} would make {written(after)} of {flow}: nothing would be left.", remedies=[double])
    return Answer({"output": Flow((*flow.shape[:2], *after), flow.dtype)})


def pixel_shuffle(arguments: Arguments, inputs: Inputs) -> Answer:
    """PixelShuffle: r² channels become an r times finer image."""
    flow, factor = one(inputs), number(arguments, "upscale_factor")
    channels, height, width = _image(flow)
    if is_fixed(channels) and channels % factor**2:
        text = f"{{node}} makes one channel of {factor**2}, but {channels} channels come in, which is no multiple."
        raise Mismatch(text, remedies=_factors("upscale_factor", lambda r: channels % r**2 == 0, factor))
    shape = (*flow.shape[:-3], channels // factor**2, height * factor, width * factor)
    return Answer({"output": Flow(shape, flow.dtype)})


def pixel_unshuffle(arguments: Arguments, inputs: Inputs) -> Answer:
    """PixelUnshuffle: blocks of r×r pixels become channels."""
    flow, factor = one(inputs), number(arguments, "downscale_factor")
    channels, height, width = _image(flow)
    known = [size for size in (height, width) if is_fixed(size)]
    if any(size % factor for size in known):
        text = f"{{node}} cuts the image into blocks of {factor}×{factor}, which {height}×{width} is no multiple of."
        remedies = _factors("downscale_factor", lambda r: not any(size % r for size in known), factor)
        raise Mismatch(text, remedies=remedies)
    shape = (*flow.shape[:-3], channels * factor**2, height // factor, width // factor)
    return Answer({"output": Flow(shape, flow.dtype)})


def _image(flow: Flow) -> tuple[Dim, Dim, Dim]:
    expect_float(flow)
    if len(flow.shape) < 4:
        raise Mismatch(f"{{node}} takes {LAYOUTS[2]}, gets {flow}.", remedies=to_maps(flow, 2))
    expect_values(flow)
    channels, height, width = flow.shape[-3:]
    return channels, height, width


def _factors(name: str, fits: Callable[[int], bool], most: int) -> list[Remedy]:
    found = next((each for each in range(min(most, LARGEST_TRIED) - 1, 1, -1) if fits(each)), 1)
    return [SetParam(f"Use {found}", {name: found})]


def channel_shuffle(arguments: Arguments, inputs: Inputs) -> Answer:
    """ChannelShuffle: the channels in another order."""
    flow, groups = one(inputs), number(arguments, "groups")
    expect_float(flow)
    if len(flow.shape) < 3:
        raise Mismatch(f"{{node}} takes maps such as {LAYOUTS[2]}, gets {flow}.")
    expect_values(flow)
    channels = flow.shape[1]
    if is_fixed(channels) and channels % groups:
        text = f"groups of {{node}} is {groups}, which does not divide the {channels} channels that come in."
        raise Mismatch(text, remedies=_factors("groups", lambda each: channels % each == 0, groups))
    return Answer({"output": Flow(flow.shape, flow.dtype)})


def unfold(arguments: Arguments, inputs: Inputs) -> Answer:
    """Unfold: every patch becomes a column."""
    flow = one(inputs)
    expect_float(flow)
    if len(flow.shape) != 4:
        raise Mismatch(f"{{node}} takes {LAYOUTS[2]}, gets {flow}.", remedies=to_maps(flow, 2))
    expect_values(flow)
    kernel, _, _, _ = _patches(arguments)
    shape = (flow.shape[0], flow.shape[1] * math.prod(kernel), product(_places(arguments, flow.shape[2:])))
    return Answer({"output": Flow(shape, flow.dtype)})


def fold(arguments: Arguments, inputs: Inputs) -> Answer:
    """Fold: columns become patches of an image."""
    flow = one(inputs)
    expect_float(flow)
    if len(flow.shape) != 3:
        raise Mismatch(f"{{node}} takes patches as Unfold puts them out, {LAYOUTS[1]}, gets {flow}.")
    _, columns, found = flow.shape
    image = sizes(arguments["output_size"], 2)
    kernel, _, _, _ = _patches(arguments)
    cells = math.prod(kernel)
    if is_fixed(columns) and (columns % cells or not columns):
        text = f"{{node}} lays out patches of {written(kernel)}, so {columns} channels must be a multiple of {cells}."
        raise Mismatch(text)
    wanted = product(_places(arguments, image))
    if is_fixed(found) and found != wanted:
        text = f"an image of {written(image)} has {wanted} patches, but {found} come into {{node}}."
        raise Mismatch(text, remedies=_squares(arguments, found))
    return Answer({"output": Flow((flow.shape[0], columns // cells, *image), flow.dtype)})


def _squares(arguments: Arguments, count: int) -> list[Remedy]:
    """The square image that has so many patches."""
    side = math.isqrt(count)
    kernel, stride, border, dilation = _patches(arguments)
    each = zip(kernel, stride, border, dilation, strict=True)
    image = [(side - 1) * s + d * (k - 1) + 1 - 2 * p for k, s, p, d in each]
    if side * side != count or min(image) < 1:
        return []
    return [SetParam(f"Use {written(image)}", {"output_size": cast(Value, image)})]


def _patches(arguments: Arguments) -> Sequence[tuple[int, ...]]:
    return [sizes(arguments[name], 2) for name in ("kernel_size", "stride", "padding", "dilation")]


def _places(arguments: Arguments, image: Sequence[Dim]) -> list[Dim]:
    """How many patches stand below and beside each other."""
    kernel, stride, border, dilation = _patches(arguments)
    room = [size + 2 * edge for size, edge in zip(image, border, strict=True)]
    expect_kernel_fits(reach(kernel, dilation), room, [])
    return [window(*each) for each in zip(image, kernel, stride, border, dilation, strict=True)]


def unflatten(arguments: Arguments, inputs: Inputs) -> Answer:
    """Unflatten: one dimension becomes several."""
    flow = one(inputs)
    dim = axis(flow, number(arguments, "dim"))
    shape = cast(list[int], arguments["unflattened_size"])
    size = flow.shape[dim]
    known = math.prod(each for each in shape if each != -1)
    new: list[Dim] = [size // known if each == -1 and known else each for each in shape]
    if product(new) != size and (is_fixed(size) or -1 not in shape):
        text = f"{{node}} splits dimension {dim} into {written(shape)}, but it has {size} values."
        rest = cast(Value, [-1, *shape[1:]])
        fixes = [SetParam("Use -1 for the first", {"unflattened_size": rest})] if -1 not in shape else []
        raise Mismatch(text, remedies=fixes)
    return Answer({"output": Flow((*flow.shape[:dim], *new, *flow.shape[dim + 1 :]), flow.dtype)}, kept=0)


RULES: Mapping[str, Rule] = {
    "Upsample": upsample,
    "UpsamplingNearest2d": upsample_images,
    "UpsamplingBilinear2d": upsample_images,
    "PixelShuffle": pixel_shuffle,
    "PixelUnshuffle": pixel_unshuffle,
    "ChannelShuffle": channel_shuffle,
    "Unfold": unfold,
    "Fold": fold,
    "Unflatten": unflatten,
}
