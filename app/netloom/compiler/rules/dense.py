"""Linear layers, embeddings, normalisations, activations and dropouts."""

import math
from collections.abc import Mapping
from typing import cast

from netloom.compiler.dims import Dim, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Rule,
    SetParam,
    expect_float,
    flag,
    number,
    one,
    same,
    written,
)
from netloom.compiler.rules.spatial import LAYOUTS, expect_channels

MAPS = 4


def linear(arguments: Arguments, inputs: Inputs) -> Answer:
    """Linear: the last dimension changes."""
    flow = one(inputs)
    expect_float(flow)
    features, out = number(arguments, "in_features"), number(arguments, "out_features")
    last = flow.shape[-1]
    flattening = Insert("Insert Flatten", "Flatten")
    if last != features:
        flat = product(flow.shape[1:])
        remedies = [flattening] if flat == features and len(flow.shape) > 2 else []
        text = f"{{node}} expects {features} features, gets {last}."
        if len(flow.shape) > 2:
            text = f"{{node}} reads {features} features, this wire brings {last}. "
            text += f"Linear reads the last dimension of {flow}."
        raise Mismatch(text, remedies=[*remedies, SetParam(f"Use {last}", unset=("in_features",))])
    advice = None
    if len(flow.shape) >= MAPS:
        advice = Mismatch(
            f"{{node}} reads only the last dimension of {flow}, {last} features at a time.", remedies=[flattening]
        )
    result = Flow((*flow.shape[:-1], out), flow.dtype)
    parameters = features * out + out * flag(arguments, "bias")
    return Answer({"output": result}, parameters, product(result.shape) * features, advice=advice)


def embedding(arguments: Arguments, inputs: Inputs) -> Answer:
    """Embedding: each whole number becomes a vector."""
    flow = one(inputs)
    if not flow.is_integer:
        raise Mismatch(f"{{node}} looks up whole numbers, gets {flow.dtype}.")
    rows, width = number(arguments, "num_embeddings"), number(arguments, "embedding_dim")
    return Answer({"output": Flow((*flow.shape, width))}, rows * width)


def batch_norm(*ranks: int) -> Rule:
    """BatchNorm1d, BatchNorm2d, BatchNorm3d: each channel is normalised over the batch."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        expect_float(flow)
        if len(flow.shape) not in ranks:
            layouts = " or ".join(LAYOUTS[rank - 2] for rank in ranks)
            raise Mismatch(f"{{node}} takes {layouts}, gets {flow}.")
        channels = number(arguments, "num_features")
        expect_channels("num_features", flow, channels)
        return Answer(same(flow), 2 * channels * flag(arguments, "affine"))

    return rule


def layer_norm(arguments: Arguments, inputs: Inputs) -> Answer:
    """LayerNorm: the last dimensions, which normalized_shape names, are normalised together."""
    flow = one(inputs)
    expect_float(flow)
    wanted = arguments["normalized_shape"]
    shape = cast(list[int], wanted) if isinstance(wanted, list) else [cast(int, wanted)]
    tail = flow.shape[len(flow.shape) - len(shape) :]
    if len(shape) >= len(flow.shape) or tail != tuple(shape):
        raise Mismatch(
            f"{{node}} normalises {written(shape)}, but what comes in ends with {written(tail)}.",
            remedies=[SetParam("Use the last dimension", unset=("normalized_shape",))],
        )
    size = math.prod(shape) * flag(arguments, "elementwise_affine")
    return Answer(same(flow), size * (1 + flag(arguments, "bias")))


def elementwise(_: Arguments, inputs: Inputs) -> Answer:
    """Dropouts and activations: the same shape out."""
    flow = one(inputs)
    expect_float(flow)
    return Answer(same(flow))


def softmax(arguments: Arguments, inputs: Inputs) -> Answer:
    """Softmax: the same shape, with the dimension checked."""
    flow = one(inputs)
    expect_float(flow)
    if arguments.get("dim") is not None:
        axis(flow, number(arguments, "dim"))
    return Answer(same(flow))


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
    return Answer({"output": Flow((*flow.shape[:first], *middle, *flow.shape[last + 1 :]), flow.dtype)})


RULES: Mapping[str, Rule] = {
    "Linear": linear,
    "BatchNorm1d": batch_norm(2, 3),
    "BatchNorm2d": batch_norm(4),
    "LayerNorm": layer_norm,
    "Embedding": embedding,
    **dict.fromkeys(("Dropout", "ReLU", "GELU", "Sigmoid", "Tanh", "LeakyReLU"), elementwise),
    "Softmax": softmax,
    "Flatten": flatten,
}
