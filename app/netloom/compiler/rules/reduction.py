"""Operations that sum up dimensions, and those that rank or add up along one."""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.dims import is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import FLOATING, ORDERED, SUMMED, Types
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, flag, number, one


def reduction(types: Types) -> Rule:
    """Sum, Mean and their like: the named dimensions go, or stay with size 1; without names all of them go."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        dtype = types.of(flow)
        gone = axes(flow, arguments["dim"])
        keep = flag(arguments, "keepdim")
        shape = (1 if i in gone else dim for i, dim in enumerate(flow.shape) if keep or i not in gone)
        return Answer({"output": Flow(tuple(shape), dtype)})

    return rule


def axes(flow: Flow, found: object, name: str = "dim") -> set[int]:
    """The dimensions that a parameter names, counted from the front; all where it is empty."""
    if found is None:
        return set(range(len(flow.shape)))
    named = cast(list[int], found) if isinstance(found, list) else [cast(int, found)]
    places = [axis(flow, dim, name) for dim in named]
    for place, dim in zip(places, named, strict=True):
        if places.count(place) > 1:
            last: list[int] = list(dict.fromkeys(places))
            words = ", ".join(map(str, last))
            raise Mismatch(
                f"{name} of {{node}} names dimension {place} of {flow} twice, once as {dim}.",
                remedies=[SetParam(f"Use {words}", {name: list(last)})],
            )
    return set(places)


def ranking(arguments: Arguments, inputs: Inputs) -> Answer:
    """ArgMax, ArgMin: the place of the largest or smallest value."""
    return reduction(Types("", "int64", "int64", ""))(arguments, inputs)


def cumulative(arguments: Arguments, inputs: Inputs) -> Answer:
    """CumulativeSum, CumulativeProduct: the same shape."""
    flow = one(inputs)
    axis(flow, number(arguments, "dim"))
    return Answer({"output": Flow(flow.shape, SUMMED.of(flow))})


def sort(arguments: Arguments, inputs: Inputs) -> Answer:
    """Sort: the values in order, and their places before."""
    flow = one(inputs)
    dtype = ORDERED.of(flow)
    axis(flow, number(arguments, "dim"))
    return Answer({"values": Flow(flow.shape, dtype), "indices": Flow(flow.shape, "int64")})


def top(arguments: Arguments, inputs: Inputs) -> Answer:
    """TopK: the k largest or smallest values, and their places."""
    flow = one(inputs)
    dtype = Types("", "same", "same", "").of(flow)
    dim, count = axis(flow, number(arguments, "dim")), number(arguments, "k")
    size = flow.shape[dim]
    if is_fixed(size) and count > size:
        raise Mismatch(
            f"{{node}} asks for the {count} best, but dimension {dim} of {flow} has {size}.",
            remedies=[SetParam(f"Use {size}", {"k": size})],
        )
    shape = (*flow.shape[:dim], count, *flow.shape[dim + 1 :])
    return Answer({"values": Flow(shape, dtype), "indices": Flow(shape, "int64")})


def normalize(arguments: Arguments, inputs: Inputs) -> Answer:
    """Normalize: the same shape, scaled along one dimension."""
    flow = one(inputs)
    dtype = Types("", "").of(flow)
    axes(flow, arguments["dim"])
    return Answer({"output": Flow(flow.shape, dtype)})


TRUTH = Types("bool", "bool", "bool", "bool")
SPREAD = Types("", "", "same", "real")

RULES: Mapping[str, Rule] = {
    "Sum": reduction(SUMMED),
    "Mean": reduction(Types("", "", "same", "same")),
    "Max": reduction(ORDERED),
    "Min": reduction(ORDERED),
    "Prod": reduction(SUMMED),
    "Var": reduction(SPREAD),
    "Std": reduction(SPREAD),
    "Norm": reduction(SPREAD),
    "LogSumExp": reduction(FLOATING),
    "Any": reduction(TRUTH),
    "All": reduction(TRUTH),
    "ArgMax": ranking,
    "ArgMin": ranking,
    "CumulativeSum": cumulative,
    "CumulativeProduct": cumulative,
    "Sort": sort,
    "TopK": top,
    "Normalize": normalize,
}
