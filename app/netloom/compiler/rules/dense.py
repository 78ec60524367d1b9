"""Linear layers, embeddings, normalisations, activations and dropouts."""

import math
from typing import cast

from netloom.compiler.dims import Dim, is_fixed, product
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
    return Answer({"output": result}, parameters, product(result.shape) * features, advice)


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
