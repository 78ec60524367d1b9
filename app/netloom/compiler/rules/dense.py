"""Layers that mix all features, distances, and what lays features in a row."""

from collections.abc import Mapping

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
    expect_float32,
    flag,
    number,
    one,
    same,
)

MAPS = 4


def linear(arguments: Arguments, inputs: Inputs) -> Answer:
    """Linear: the last dimension changes."""
    flow = one(inputs)
    expect_float32(flow)
    features, out = number(arguments, "in_features"), number(arguments, "out_features")
    last = flow.shape[-1] if flow.shape else 0
    if last != features:
        remedies: list[Remedy] = _flattened(flow, features) if len(flow.shape) > 2 else []
        text = f"{{node}} expects {features} features, gets {last}."
        if len(flow.shape) > 2:
            text = f"{{node}} reads {features} features, this wire brings {last}. "
            text += f"Linear reads the last dimension of {flow}."
        use = [SetParam(f"Use {last}", unset=("in_features",))] if is_fixed(last) else []
        raise Mismatch(text, remedies=[*remedies, *use])
    advice = None
    if len(flow.shape) >= MAPS:
        text = f"{{node}} reads only the last dimension of {flow}, {last} features at a time."
        advice = Mismatch(text, remedies=[Insert("Insert Flatten", "Flatten")])
    result = Flow((*flow.shape[:-1], out), flow.dtype)
    parameters = features * out + out * flag(arguments, "bias")
    return Answer({"output": result}, parameters, product(result.shape) * features, advice=advice)


def _flattened(flow: Flow, features: int) -> list[Remedy]:
    """Lay each sample in a row, and where that is another number of features, use it."""
    flat = product(flow.shape[1:])
    if flat == features:
        return [Insert("Insert Flatten", "Flatten")]
    if not is_fixed(flat):
        return []
    return [Insert(f"Insert Flatten and use {flat}", "Flatten", unset=("in_features",))]


def bilinear(arguments: Arguments, inputs: Inputs) -> Answer:
    """Bilinear: the last dimensions of two inputs are weighed pair by pair."""
    first, second = one(inputs, "input1"), one(inputs, "input2")
    out = number(arguments, "out_features")
    for name, port, flow in (("in1_features", "input1", first), ("in2_features", "input2", second)):
        expect_float32(flow, port)
        features, last = number(arguments, name), flow.shape[-1] if flow.shape else 0
        if last != features or not last:
            use = [SetParam(f"Use {last}", unset=(name,))] if is_fixed(last) and last else []
            raise Mismatch(f"{{node}} expects {features} features at {port}, gets {last}.", port, use)
    if first.shape[:-1] != second.shape[:-1]:
        text = f"{{node}} pairs its inputs place by place, but {first} and {second} differ before the last dimension."
        raise Mismatch(text, "input2")
    result = Flow((*first.shape[:-1], out), first.dtype)
    weights = out * number(arguments, "in1_features") * number(arguments, "in2_features")
    return Answer({"output": result}, weights + out * flag(arguments, "bias"), product(first.shape[:-1]) * weights)


def identity(_: Arguments, inputs: Inputs) -> Answer:
    """Identity: what comes in."""
    return Answer(same(one(inputs)), kept=0)


def axis(flow: Flow, dim: int, name: str = "dim") -> int:
    """A dimension's number counted from the front; Mismatch where there is no such dimension."""
    rank = len(flow.shape)
    if not -rank <= dim < rank:
        raise Mismatch(
            f"{name} of {{node}} is {dim}, but {flow} has the dimensions 0 to {rank - 1}.",
            remedies=[SetParam("Use -1", {name: -1})],
        )
    return dim % rank


def flatten(arguments: Arguments, inputs: Inputs) -> Answer:
    """Flatten: the dimensions from start_dim to end_dim become one."""
    flow = one(inputs)
    first, last = (
        axis(flow, number(arguments, "start_dim"), "start_dim"),
        axis(flow, number(arguments, "end_dim"), "end_dim"),
    )
    if first > last:
        raise Mismatch(
            "start_dim of {node} comes after its end_dim.",
            None,
            [SetParam("Use 1 and -1", unset=("start_dim", "end_dim"))],
        )
    middle: tuple[Dim, ...] = (product(flow.shape[first : last + 1]),)
    result = Flow((*flow.shape[:first], *middle, *flow.shape[last + 1 :]), flow.dtype)
    return Answer({"output": result}, kept=0)


RULES: Mapping[str, Rule] = {
    "Linear": linear,
    "Bilinear": bilinear,
    "Identity": identity,
    "Flatten": flatten,
}
