"""What all layers on maps share: their layouts, sliding windows and channels."""

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import Insert, Mismatch, Remedy, SetParam, expect_float, written
from netloom.graph.model import Value

LAYOUTS = {0: "N×C", 1: "N×C×L", 2: "N×C×H×W", 3: "N×C×D×H×W"}
FEW_CHANNELS, SURELY_SPACE = (1, 3, 4), 8
FINEST, FARTHEST = 1024, 1e30
"""The finest factor that a formula may have, and a size beyond anything that a machine can hold."""


def expect_maps(flow: Flow, dims: int) -> tuple[Dim, ...]:
    """The spatial sizes of a batch of maps; Mismatch where the input has another number of dimensions."""
    expect_float(flow)
    if len(flow.shape) == dims + 2:
        return flow.shape[2:]
    raise Mismatch(f"{{node}} takes {LAYOUTS[dims]}, gets {flow}.", remedies=to_maps(flow, dims))


def to_maps(flow: Flow, dims: int) -> list[Remedy]:
    """What makes maps of something with another number of dimensions."""
    rank, inner = len(flow.shape), flow.shape[1:]
    if rank == dims + 1 and all(is_fixed(dim) for dim in inner):
        shape = [1, *cast(list[int], [*inner])]
        return [Insert("Insert Reshape to one channel", "Reshape", {"shape": shape})]
    if rank == 2 and is_fixed(inner[0]):
        shape = [inner[0], *[1] * dims]
        params: dict[str, Value] = {"dim": 1, "unflattened_size": cast(Value, shape)}
        return [Insert(f"Insert Unflatten to {written(shape)}", "Unflatten", params)]
    if dims == 1 and rank > dims + 2:
        return [Insert("Insert Flatten of each map", "Flatten", {"start_dim": 2})]
    return []


def expect_last(flow: Flow, dims: int) -> tuple[Dim, ...]:
    """The spatial sizes where each map is worked on alone, so that the channels may be missing."""
    expect_float(flow)
    if len(flow.shape) not in (dims + 1, dims + 2):
        raise Mismatch(f"{{node}} takes {LAYOUTS[dims]}, gets {flow}.", remedies=to_maps(flow, dims))
    expect_values(flow)
    return flow.shape[-dims:]


def expect_values(flow: Flow) -> None:
    """Refuse maps without values, of which torch makes errors or nothing."""
    if 0 in flow.shape:
        raise Mismatch(f"{{node}} gets maps without values: {flow}.")


def expect_kernel_fits(kernel: Sequence[int], room: Sequence[Dim], remedies: Sequence[Remedy]) -> None:
    """Refuse a window that is larger than what it slides over."""
    for size, space in zip(kernel, room, strict=True):
        if is_fixed(space) and space < size:
            raise Mismatch(
                f"the window of {{node}} is {written(kernel)}, larger than the {written(room)} that comes in.",
                remedies=remedies,
            )


def reach(kernel: Sequence[int], dilation: Sequence[int]) -> tuple[int, ...]:
    """How far a window goes in each dimension."""
    return tuple(step * (size - 1) + 1 for size, step in zip(kernel, dilation, strict=True))


def smaller(name: str, kernel: Sequence[int], room: Sequence[Dim]) -> list[Remedy]:
    """A remedy that makes the window as large as the room."""
    fitting = [min(size, space) if is_fixed(space) else size for size, space in zip(kernel, room, strict=True)]
    return [use(name, fitting)] if min(fitting) >= 1 else []


def use(name: str, values: Sequence[int]) -> Remedy:
    """A remedy that sets a size."""
    return SetParam(f"Use {written(values)}", {name: cast(Value, [*values])})


def window(size: Dim, kernel: int, stride: int, padding: int, dilation: int, *, ceil: bool = False) -> Dim:
    """How many places a sliding window has along one dimension.

    With `ceil` a last window may reach over the right edge, but may not begin behind the map.
    """
    spare = 2 * padding - dilation * (kernel - 1) - 1
    if not ceil:
        return (size + spare + stride) // stride
    return (size + min(spare + stride, padding) + stride - 1) // stride


def scaled(size: Dim, factor: float) -> Dim:
    """A size times a factor, rounded down as torch does; Mismatch where that has no formula."""
    if is_fixed(size):
        return int(min(size * factor, FARTHEST))
    exact = Fraction(factor)
    if exact.denominator > FINEST:
        text = f"{{node}} cannot plan a free size {size} times {factor:g}. Use a factor such as 0.5, 1.5 or 2."
        raise Mismatch(text)
    return size * exact.numerator // exact.denominator


def expect_channels(name: str, flow: Flow, expected: int) -> None:
    """Refuse another number of channels than the layer was told."""
    found = flow.shape[1]
    if found == expected:
        return
    remedies: list[Remedy] = [SetParam(f"Use {found}", unset=(name,))] if is_fixed(found) else []
    if flow.shape[-1] == expected:
        remedies.insert(0, channels_first(flow))
    raise Mismatch(f"{{node}} expects {expected} channels, gets {found}.", remedies=remedies)


def channels_first(flow: Flow) -> Remedy:
    """A remedy that brings the last dimension behind the batch."""
    rank = len(flow.shape)
    return Insert("Insert Permute to channels first", "Permute", {"dims": [0, rank - 1, *range(1, rank - 1)]})


def channels_last_advice(flow: Flow) -> Mismatch | None:
    """A warning where an image seems to come with its channels last."""
    *_, height, width, last = flow.shape
    if len(flow.shape) != 4 or last not in FEW_CHANNELS:
        return None
    if not all(not is_fixed(size) or size > SURELY_SPACE for size in (height, width)):
        return None
    text = f"{{node}} reads {height} channels from {flow}; the channels of this image seem to come last."
    return Mismatch(text, remedies=[channels_first(flow)])
