"""Rules of operations against torch itself on random inputs: they refuse what it refuses, and tell what it gives."""

import random
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pytest
import torch
from torch import Tensor

from netloom.compiler.calls import EXPRESSIONS
from netloom.compiler.flow import Flow
from netloom.compiler.rules import RULES, Mismatch
from netloom.layers import values
from netloom.layers.catalogue import SPECS
from netloom.layers.spec import Param

Draw: TypeAlias = random.Random
TRIES = 150
DTYPES = ("bool", "int32", "int64", "float32", "float32", "float32", "float64", "bfloat16", "complex64")
FAMILIES = {"shape", "arithmetic", "attention"}
KINDS = sorted(
    kind
    for kind, spec in SPECS.items()
    if spec.category in FAMILIES and spec.role == "function" and kind in EXPRESSIONS and kind in RULES
)
EQUATIONS = ("bij,bjk->bik", "ij,jk", "b...i->...b", "ii->i", "i,i->", "...i,...i->...", "bij->b", "...,...", "ab,b")
PLACES = {"index", "indices"}
SMALL = {"repeats": 3, "chunks": 4, "k": 4, "num_classes": 9, "n": 9, "n_fft": 9, "hop_length": 4, "win_length": 10}


def whole(draw: Draw, low: int = -4, high: int = 4) -> int:
    return draw.randint(low, high)


def value_for(draw: Draw, param: Param) -> Any:
    """A value that suits the parameter, near what makes sense for small tensors."""
    if param.optional and draw.random() < 0.4:
        return None
    if param.name == "equation":
        return draw.choice(EQUATIONS)
    low = int(param.minimum) if param.minimum is not None else -4
    if param.type == "int":
        return whole(draw, low, SMALL.get(param.name, 4))
    if param.type == "float":
        return (
            draw.choice([0.5, 1, 2, 2.0, -1, -0.5, 0, 70000, 1e39])
            if param.minimum is None
            else draw.choice([0.5, 1.0, 2.0])
        )
    if param.type == "bool":
        return draw.random() < 0.4
    if param.type == "choice":
        return draw.choice(param.choices)
    length = draw.randint(1, 4)
    if param.name == "dims" and draw.random() < 0.5:
        return draw.sample(range(length), length)
    return [whole(draw, low, 5) for _ in range(length)]


def arguments_for(draw: Draw, params: Sequence[Param]) -> dict[str, Any]:
    drawn = {param.name: value_for(draw, param) if draw.random() < 0.8 else param.default for param in params}
    return {
        param.name: drawn[param.name] if values.expected(param, drawn[param.name]) is None else param.default
        for param in params
    }


def shapes_for(draw: Draw, count: int) -> list[tuple[int, ...]]:
    """Shapes that often go together: alike, with ones, turned, or with fewer dimensions."""
    base = tuple(draw.choice([1, 2, 3, 4, 6, 12]) for _ in range(draw.choice([0, 1, 2, 2, 3, 3, 4, 5])))
    return [base, *(changed(draw, base) for _ in range(count - 1))]


def changed(draw: Draw, base: tuple[int, ...]) -> tuple[int, ...]:
    way = draw.random()
    if way < 0.4:
        return base
    if way < 0.6:
        return tuple(draw.choice([size, size, 1]) for size in base)
    if way < 0.75:
        return base[draw.randint(0, len(base)) :]
    if way < 0.9:
        return (*base[:-2], *base[:-3:-1])
    return tuple(draw.choice([size, size, 5]) for size in base)


def tensor(shape: tuple[int, ...], dtype: str, *, zero: bool) -> Tensor:
    """Values that every operation can work with: places and classes that exist, chances from 0 to 1."""
    return (torch.zeros(shape) if zero else torch.ones(shape)).to(getattr(torch, dtype))


def dtype_for(draw: Draw, name: str, usual: str) -> str:
    if name in PLACES and draw.random() < 0.8:
        return "int64"
    if name in ("mask", "condition", "attn_mask") and draw.random() < 0.7:
        return "bool"
    return usual if draw.random() < 0.8 else draw.choice(DTYPES)


Given: TypeAlias = Mapping[str, Sequence[Tensor]]


