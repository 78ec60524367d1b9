"""Operations that rearrange values: other shapes, other orders, copies, borders, another type."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import Types, expect_holds, refused
from netloom.compiler.rules.joining import new_axis
from netloom.compiler.rules.reduction import axes
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, flag, number, one, written

KEEP = 0
REST = -1
FINEST_SCALE = 64


def whole_numbers(arguments: Arguments, name: str) -> list[int]:
    """An argument that is a list of ints."""
    return cast(list[int], arguments[name])


def view(flow: Flow, shape: tuple[Dim, ...]) -> Answer:
    """The same values seen in another shape."""
    return Answer({"output": Flow(shape, flow.dtype)}, kept=0)


def reshape(arguments: Arguments, inputs: Inputs) -> Answer:
    """Reshape: the shape of one sample; the batch stays, 0 keeps the size at its place, one -1 takes what is left."""
    flow = one(inputs)
    shape = whole_numbers(arguments, "shape")
    if not flow.shape:
        raise Mismatch("{node} reshapes samples, but what comes in is a single number.")
    kept = {place: _kept(flow, place) for place, size in enumerate(shape, 1) if size == KEEP}
    # Sizes that stay need not be divided by, so that free ones may be sums.
    left = product(size for place, size in enumerate(flow.shape) if place and place not in kept)
    rest = left // math.prod(size for size in shape if size > 0)
    wanted = [kept.get(place, rest if size == REST else size) for place, size in enumerate(shape, 1)]
    if shape.count(REST) > 1 or product(size for place, size in enumerate(wanted, 1) if place not in kept) != left:
        elements = product(flow.shape[1:])
        held = f"{elements} values" if is_fixed(elements) else f"{elements} values a sample"
        remedies = [SetParam("Use -1", {"shape": [REST]})]
        raise Mismatch(f"{{node}} asks for {written(shape)}, but {flow} holds {held}.", remedies=remedies)
    return view(flow, (flow.shape[0], *wanted))


def _kept(flow: Flow, place: int) -> Dim:
    if place >= len(flow.shape):
        raise Mismatch(
            f"{{node}} is to keep the size of dimension {place}, but {flow} has no such dimension.",
            remedies=[SetParam("Use -1", {"shape": [REST]})],
        )
    return flow.shape[place]


def permute(arguments: Arguments, inputs: Inputs) -> Answer:
    """Permute: the dimensions in another order; 0 is the batch."""
    flow = one(inputs)
    dims = whole_numbers(arguments, "dims")
    rank = len(flow.shape)
    if sorted(dim % rank if -rank <= dim < rank else rank for dim in dims) != list(range(rank)):
        swapped = [0, *range(2, rank), 1] if rank > 2 else list(range(rank))
        words = ", ".join(map(str, swapped))
        raise Mismatch(
            f"dims of {{node}} must name each of the {rank} dimensions of {flow} once.",
            remedies=[SetParam(f"Use {words}", {"dims": list(swapped)})] if swapped else [],
        )
    return view(flow, tuple(flow.shape[dim] for dim in dims))


def transpose(arguments: Arguments, inputs: Inputs) -> Answer:
    """Transpose: two dimensions change places."""
    flow = one(inputs)
    first, second = (axis(flow, number(arguments, name), name) for name in ("dim0", "dim1"))
    shape = [*flow.shape]
    shape[first], shape[second] = shape[second], shape[first]
    return view(flow, tuple(shape))


def squeeze(arguments: Arguments, inputs: Inputs) -> Answer:
    """Squeeze: a dimension of size 1 goes; where it has another size nothing happens."""
    flow = one(inputs)
    dim = axis(flow, number(arguments, "dim"))
    size = flow.shape[dim]
    if not is_fixed(size):
        raise Mismatch(f"{{node}} removes a dimension of size 1, but dimension {dim} of {flow} is {size}.")
    if size == 1:
        return view(flow, (*flow.shape[:dim], *flow.shape[dim + 1 :]))
    advice = Mismatch(f"{{node}} does nothing here: dimension {dim} of {flow} is {size}, not 1.")
    return Answer({"output": Flow(flow.shape, flow.dtype)}, kept=0, advice=advice)


def unsqueeze(arguments: Arguments, inputs: Inputs) -> Answer:
    """Unsqueeze: a new dimension of size 1."""
    flow = one(inputs)
    dim = new_axis(flow, number(arguments, "dim"))
    return view(flow, (*flow.shape[:dim], 1, *flow.shape[dim:]))


def expand(arguments: Arguments, inputs: Inputs) -> Answer:
    """Expand: sizes of 1 become larger; -1 keeps a size, 0 takes that of `like` at the same place."""
    flow = one(inputs)
    wanted = whole_numbers(arguments, "sizes")
    added = len(wanted) - len(flow.shape)
    if added < 0:
        keep = [REST] * len(flow.shape)
        raise Mismatch(
            f"{{node}} names {len(wanted)} sizes, but {flow} has {len(flow.shape)} dimensions.",
            remedies=[SetParam("Name every dimension", {"sizes": list(keep)})],
        )
    shape: list[Dim] = []
    for place, size in enumerate(wanted):
        old = flow.shape[place - added] if place >= added else None
        new = _like_size(inputs, place) if size == KEEP else size
        if size == REST:
            new = _old_size(flow, old)
        if old not in (None, 1, new):
            text = f"{{node}} can only stretch a size of 1; dimension {place - added} of {flow} cannot become {new}."
            raise Mismatch(text, remedies=[SetParam("Keep this size", {"sizes": _with(wanted, place, REST)})])
        shape.append(new)
    return view(flow, tuple(shape))


def _with(found: list[int], place: int, value: int) -> list[bool | int | float | str | None]:
    return [*found[:place], value, *found[place + 1 :]]


def _old_size(flow: Flow, old: Dim | None) -> Dim:
    if old is None:
        raise Mismatch(f"{{node}} adds a dimension in front of {flow}, which needs a size: -1 keeps an old one.")
    return old


def _like_size(inputs: Inputs, place: int) -> Dim:
    if not inputs.get("like"):
        raise Mismatch("A size of 0 takes the size of what comes into like of {node}. Wire it.", "like")
    like = one(inputs, "like")
    if place >= len(like.shape):
        raise Mismatch(f"{{node}} takes dimension {place} of like, but {like} has no such dimension.", "like")
    return like.shape[place]


def repeat(arguments: Arguments, inputs: Inputs) -> Answer:
    """Repeat: so many copies along each dimension, beginning with new ones in front."""
    flow = one(inputs)
    counts = whole_numbers(arguments, "repeats")
    added = len(counts) - len(flow.shape)
    if added < 0:
        ones = [*[1] * -added, *counts]
        raise Mismatch(
            f"{{node}} names {len(counts)} counts, but {flow} has {len(flow.shape)} dimensions.",
            remedies=[SetParam(f"Use {', '.join(map(str, ones))}", {"repeats": list(ones)})],
        )
    old = (1,) * added + flow.shape
    shape = tuple(size * count for size, count in zip(old, counts, strict=True))
    return Answer({"output": Flow(shape, flow.dtype)})


def repeat_interleave(arguments: Arguments, inputs: Inputs) -> Answer:
    """RepeatInterleave: each entry so many times, one after the other."""
    flow = one(inputs)
    dim = axis(flow, number(arguments, "dim"))
    size = flow.shape[dim] * number(arguments, "repeats")
    return Answer({"output": Flow((*flow.shape[:dim], size, *flow.shape[dim + 1 :]), flow.dtype)})


def flip(arguments: Arguments, inputs: Inputs) -> Answer:
    """Flip: dimensions in reverse."""
    flow = one(inputs)
    axes(flow, arguments["dims"], "dims")
    return Answer({"output": Flow(flow.shape, flow.dtype)})


def roll(arguments: Arguments, inputs: Inputs) -> Answer:
    """Roll: values move along dimensions and come in again at the other end."""
    flow = one(inputs)
    shifts, dims = whole_numbers(arguments, "shifts"), whole_numbers(arguments, "dims")
    for dim in dims:
        axis(flow, dim, "dims")
    if len(shifts) != len(dims):
        fitting = [*shifts, *[1] * len(dims)][: len(dims)]
        raise Mismatch(
            f"{{node}} has {len(shifts)} shifts for {len(dims)} dims; there must be one for each.",
            None,
            [SetParam(f"Use shifts {', '.join(map(str, fitting))}", {"shifts": list(fitting)})],
        )
    return Answer({"output": Flow(flow.shape, flow.dtype)})


def pad(arguments: Arguments, inputs: Inputs) -> Answer:
    """Pad: a border before and after each of the last dimensions, the last one first."""
    flow = one(inputs)
    border, mode = whole_numbers(arguments, "pad"), cast(str, arguments["mode"])
    count = len(border) // 2
    if count > len(flow.shape):
        fitting = border[: 2 * len(flow.shape)]
        remedies = [SetParam(f"Use {', '.join(map(str, fitting))}", {"pad": list(fitting)})] if fitting else []
        raise Mismatch(f"{{node}} pads {count} dimensions, but {flow} has {len(flow.shape)}.", remedies=remedies)
    if mode != "constant":
        _expect_bordered(flow, count, mode)
    else:
        expect_holds(flow.dtype, cast(float, arguments["value"]), "value")
    shape = [*flow.shape]
    for place in range(count):
        before, after = border[2 * place], border[2 * place + 1]
        dim = len(shape) - 1 - place
        if mode != "constant":
            _expect_source(shape[dim], max(before, after), mode)
        left = shape[dim] + min(before, 0) + min(after, 0)
        shape[dim] = size = shape[dim] + before + after
        if (is_fixed(left) and left < 0) or (is_fixed(size) and size < 1):
            raise Mismatch(f"{{node}} cuts away all of dimension {dim} of {flow}.", None)
    return Answer({"output": Flow(tuple(shape), flow.dtype)})


def _expect_bordered(flow: Flow, count: int, mode: str) -> None:
    constant = SetParam("Pad with a constant", {"mode": "constant"})
    if count > 3 or len(flow.shape) not in (count + 1, count + 2):
        text = f'{{node}} with mode "{mode}" pads the last 1, 2 or 3 dimensions after the channels; gets {flow}.'
        raise Mismatch(text, remedies=[constant])
    if mode != "circular" and flow.dtype == "bool":
        raise refused(flow, "input")


def _expect_source(size: Dim, border: int, mode: str) -> None:
    """A mirrored border is shorter than what it mirrors, a wrapped one not longer."""
    most = {"reflect": size - 1, "circular": size}.get(mode)
    if most is not None and is_fixed(most) and border > most:
        raise Mismatch(
            f'{{node}} with mode "{mode}" has a border of at most {most} here, not {border}.',
            remedies=[SetParam("Pad with a constant", {"mode": "constant"})],
        )


def triangle(_: Arguments, inputs: Inputs) -> Answer:
    """Tril, Triu: the last two dimensions as a matrix, of which one corner becomes 0."""
    flow = one(inputs)
    if len(flow.shape) < 2:
        raise Mismatch(f"{{node}} takes matrices in its last two dimensions, gets {flow}.")
    return Answer({"output": Flow(flow.shape, flow.dtype)})


MODES: Mapping[str, tuple[int, ...]] = {
    "nearest": (3, 4, 5),
    "nearest-exact": (3, 4, 5),
    "linear": (3,),
    "bilinear": (4,),
    "bicubic": (4,),
    "trilinear": (5,),
    "area": (3, 4, 5),
}
ALIGNED = ("linear", "bilinear", "bicubic", "trilinear")


def interpolate(arguments: Arguments, inputs: Inputs) -> Answer:
    """Interpolate: maps of another size, which is given or a multiple."""
    flow = one(inputs)
    dtype = Types("", "", "same", "").of(flow)
    mode = cast(str, arguments["mode"])
    if len(flow.shape) not in MODES[mode]:
        fitting = next((each for each in ALIGNED[::-1] if len(flow.shape) in MODES[each]), "nearest")
        remedies = [SetParam(f"Use {fitting}", {"mode": fitting})] if 3 <= len(flow.shape) <= 5 else []
        ranks = " or ".join(map(str, MODES[mode]))
        raise Mismatch(f"{{node}} with mode {mode} takes {ranks} dimensions, gets {flow}.", remedies=remedies)
    if flag(arguments, "align_corners") and mode not in ALIGNED:
        unset = SetParam("Do not align corners", unset=("align_corners",))
        raise Mismatch(f"{{node}} cannot align corners with mode {mode}.", None, [unset])
    after = _resized(flow, arguments)
    if any(is_fixed(size) and size < 1 for size in after):
        raise Mismatch(f"{{node}} would put out nothing: {written(after)}.", None)
    return Answer({"output": Flow((*flow.shape[:2], *after), dtype)})


def _resized(flow: Flow, arguments: Arguments) -> tuple[Dim, ...]:
    space = flow.shape[2:]
    size, scale = arguments["size"], arguments["scale_factor"]
    if (size is None) == (scale is None):
        unset = SetParam("Use the size", unset=("scale_factor",)) if size else SetParam("Double", {"scale_factor": 2.0})
        raise Mismatch("{node} needs either a size or a scale_factor.", None, [unset])
    if size is not None:
        wanted = cast(list[int], size) if isinstance(size, list) else [cast(int, size)]
        wanted = wanted[:1] * len(space) if len(set(wanted)) == 1 else wanted
        if len(wanted) != len(space):
            text = f"{{node}} has the size {written(wanted)}, but {flow} has {len(space)} dimensions to resize."
            raise Mismatch(text, remedies=[SetParam(f"Use {wanted[0]} for all", {"size": wanted[0]})])
        return tuple(wanted)
    return tuple(_scaled(dim, float(cast(float, scale))) for dim in space)


def _scaled(dim: Dim, scale: float) -> Dim:
    if is_fixed(dim):
        return math.floor(dim * scale)
    exact = Fraction(scale)
    if exact.denominator > FINEST_SCALE:
        raise Mismatch(f"{{node}} cannot tell the size of {dim} times {scale}. Use a simpler scale_factor.", None)
    return dim * exact.numerator // exact.denominator


def cast_to(arguments: Arguments, inputs: Inputs) -> Answer:
    """Cast: the same shape with another dtype."""
    return Answer({"output": Flow(one(inputs).shape, cast(str, arguments["dtype"]))})


RULES: Mapping[str, Rule] = {
    "Reshape": reshape,
    "Permute": permute,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Expand": expand,
    "Repeat": repeat,
    "RepeatInterleave": repeat_interleave,
    "Flip": flip,
    "Roll": roll,
    "Pad": pad,
    "Tril": triangle,
    "Triu": triangle,
    "Interpolate": interpolate,
    "Cast": cast_to,
}
