"""Operations on shapes, and reductions."""

import math
from collections.abc import Mapping
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    expect_float,
    flag,
    one,
    written,
)


def reshape(arguments: Arguments, inputs: Inputs) -> Answer:
    """Reshape: the shape of one sample; the batch stays, and one -1 takes what is left."""
    flow = one(inputs)
    shape = cast(list[int], arguments["shape"])
    elements = product(flow.shape[1:])
    known = math.prod(dim for dim in shape if dim != -1)
    wanted: list[Dim] = list(shape)
    if shape.count(-1) > 1:
        raise Mismatch("shape of {node} has more than one -1.", None)
    if -1 in shape:
        rest = elements // known if known else 0
        wanted[shape.index(-1)] = rest
    if product(wanted) != elements:
        held = f"{elements} values" if is_fixed(elements) else f"{elements} values a sample"
        remedies = [SetParam("Use -1", {"shape": [-1]})]
        raise Mismatch(f"{{node}} asks for {written(shape)}, but {flow} holds {held}.", remedies=remedies)
    return Answer({"output": Flow((flow.shape[0], *wanted), flow.dtype)})


def permute(arguments: Arguments, inputs: Inputs) -> Answer:
    """Permute: the dimensions in another order; 0 is the batch."""
    flow = one(inputs)
    dims = cast(list[int], arguments["dims"])
    rank = len(flow.shape)
    if sorted(dim % rank if -rank <= dim < rank else rank for dim in dims) != list(range(rank)):
        swapped = [0, *range(2, rank), 1] if rank > 2 else list(range(rank))
        words = ", ".join(map(str, swapped))
        raise Mismatch(
            f"dims of {{node}} must name each of the {rank} dimensions of {flow} once.",
            remedies=[SetParam(f"Use {words}", {"dims": list(swapped)})],
        )
    return Answer({"output": Flow(tuple(flow.shape[dim] for dim in dims), flow.dtype)})


def reduction(arguments: Arguments, inputs: Inputs) -> Answer:
    """Mean: the named dimensions go, or stay with size 1."""
    flow = one(inputs)
    expect_float(flow)
    found = arguments["dim"]
    named = cast(list[int], found) if isinstance(found, list) else [cast(int, found)]
    gone = {axis(flow, dim) for dim in named}
    keep = flag(arguments, "keepdim")
    shape = [1 if i in gone else dim for i, dim in enumerate(flow.shape) if keep or i not in gone]
    if not shape:
        raise Mismatch("{node} averages over all dimensions and leaves no batch. Leave one out.", None)
    return Answer({"output": Flow(tuple(shape), flow.dtype)})


def cast_to(arguments: Arguments, inputs: Inputs) -> Answer:
    """Cast: the same shape with another dtype."""
    return Answer({"output": Flow(one(inputs).shape, cast(str, arguments["dtype"]))})


RULES: Mapping[str, Rule] = {
    "Reshape": reshape,
    "Permute": permute,
    "Mean": reduction,
    "Cast": cast_to,
}
