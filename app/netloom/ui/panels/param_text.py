"""Parameter values as the words in a field, and what arrow keys make of them."""

import math
import re
from decimal import Decimal

from netloom.graph import Value
from netloom.layers.spec import Param, ParamType
from netloom.layers.typed import NONE

EXPONENT = re.compile(r"e([+-])0*(\d)")
STEPPED: frozenset[ParamType] = frozenset({"int", "float", "size"})


def shown(param: Param, value: Value) -> str:
    """The text of a value: a size is written for each dimension, None as a word."""
    if value is None:
        return NONE if param.optional else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _float_shown(value)
    if param.type == "size" and isinstance(value, int):
        return " × ".join([str(value)] * max(param.dims, 1))
    if isinstance(value, list):
        return (" × " if param.type in ("size", "shape") else ", ").join(_item_shown(item) for item in value)
    return str(value)


def _item_shown(item: Value) -> str:
    return NONE if item is None else _float_shown(item) if isinstance(item, float) else str(item)


def _float_shown(value: float) -> str:
    return EXPONENT.sub(r"e\1\2", repr(value)).replace("e+", "e").removesuffix(".0")


def stepped(param: Param, value: Value, steps: int) -> Value:
    """The value after so many presses of an arrow key; a value that has no next one is given back."""
    if isinstance(value, bool) or param.type not in STEPPED:
        return value
    if isinstance(value, list) and all(isinstance(item, int) for item in value):
        return [_bounded(param, item + steps) for item in value]
    if isinstance(value, int) and param.type != "float":
        return _bounded(param, value + steps)
    if isinstance(value, int | float):
        return _bounded(param, _float_stepped(value, steps))
    return value


def _float_stepped(value: float, steps: int) -> float:
    """One in the first digit, so that a rate of 0.001 goes to 0.002, and down to 0.0009."""
    number = Decimal(repr(float(value)))
    for _ in range(abs(steps)):
        number += _digit(number, away=(steps > 0) == (number >= 0)) * (1 if steps > 0 else -1)
    return float(number)


def _digit(number: Decimal, *, away: bool) -> Decimal:
    if not number:
        return Decimal("0.1")
    place = number.adjusted()
    is_power = abs(number) == Decimal(1).scaleb(place)
    return Decimal(1).scaleb(place - 1 if is_power and not away else place)


def _bounded(param: Param, value: float) -> int | float:
    low = -math.inf if param.minimum is None else param.minimum
    high = math.inf if param.maximum is None else param.maximum
    bounded = min(max(value, low), high)
    return bounded if param.type == "float" else int(bounded)
