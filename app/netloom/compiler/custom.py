"""What code of the user's own puts out: it is tried at several sizes, to see how shapes follow what comes in.

Only code that is trusted gets here. The trial itself runs in `trial`, here or in a process of its own.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from netloom.compiler.dims import Dim, letters, symbol
from netloom.compiler.flow import Flow
from netloom.compiler.rules import Answer, Mismatch
from netloom.graph.model import Value
from netloom.layers import custom

Inputs: TypeAlias = Mapping[str, tuple[Flow, ...]]
Asks: TypeAlias = Callable[[str, Mapping[str, Value], Inputs], "Answer | Mismatch | None"]
"""Who knows what custom code puts out; None while that is still being found out."""

Tensors: TypeAlias = list[tuple[list[int], str]]
"""Sizes and dtypes."""

MOST_LETTERS = 3
SMALL, LARGE, CHECK = 4, 6, 5


class Request(msgspec.Struct, frozen=True):
    """A trial: the node's code and settings, and what flows in at each of several sizes."""

    kind: str
    arguments: dict[str, Any]
    samples: list[dict[str, tuple[list[int], str]]]


class Reply(msgspec.Struct, frozen=True):
    """What a trial found: the outputs of each sample, or what went wrong as a sentence about {node}."""

    answers: list[Tensors] = []
    parameters: int = 0
    error: str = ""


def ask(kind: str, arguments: Mapping[str, Value], inputs: Inputs) -> Answer | Mismatch:
    """What this code answers to these shapes, tried at once: imports torch and runs the code."""
    from netloom.compiler.trial import tried

    try:
        return answer(inputs, tried(request(kind, arguments, inputs)), custom.definition(kind, arguments))
    except Mismatch as mismatch:
        return mismatch


def request(kind: str, arguments: Mapping[str, Value], inputs: Inputs) -> Request:
    """The trial that tells how shapes follow these inputs; Mismatch where they have too many free sizes."""
    names = _letters(inputs)
    if len(names) > MOST_LETTERS:
        raise Mismatch(f"{{node}} gets {len(names)} free sizes; {MOST_LETTERS} are the most that code can take.", None)
    sizes = (dict(zip(names, point, strict=True)) for point in _points(len(names)))
    samples = [
        {name: (list(flows[0].with_values(size)), flows[0].dtype) for name, flows in inputs.items() if flows}
        for size in sizes
    ]
    return Request(kind, dict(arguments), samples)


def answer(inputs: Inputs, reply: Reply, definition: custom.Definition) -> Answer:
    """What a trial says of shapes with free sizes; Mismatch where the code failed or sizes follow no plain formula."""
    if reply.error:
        raise Mismatch(reply.error, None)
    names = _letters(inputs)
    first = reply.answers[0]
    if len(first) != len(definition.outputs):
        raise Mismatch(f"{{node}} has {len(definition.outputs)} outputs, its code returns {len(first)}.", None)
    runs = dict(zip(_points(len(names)), reply.answers, strict=True))
    outputs = {
        port.name: Flow(_shape(names, {point: found[index][0] for point, found in runs.items()}), first[index][1])
        for index, port in enumerate(definition.outputs)
    }
    return Answer(outputs, reply.parameters)


def _letters(inputs: Inputs) -> list[str]:
    return sorted(letters(dim for flows in inputs.values() for flow in flows for dim in flow.shape))


def _points(count: int) -> Iterable[tuple[int, ...]]:
    """Where the code is tried: all corners of a cube of sizes, and a point inside that checks the formula."""
    return [*itertools.product((SMALL, LARGE), repeat=count), (CHECK,) * count]


def _shape(names: Sequence[str], shapes: Mapping[tuple[int, ...], Sequence[int]]) -> tuple[Dim, ...]:
    ranks = {len(shape) for shape in shapes.values()}
    if len(ranks) > 1:
        raise Mismatch("What {node} puts out has another number of dimensions for other sizes.", None)
    return tuple(_dim(names, {point: shape[axis] for point, shape in shapes.items()}) for axis in range(ranks.pop()))


def _dim(names: Sequence[str], seen: Mapping[tuple[int, ...], int]) -> Dim:
    """The product formula of the letters that gives all these sizes, found from the corners and checked inside."""
    total: Dim = 0
    for chosen in itertools.chain.from_iterable(
        itertools.combinations(range(len(names)), n) for n in range(len(names) + 1)
    ):
        factor = _factor(len(names), set(chosen), seen)
        term: Dim = factor
        for index in chosen:
            term = term * symbol(names[index])
        total = total + term
    check = (CHECK,) * len(names)
    value = total if isinstance(total, int) else total.value(dict(zip(names, check, strict=True)))
    if value != seen[check]:
        raise Mismatch(f"A size that {{node}} puts out follows {', '.join(names)} in a way that cannot be told.", None)
    return total


def _factor(count: int, chosen: set[int], seen: Mapping[tuple[int, ...], int]) -> int:
    """How often the product of the chosen letters is in a formula that is linear in each letter.

    Lagrange's interpolation on the corners: each corner's value times the chosen coefficient of its base polynomial.
    """
    total = 0
    for corner in itertools.product((SMALL, LARGE), repeat=count):
        signs = [1 if at == LARGE else -1 for at in corner]
        constants = [LARGE if at == SMALL else -SMALL for at in corner]
        total += seen[corner] * math.prod(signs[i] if i in chosen else constants[i] for i in range(count))
    step: int = (LARGE - SMALL) ** count
    if total % step:
        raise Mismatch("A size that {node} puts out does not follow what comes in evenly.", None)
    return total // step
