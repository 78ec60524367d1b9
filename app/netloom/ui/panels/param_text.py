"""Parameter values as the words in a field, and back. Text that is no value is answered with one sentence."""

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from netloom.errors import GraphError
from netloom.graph import Value
from netloom.layers.spec import Param, ParamType

Reader: TypeAlias = Callable[[Param, str], Value]

NONE = "none"
BETWEEN = re.compile(r"\s*[×xX*,;\s]\s*")
EXPONENT = re.compile(r"e([+-])0*(\d)")
STEPPED: frozenset[ParamType] = frozenset({"int", "float", "size"})
WANTED: Mapping[ParamType, str] = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "shape": "sizes such as 1 × 28 × 28, where a letter stays free",
    "ints": "whole numbers such as 0, 2, 1",
    "floats": "numbers such as 0.9, 0.999",
}


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


def parsed(param: Param, text: str) -> Value:
    """The value of a text; GraphError says in one sentence what was expected and what came."""
    if param.type == "code":
        return text
    text = text.strip()
    if param.optional and text.lower() in (NONE, ""):
        return None
    if text in param.choices:
        return text
    try:
        return READERS[param.type](param, text)
    except (ValueError, OverflowError):
        came = f'"{text}"' if text else "nothing"
        raise GraphError(f"{param.name} takes {_wanted(param)}, this is {came}.") from None


def _wanted(param: Param) -> str:
    words = _size_words(param) if param.type == "size" else WANTED.get(param.type, "text")
    if param.choices:
        choices = ", ".join(param.choices)
        words = choices if param.type == "choice" else f"{words}, or {choices}"
    return f"{words}, or none" if param.optional else words


def _size_words(param: Param) -> str:
    return f"a size such as 3 or {' × '.join(['3'] * param.dims)}" if param.dims > 1 else "a size such as 3"


def _int(_: Param, text: str) -> Value:
    return int(text)


def _float(_: Param, text: str) -> Value:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _bool(_: Param, text: str) -> Value:
    return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _refused(text)


def _refused(text: str) -> Value:
    raise ValueError(text)


def _choice(_: Param, text: str) -> Value:
    return _refused(text)


def _text(_: Param, text: str) -> Value:
    return text


def _parts(text: str) -> list[str]:
    return BETWEEN.split(text.strip().strip("()[]").strip())


def _size(param: Param, text: str) -> Value:
    sizes = [None if part.lower() == NONE else int(part) for part in _parts(text)]
    if len(sizes) == 1 or (param.dims and len(set(sizes)) == 1 and len(sizes) == param.dims):
        return sizes[0]
    if param.dims and len(sizes) != param.dims:
        raise ValueError(text)
    return sizes


def _shape(_: Param, text: str) -> Value:
    return [_dimension(part) for part in _parts(text)]


def _dimension(part: str) -> int | str:
    if part.isidentifier() and part[0].isupper():
        return part
    return int(part)


def _ints(_: Param, text: str) -> Value:
    return [int(part) for part in _parts(text)]


def _nodes(_: Param, text: str) -> Value:
    return [part for part in _parts(text) if part]


def _floats(param: Param, text: str) -> Value:
    return [_float(param, part) for part in _parts(text)]


READERS: Mapping[ParamType, Reader] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "choice": _choice,
    "text": _text,
    "size": _size,
    "shape": _shape,
    "ints": _ints,
    "floats": _floats,
    "nodes": _nodes,
}


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
