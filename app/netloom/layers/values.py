"""Whether a value suits a parameter. Strict: a bool is no int, nothing is converted, only finite numbers pass."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from netloom.layers.spec import Param, ParamType

LARGEST_INT = 2**31 - 1
LONGEST_LIST = 16
MOST_FLOATS = 1000
LONGEST_TEXT = 200
LONGEST_CODE = 20_000
MOST_NODES = 10_000
LONGEST_SHOWN = 60
BATCH = "N"
NUMBERS: frozenset[ParamType] = frozenset({"int", "size", "shape", "ints", "float", "floats"})


def expected(param: Param, value: object) -> str | None:
    """What a parameter expects, in words that follow "expects", where the value does not suit it; else None."""
    if value is None:
        return None if param.optional else _with_empty(param, _description(param))
    if not _suits(param, value):
        return _with_empty(param, _huge(param) if param.type in NUMBERS and _is_huge(value) else _description(param))
    return param.check(value) if param.check else None  # type: ignore[arg-type]  # _suits has proved its type


def received(value: object) -> str:
    """The value as it was received, short enough to read."""
    try:
        text = "nothing" if value is None else repr(value)
    except (ValueError, RecursionError):
        text = f"a {type(value).__name__} too large to write"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _is_huge(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(type(item) is int and abs(item) > LARGEST_INT for item in items)


def _huge(param: Param) -> str:
    """What is expected instead of a whole number that PyTorch cannot hold."""
    if param.type in ("float", "floats"):
        return f"{_description(param)}, with a point or as in 1e10 where it is that large"
    low = -LARGEST_INT if param.minimum is None else param.minimum
    return _description(replace(param, minimum=low, maximum=LARGEST_INT if param.maximum is None else param.maximum))


def _suits(param: Param, value: object) -> bool:
    return SUITS[param.type](param, value)


def _is_int(param: Param, value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST_INT and _in_range(param, value)


def _is_float(param: Param, value: object) -> bool:
    if type(value) is int:
        return abs(value) <= LARGEST_INT and _in_range(param, value)
    return type(value) is float and math.isfinite(value) and _in_range(param, value)


def _in_range(param: Param, value: float) -> bool:
    above = param.minimum is None or value >= param.minimum
    return above and (param.maximum is None or value <= param.maximum)


def _is_bool(_: Param, value: object) -> bool:
    return type(value) is bool


def _is_choice(param: Param, value: object) -> bool:
    return type(value) is str and value in param.choices


def _is_text(_: Param, value: object) -> bool:
    return type(value) is str and len(value) <= LONGEST_TEXT and value.isprintable()


def _is_code(_: Param, value: object) -> bool:
    return type(value) is str and len(value) <= LONGEST_CODE and all(c in "\n\t" or c.isprintable() for c in value)


def _is_nodes(param: Param, value: object) -> bool:
    return type(value) is list and len(value) <= MOST_NODES and all(_is_text(param, key) for key in value)


def _is_size(param: Param, value: object) -> bool:
    return _is_choice(param, value) or _is_int(param, value) or _is_ints(param, value)


def _is_shape(param: Param, value: object) -> bool:
    return (
        type(value) is list
        and len(value) <= LONGEST_LIST
        and all(_is_int(param, dim) or _is_letter(dim) for dim in value)
    )


def _is_letter(value: object) -> bool:
    return type(value) is str and re.fullmatch("[A-Za-z]", value) is not None and value != BATCH


def _is_ints(param: Param, value: object) -> bool:
    return _is_list(param, value, _is_int, LONGEST_LIST)


def _is_floats(param: Param, value: object) -> bool:
    return _is_list(param, value, _is_float, MOST_FLOATS)


def _is_list(param: Param, value: object, suits: Callable[[Param, object], bool], longest: int) -> bool:
    if type(value) is not list or not 0 < len(value) <= longest:
        return False
    return (not param.dims or len(value) == param.dims) and all(suits(param, each) for each in value)


SUITS: Mapping[ParamType, Callable[[Param, object], bool]] = {
    "int": _is_int,
    "float": _is_float,
    "bool": _is_bool,
    "choice": _is_choice,
    "text": _is_text,
    "size": _is_size,
    "shape": _is_shape,
    "ints": _is_ints,
    "floats": _is_floats,
    "code": _is_code,
    "nodes": _is_nodes,
}


def _description(param: Param) -> str:
    words = ", ".join(param.choices)
    length = f"{param.dims} of them" if param.dims else "a list of them"
    number = f"whole number{_range(param)}"
    texts: Mapping[ParamType, str] = {
        "int": f"a {number}",
        "float": f"a number{_range(param)}",
        "bool": "true or false",
        "choice": f"one of {words}",
        "text": f"a line of text of at most {LONGEST_TEXT} characters",
        "size": f"a {number}, or {length}" + (f", or one of {words}" if words else ""),
        "shape": f"a list of sizes, each a {number} or a letter other than {BATCH}",
        "ints": f"a list, each a {number}",
        "floats": f"a list of {param.dims or 'any'} numbers{_range(param)}",
        "code": f"Python of at most {LONGEST_CODE:,} characters",
        "nodes": "a list of ids of nodes",
    }
    return texts[param.type]


def _range(param: Param) -> str:
    if param.minimum is not None and param.maximum is not None:
        return f" from {_number(param.minimum)} to {_number(param.maximum)}"
    if param.minimum is not None:
        return f" of at least {_number(param.minimum)}"
    return "" if param.maximum is None else f" of at most {_number(param.maximum)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else f"{value:g}"


def _with_empty(param: Param, text: str) -> str:
    return f"{text}, or nothing" if param.optional else text
