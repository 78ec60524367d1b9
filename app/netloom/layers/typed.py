"""What a person types as the value of a parameter, in a field or on the command line."""

import math
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from netloom.errors import GraphError
from netloom.graph.model import Value
from netloom.layers.spec import Param, ParamType

Reader: TypeAlias = Callable[[Param, str], Value]

NONE = "none"
BETWEEN = re.compile(r"\s*[×xX*,;\s]\s*")
WANTED: Mapping[ParamType, str] = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "shape": "sizes such as 1 × 28 × 28, where a letter stays free",
    "ints": "whole numbers such as 0, 2, 1",
    "floats": "numbers such as 0.9, 0.999",
}


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
