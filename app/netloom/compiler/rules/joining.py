"""Operations that bring several flows together, and those that take one apart."""

from collections.abc import Mapping, Sequence
from typing import cast

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.broadcasting import projections, stretched_all
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import promotion, refused
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    number,
    one,
    written,
)

MOST_JOINED = 256


def broadcast(arguments: Arguments, inputs: Inputs) -> Answer:
    """Add, Multiply: shapes are aligned at their ends; a 1 stretches. A number may join in."""
    flows = inputs["inputs"]
    _expect_few(flows)
    shape = stretched_all(flows, "inputs", projections(flows))
    result = flows[0]
    for flow in flows[1:]:
        rank = max(len(result.shape), len(flow.shape))
        result = Flow((1,) * rank, promotion([result, flow]))
    given = cast(float | None, arguments.get("value"))
    if given is not None and given < 0 and result.dtype == "bool":
        raise refused(result, "inputs")
    return Answer({"output": Flow(shape, promotion([result], [] if given is None else [given]))})


def _expect_few(flows: Sequence[Flow]) -> None:
    if len(flows) > MOST_JOINED:
        raise Mismatch(
            f"{{node}} joins {MOST_JOINED} wires at most, gets {len(flows)}. Join some of them before.", "inputs"
        )


def concatenate(arguments: Arguments, inputs: Inputs) -> Answer:
    """Concatenate: all dimensions but one must agree."""
    flows = inputs["inputs"]
    _expect_few(flows)
    first = flows[0]
    dim = axis(first, number(arguments, "dim"))
    total = first.shape[dim]
    for flow in flows[1:]:
        if len(flow.shape) != len(first.shape) or any(
            a != b for i, (a, b) in enumerate(zip(first.shape, flow.shape, strict=True)) if i != dim
        ):
            text = f"{{node}} joins along dimension {dim}; the others must agree, but {first} and {flow} do not."
            raise Mismatch(text, "inputs", _joinable(flows))
        total = total + flow.shape[dim]
    return Answer({"output": Flow((*first.shape[:dim], total, *first.shape[dim + 1 :]), promotion(flows))})


def _joinable(flows: Sequence[Flow]) -> list[SetParam]:
    """Another dimension along which these could be joined."""
    rank = len(flows[0].shape)
    if any(len(flow.shape) != rank for flow in flows):
        return []
    differing = [dim for dim in range(rank) if len({flow.shape[dim] for flow in flows}) > 1]
    return [SetParam(f"Join along dimension {differing[0]}", {"dim": differing[0]})] if len(differing) == 1 else []


def stack(arguments: Arguments, inputs: Inputs) -> Answer:
    """Stack: tensors of one shape along a new dimension."""
    flows = inputs["inputs"]
    _expect_few(flows)
    first = flows[0]
    dim = new_axis(first, number(arguments, "dim"))
    for flow in flows[1:]:
        if flow.shape != first.shape:
            raise Mismatch(f"{{node}} takes tensors of one shape, gets {first} and {flow}.", "inputs")
    return Answer({"output": Flow((*first.shape[:dim], len(flows), *first.shape[dim:]), promotion(flows))})


def new_axis(flow: Flow, dim: int) -> int:
    """The place of a new dimension counted from the front; Mismatch where there is no such place."""
    rank = len(flow.shape)
    if not -rank - 1 <= dim <= rank:
        raise Mismatch(
            f"dim of {{node}} is {dim}, but {flow} has places for a new dimension from 0 to {rank} only.",
            remedies=[SetParam("Use -1", {"dim": -1})],
        )
    return dim % (rank + 1)


def split(arguments: Arguments, inputs: Inputs) -> Answer:
    """Split: parts of the sizes that are named."""
    flow = one(inputs)
    dim = axis(flow, number(arguments, "dim"))
    parts = cast(list[int], arguments["sizes"])
    size = flow.shape[dim]
    if size != sum(parts):
        raise Mismatch(
            f"{{node}} splits {written(parts).replace('×', ' + ')}, together {sum(parts)}, "
            f"but dimension {dim} of {flow} has {size}.",
            remedies=_fitting(parts, size),
        )
    return _parts(flow, dim, parts)


def _fitting(parts: Sequence[int], size: Dim) -> list[SetParam]:
    rest = size - sum(parts[:-1]) if is_fixed(size) else 0
    if not is_fixed(rest) or rest < 1:
        return []
    values = [*parts[:-1], rest]
    return [SetParam(f"Use {', '.join(map(str, values))}", {"sizes": list(values)})]


def chunk(arguments: Arguments, inputs: Inputs) -> Answer:
    """Chunk: so many parts of one size, the last may be smaller."""
    flow = one(inputs)
    dim, count = axis(flow, number(arguments, "dim")), number(arguments, "chunks")
    size = flow.shape[dim]
    if not is_fixed(size):
        part = size // count
        if part * count != size:
            raise Mismatch(f"{{node}} cannot know that dimension {dim} of {flow}, {size}, has {count} parts.")
        return _parts(flow, dim, [part] * count)
    step = -(-size // count)
    sizes = [min(step, size - start) for start in range(0, size, step)]
    if len(sizes) != count:
        raise Mismatch(
            f"{{node}} asks for {count} chunks, but {size} gives only {len(sizes)} of up to {step}.",
            remedies=[SetParam(f"Use {len(sizes)} chunks", {"chunks": len(sizes)})],
        )
    return _parts(flow, dim, sizes)


def _parts(flow: Flow, dim: int, sizes: Sequence[Dim]) -> Answer:
    shapes = ((*flow.shape[:dim], size, *flow.shape[dim + 1 :]) for size in sizes)
    return Answer({f"part{place}": Flow(shape, flow.dtype) for place, shape in enumerate(shapes, 1)}, kept=0)


RULES: Mapping[str, Rule] = {
    "Add": broadcast,
    "Multiply": broadcast,
    "Concatenate": concatenate,
    "Stack": stack,
    "Split": split,
    "Chunk": chunk,
}
