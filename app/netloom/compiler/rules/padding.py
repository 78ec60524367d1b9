"""Borders around maps."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, one, to_type
from netloom.compiler.rules.spatial import LAYOUTS, expect_values, to_maps
from netloom.graph.model import Value

Refusal: TypeAlias = Callable[[int, int, int], str | None]
"""Why a size cannot be padded by so much before and after; None where it can."""


def padding(dims: int, refusal: Refusal, *, any_rank: bool = False, no_bool: bool = False) -> Rule:
    """A border around the last dimensions, which the argument names from the last to the first."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        _expect_rank(flow, dims, any_rank)
        if no_bool and flow.dtype == "bool":
            to_float = to_type("float32")
            raise Mismatch("{node} pads numbers, gets yes or no values.", remedies=[to_float])
        if not any_rank:
            expect_values(flow)
        edges = _edges(arguments["padding"], dims)
        after = [_padded(*each, refusal) for each in zip(flow.shape[-dims:], edges, strict=True)]
        return Answer({"output": Flow((*flow.shape[:-dims], *after), flow.dtype)})

    return rule


def _expect_rank(flow: Flow, dims: int, any_rank: bool) -> None:
    rank = len(flow.shape)
    if rank <= dims or (not any_rank and rank > dims + 2):
        raise Mismatch(f"{{node}} takes {LAYOUTS[dims]}, gets {flow}.", remedies=to_maps(flow, dims))


def _edges(found: Value, dims: int) -> Sequence[tuple[int, int]]:
    """What is added before and after, from the first of the padded dimensions to the last."""
    numbers = cast(list[int], found) if isinstance(found, list) else [cast(int, found)] * 2 * dims
    return [(numbers[place], numbers[place + 1]) for place in range(2 * dims - 2, -1, -2)]


def _padded(size: Dim, edges: tuple[int, int], refusal: Refusal) -> Dim:
    before, after = edges
    if is_fixed(size) and (reason := refusal(size, before, after)):
        text = f"{{node}} cannot pad a size of {size} by {before} and {after}: {reason}."
        raise Mismatch(
            text, remedies=[SetParam("Use padding 1", {"padding": 1}), SetParam("Use padding 0", {"padding": 0})]
        )
    return size + before + after


def constant(size: int, before: int, after: int) -> str | None:
    """Any border, but not more cut off than there is."""
    return "that cuts off more than there is" if size + min(before, 0) + min(after, 0) < 0 else None


def mirrored(size: int, before: int, after: int) -> str | None:
    """A mirror shows each value but the one at the edge once."""
    if max(before, after) >= size:
        return "a mirrored border is smaller than the map"
    return repeated(size, before, after)


def repeated(size: int, before: int, after: int) -> str | None:
    """Something must be left to repeat."""
    return "nothing would be left" if size + before + after < 1 else None


def wrapped(size: int, before: int, after: int) -> str | None:
    """A border is taken once from the far side."""
    if max(before, after) > size:
        return "it would wrap around more than once"
    return "that cuts off more than there is" if size + before + after < 0 else None


RULES: Mapping[str, Rule] = {
    **{
        f"{kind}Pad{dims}d": padding(dims, constant, any_rank=True)
        for kind in ("Zero", "Constant")
        for dims in (1, 2, 3)
    },
    **{f"ReflectionPad{dims}d": padding(dims, mirrored, no_bool=True) for dims in (1, 2, 3)},
    **{f"ReplicationPad{dims}d": padding(dims, repeated, no_bool=True) for dims in (1, 2, 3)},
    **{f"CircularPad{dims}d": padding(dims, wrapped) for dims in (1, 2, 3)},
}