def inputs_for(draw: Draw, kind: str, params: Mapping[str, Any]) -> Given:
    names = []
    for port in SPECS[kind].inputs_for(params):
        if port.many:
            names += [port.name] * draw.randint(1, 3)
        elif not port.optional or draw.random() < 0.5:
            names.append(port.name)
    usual = draw.choice(DTYPES)
    given: dict[str, list[Tensor]] = {}
    for name, shape in zip(names, shapes_for(draw, len(names)), strict=True):
        zero = name in PLACES or kind == "OneHot"
        given.setdefault(name, []).append(tensor(shape, dtype_for(draw, name, usual), zero=zero))
    return given


def answered(kind: str, arguments: Mapping[str, Any], given: Given) -> list[Flow] | str:
    """What the rule says: flows, or why not."""
    flows = {
        name: tuple(Flow(tuple(each.shape), str(each.dtype).removeprefix("torch.")) for each in found)
        for name, found in given.items()
    }
    try:
        return list(RULES[kind](arguments, flows).outputs.values())
    except Mismatch as mismatch:
        return mismatch.text


def executed(kind: str, arguments: Mapping[str, Any], given: Given) -> list[Flow] | str:
    """What torch answers to the text that is written for it: flows, or its message."""
    named = {f"{port}{i}": each for port, found in given.items() for i, each in enumerate(found)}
    incoming = {port: [f"{port}{i}" for i in range(len(found))] for port, found in given.items()}
    try:
        text = EXPRESSIONS[kind](arguments, incoming)
        found = eval(text, {"torch": torch, "nn": torch.nn, "self": torch.nn.Identity()}, named)
    except (RuntimeError, IndexError, ValueError, TypeError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    if isinstance(found, bool):
        return "No tensor: something is not wired."
    several = [found] if isinstance(found, Tensor) else list(found)
    return [Flow(tuple(each.shape), str(each.dtype).removeprefix("torch.")) for each in several]


def is_stricter_on_purpose(kind: str, arguments: Mapping[str, Any], given: Given, done: list[Flow]) -> bool:
    """Where a rule refuses what torch lets pass, because it would be a mistake or the answer could not be relied on."""
    tensors = [each for found in given.values() for each in found]
    mixed = len({each.dtype for each in tensors}) > 1
    return (
        any(0 in flow.shape for flow in done)
        or any(not each.shape for each in tensors)
        or (kind in ("Einsum", "MatMul") and (mixed or tensors[0].dtype in (torch.int32, torch.bool)))
        or (kind in ("FFT", "STFT", "RFFT") and any(each.dtype == torch.bfloat16 for each in tensors))
        or (kind == "ScaledDotProductAttention" and "attn_mask" in given and arguments["is_causal"])
        or (kind == "Chunk" and len(done) != arguments["chunks"])
        or (kind == "STFT" and tensors[0].is_complex())
        or ("value" in arguments and arguments["value"] is not None and "other" in given)
        or (kind == "SelectEach" and given["index"][0].shape != given["input"][0].shape[:1])
        or (kind == "Multiply" and tensors[0].dtype == torch.bool)
        or (kind == "Reshape" and done[0].shape[0] != tensors[0].shape[0])
        or (kind in ("RandomNormal", "RandomUniform") and tensors[0].is_complex())
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_refuses_what_torch_refuses_and_tells_what_it_gives(kind: str) -> None:
    draw = random.Random(zlib.crc32(kind.encode()))
    fitting = 0
    for _ in range(TRIES):
        arguments = arguments_for(draw, SPECS[kind].params)
        given = inputs_for(draw, kind, arguments)
        said, done = answered(kind, arguments, given), executed(kind, arguments, given)
        shapes = {name: [(str(each.dtype), tuple(each.shape)) for each in found] for name, found in given.items()}
        if isinstance(said, str) and not isinstance(done, str) and is_stricter_on_purpose(kind, arguments, given, done):
            continue
        assert isinstance(said, str) == isinstance(done, str), (arguments, shapes, said, done)
        if not isinstance(said, str):
            assert said == done, (arguments, shapes)
            fitting += 1
    assert fitting
