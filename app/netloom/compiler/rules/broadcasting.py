"""Shapes that are aligned at their ends, where a 1 stretches; and the projections that make two shapes alike."""

from collections.abc import Mapping, Sequence

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import Insert, Mismatch, Remedy
from netloom.graph.model import Value

Shape = tuple[Dim, ...]


def stretched(a: Shape, b: Shape) -> Shape | None:
    """The common shape of two; None where they do not go together."""
    rank = max(len(a), len(b))
    result: list[Dim] = []
    for x, y in zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True):
        if x not in (1, y) and y != 1:
            return None
        result.append(y if x == 1 else x)
    return tuple(result)


def stretched_all(flows: Sequence[Flow], port: str, remedies: Sequence[Remedy] = ()) -> Shape:
    """The common shape of all; Mismatch names the two sizes that differ."""
    shape: Shape = ()
    for flow in flows:
        common = stretched(shape, flow.shape)
        if common is None:
            x, y = _apart(shape, flow.shape)
            shown = " and ".join(map(str, flows[:4])) + (" …" if len(flows) > 4 else "")
            raise Mismatch(f"{{node}} cannot combine {shown}: {x} and {y} differ.", port, remedies)
        shape = common
    return shape


def _apart(a: Shape, b: Shape) -> tuple[Dim, Dim]:
    pairs = zip(reversed(a), reversed(b), strict=False)
    return next((x, y) for x, y in pairs if x not in (1, y) and y != 1)


def projections(flows: Sequence[Flow]) -> list[Remedy]:
    """The layers that bring one of two tensors to the shape of the other, as in a residual connection."""
    if len(flows) != 2:
        return []
    found = ((slot, projection(flows[slot].shape, flows[1 - slot].shape)) for slot in (0, 1))
    return [Insert(label, kind, params, slot) for slot, each in found if each for label, kind, params in (each,)]


def projection(given: Shape, wanted: Shape) -> tuple[str, str, Mapping[str, Value]] | None:
    """The label, kind and parameters of a layer that makes `wanted` of `given`; None where no simple one does."""
    if len(given) != len(wanted) or len(given) < 2 or given[0] != wanted[0]:
        return None
    last = wanted[-1]
    if given[:-1] == wanted[:-1] and len(given) < 4 and is_fixed(last) and is_fixed(given[-1]):
        return f"Insert a projection to {last} features", "Linear", {"out_features": last}
    stride = _stride(given[2:], wanted[2:])
    channels = wanted[1]
    if stride is None or not 3 <= len(given) <= 5 or not is_fixed(channels) or not is_fixed(given[1]):
        return None
    params: dict[str, Value] = {"out_channels": channels, "kernel_size": 1}
    if stride > 1:
        params["stride"] = stride
    return f"Insert a projection to {channels} channels", f"Conv{len(given) - 2}d", params


def _stride(given: Shape, wanted: Shape) -> int | None:
    """The stride with which a window of 1 makes the one size of the other, the same in every dimension."""
    if given == wanted:
        return 1
    strides = set()
    for before, after in zip(given, wanted, strict=True):
        if not is_fixed(before) or not is_fixed(after) or not 0 < after <= before:
            return None
        step = (before - 1) // after + 1
        strides.add(step if (before - 1) // step + 1 == after else 0)
    step = strides.pop() if len(strides) == 1 else 0
    return step or None
