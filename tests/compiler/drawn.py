"""Random settings of a kind and random shapes for it: mostly what works, often at the edge, sometimes nonsense."""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from netloom.layers.catalogue import SPECS
from netloom.layers.spec import LayerSpec, Param
from netloom.layers.values import expected

BATCH = 7
SIZES = (1, 2, 3, 4, 4, 6, 8, 9, 12)
WIDTHS = (1, 1, 2, 2, 3, 5)


def rank_of(kind: str) -> int:
    """The usual number of dimensions, batch and channels included; 0 where there is none."""
    return int(kind[-2]) + 2 if kind[-2:] in ("1d", "2d", "3d") else 0


def settings(random: Random, found: LayerSpec) -> dict[str, Any]:
    """Parameters that a person could have set, each of a value that suits it."""
    params = {}
    for param in found.params:
        if random.random() < (0.93 if param.derived else 0.55) and (param.derived or param.default is not None):
            continue
        value = _value(random, param)
        if expected(param, value) is None:
            params[param.name] = value
    return params


def _value(random: Random, param: Param) -> Any:
    if param.optional and random.random() < 0.4:
        return None
    if param.choices and (param.type == "choice" or random.random() < 0.3):
        return random.choice(param.choices)
    low = -3 if param.minimum is None else int(param.minimum)
    count = param.dims or random.randint(1, 3)
    whole = [max(low, low - 1 + random.choice(WIDTHS)) for _ in range(count)]
    decimal = [random.choice((0.25, 0.5, 0.7, 2.0)) for _ in range(count)]
    return {
        "bool": random.random() < 0.5,
        "int": whole[0],
        "size": whole if random.random() < 0.5 else whole[0],
        "ints": whole,
        "float": random.choice((0, decimal[0], random.uniform(-1, 1))),
        "floats": decimal,
    }[param.type]


def absurd(random: Random, found: LayerSpec) -> dict[str, Any]:
    """Parameters at the ends of what suits them."""
    params = {}
    for param in found.params:
        numbers = (0, 1, -1, 2**31 - 1, 1 - 2**31, 1e308, -1e308, 5e-324, 0.1)
        value = random.choice((*numbers, True, False, None, *param.choices))
        value = [random.choice(numbers)] * (param.dims or 2) if param.type in ("ints", "floats") else value
        if expected(param, value) is None:
            params[param.name] = value
    return params


def shapes(random: Random, kind: str, params: Mapping[str, Any]) -> list[list[int]]:
    """A shape for each input, the batch first."""
    usual = rank_of(kind)
    rank = random.choice([usual] * 6 + [usual - 1, usual + 1] if usual else [2, 3, 4, 4, 5])
    first = [BATCH, *(random.choice(SIZES) for _ in range(rank - 1))]
    if rank > 1 and random.random() < 0.05:
        first[random.randrange(1, rank)] = 0
    if kind == "Fold" and random.random() < 0.8:
        first = _folded(random, params)
    others = (_near(random, kind, first) for _ in SPECS[kind].inputs_for(params)[1:])
    return [first, *others]


def _near(random: Random, kind: str, first: Sequence[int]) -> list[int]:
    """A second shape that mostly goes with the first."""
    if kind == "Bilinear":
        return [*first[:-1], random.randint(1, 4)]
    if kind.startswith("MaxUnpool") or random.random() < 0.5:
        return [*first]
    return [BATCH, *(random.choice((size, size, 1)) for size in first[1:])]


def _folded(random: Random, params: Mapping[str, Any]) -> list[int]:
    """Patches as many as the image of these settings has."""

    def pair(name: str) -> list[int]:
        param = SPECS["Fold"].param(name)
        value = params.get(name, param.default if param else 1)
        return value if isinstance(value, list) else [value, value]

    names = ("output_size", "kernel_size", "dilation", "padding", "stride")
    each = zip(*map(pair, names), strict=True)
    places = math.prod(max(0, (size + 2 * p - d * (k - 1) - 1) // s + 1) for size, k, d, p, s in each)
    return [BATCH, random.randint(1, 3) * math.prod(pair("kernel_size")), max(1, places)]
