"""Tensors that a network makes itself: learned ones, random ones, constants and positions."""

import math
from collections.abc import Mapping
from typing import cast

from netloom.compiler.dims import Dim
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import expect_holds, group, refused
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, number, one


def parameter(arguments: Arguments, _: Inputs) -> Answer:
    """Parameter: a tensor of its own, which training changes."""
    shape = cast(list[int], arguments["shape"])
    if arguments["initial"] == "constant":
        expect_holds("float32", cast(float, arguments["value"]), "value")
    elif arguments["initial"] == "uniform":
        expect_holds("float32", 2 * cast(float, arguments["std"]), "std")
    return Answer({"output": Flow(tuple(shape))}, math.prod(shape), kept=0)


def _shape(arguments: Arguments, like: Flow) -> tuple[Dim, ...]:
    """The shape of `like`, or its batch with the sizes that are asked for."""
    wanted = cast(list[int] | None, arguments["shape"])
    if wanted is None:
        return like.shape
    if not like.shape:
        raise Mismatch("{node} takes the size of the batch from like, but this is a single number.", "like")
    return (like.shape[0], *wanted)


def drawn(arguments: Arguments, inputs: Inputs) -> Answer:
    """RandomNormal, RandomUniform: decimal numbers of the type of `like`, float32 for a shape of their own."""
    like = one(inputs, "like")
    if arguments["shape"] is not None:
        return Answer({"output": Flow(_shape(arguments, like))}, kept=0)
    if group(like.dtype) != "float":
        raise refused(like, "like", "decimal")
    return Answer({"output": Flow(like.shape, like.dtype)}, kept=0)


def uniform(arguments: Arguments, inputs: Inputs) -> Answer:
    """RandomUniform: between two limits."""
    low, high = (cast(float, arguments[name]) for name in ("low", "high"))
    if low > high:
        swapped = SetParam("Swap them", {"low": high, "high": low})
        raise Mismatch(f"low of {{node}} is {low}, above its high {high}.", None, [swapped])
    answer = drawn(arguments, inputs)
    for name, value in (("low", low), ("high", high), ("high", high - low)):
        expect_holds(answer.outputs["output"].dtype, value, name)
    return answer


def constant(arguments: Arguments, inputs: Inputs) -> Answer:
    """Zeros, Ones: the type of `like`, float32 for a shape of their own, unless another is asked for."""
    like = one(inputs, "like")
    usual = like.dtype if arguments["shape"] is None else "float32"
    return Answer({"output": Flow(_shape(arguments, like), cast(str, arguments["dtype"] or usual))}, kept=0)


def arange(arguments: Arguments, inputs: Inputs) -> Answer:
    """Arange: 0, 1, 2 and so on, as many as a dimension of `like` has entries."""
    like = one(inputs, "like")
    return Answer({"output": Flow((like.shape[axis(like, number(arguments, "dim"))],), "int64")}, kept=0)


def bernoulli(arguments: Arguments, inputs: Inputs) -> Answer:
    """Bernoulli: 1 with the chance that comes in, or with one chance for all."""
    flow = one(inputs)
    kind = group(flow.dtype)
    if kind == "complex" or (arguments["p"] is None and kind != "float"):
        raise refused(flow, "input", "decimal")
    return Answer({"output": Flow(flow.shape, flow.dtype)}, kept=0)


RULES: Mapping[str, Rule] = {
    "Parameter": parameter,
    "RandomNormal": drawn,
    "RandomUniform": uniform,
    "Bernoulli": bernoulli,
    "Zeros": constant,
    "Ones": constant,
    "Arange": arange,
}
