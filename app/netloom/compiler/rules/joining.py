"""Operations that bring several flows together."""

from collections.abc import Mapping, Sequence

from netloom.compiler.dims import Dim
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    number,
)

MOST_JOINED = 256


def broadcast(_: Arguments, inputs: Inputs) -> Answer:
    """Add, Multiply: shapes are aligned at their ends; a 1 stretches."""
    flows = inputs["inputs"]
    _expect_few(flows)
    shape: tuple[Dim, ...] = ()
    for flow in flows:
        shape = _stretched(shape, flow.shape, flows)
    dtype = next((flow.dtype for flow in flows if not flow.is_integer), flows[0].dtype)
    return Answer({"output": Flow(shape, dtype)})


def _expect_few(flows: Sequence[Flow]) -> None:
    if len(flows) > MOST_JOINED:
        raise Mismatch(
            f"{{node}} joins {MOST_JOINED} wires at most, gets {len(flows)}. Join some of them before.", "inputs"
        )


def _stretched(a: tuple[Dim, ...], b: tuple[Dim, ...], flows: Sequence[Flow]) -> tuple[Dim, ...]:
    rank = max(len(a), len(b))
    result = []
    for x, y in zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True):
        if x not in (1, y) and y != 1:
            raise Mismatch(f"{{node}} cannot combine {' and '.join(map(str, flows))}: {x} and {y} differ.", "inputs")
        result.append(y if x == 1 else x)
    return tuple(result)


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
            raise Mismatch(
                f"{{node}} joins along dimension {dim}; the others must agree, but {first} and {flow} do not.", "inputs"
            )
        total = total + flow.shape[dim]
    return Answer({"output": Flow((*first.shape[:dim], total, *first.shape[dim + 1 :]), first.dtype)})


RULES: Mapping[str, Rule] = {
    "Add": broadcast,
    "Multiply": broadcast,
    "Concatenate": concatenate,
}
