"""Parameters as Python: literals, and the call that makes a module."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from netloom.errors import BuildError
from netloom.graph.model import Value
from netloom.layers.spec import LayerSpec, Param

Incoming: TypeAlias = Mapping[str, Sequence[str]]
"""The names of what flows in by port, in the order of the ports."""

Expression: TypeAlias = Callable[[Mapping[str, Value], Incoming], str]
"""What a function node is in `forward`, from its arguments and what flows in."""

Constructor: TypeAlias = Callable[[Mapping[str, Value]], str]
"""How a module is made, from its arguments."""


class Hole:
    """A value that is another in each use of a class: it computes as what it is in one, and is written as `text`."""

    text: str


class _Whole(Hole, int):
    """A number, or yes and no."""


class _Decimal(Hole, float):
    """A decimal number."""


class _Text(Hole, str):  # noqa: SLOT000 - it has an attribute
    """A text; where there is no value it is empty."""


class _Several(Hole, list[Any]):
    """A list."""


_HOLES: Mapping[type, Callable[[Any], Any]] = {bool: _Whole, int: _Whole, float: _Decimal, str: _Text, list: _Several}


def hole(value: Value, text: str) -> Value:
    """A value that is written as this text instead of its literal."""
    found = _Text("") if value is None else _HOLES[type(value)](value)
    found.text = text
    return cast(Value, found)


def is_hole(value: object) -> bool:
    """Whether a value is written as a name."""
    return isinstance(value, Hole)


def literal(value: Value) -> str:
    """A parameter's value as Python; only plain values get this far, so nothing in the text can run."""
    if is_hole(value):
        return cast(Hole, value).text
    if isinstance(value, list):
        return tuple_of([literal(item) for item in value])
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if value is None or type(value) in (bool, int, float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value.encode("unicode_escape").decode("ascii"))
    raise BuildError(f"{type(value).__name__} is not a value that a parameter can have.")


def _quoted(text: str) -> str:
    """In double quotes, unless single ones need fewer signs before quotes within."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + text.replace(quote, "\\" + quote) + quote


def all_inputs(incoming: Incoming) -> str:
    """Everything that flows in, in the order of the ports."""
    return ", ".join(name for names in incoming.values() for name in names)


def tuple_of(words: Sequence[str]) -> str:
    """Expressions as a tuple."""
    return f"({', '.join(words)}{',' if len(words) == 1 else ''})"


def target_name(target: str) -> str:
    """torch.nn.Conv2d as nn.Conv2d."""
    return target.replace("torch.nn.", "nn.", 1) if target.startswith("torch.nn.") else target


def constructor(spec: LayerSpec, arguments: Mapping[str, Value]) -> str:
    """The call that makes a module: what is always said by position, what differs from its default by name."""
    return f"{target_name(spec.target)}({', '.join(_written(spec, arguments))})"


def _written(spec: LayerSpec, arguments: Mapping[str, Value]) -> list[str]:
    words: list[str] = []
    by_position = True
    for param in spec.params:
        if param.call:
            continue
        value = plain(param, arguments[param.name])
        by_position &= param.positional
        if by_position:
            words.append(literal(value))
        elif param.required or is_hole(value) or value != param.default:
            words.append(f"{param.name}={_tensor(value) if param.tensor else literal(value)}")
    return words


def _tensor(value: Value) -> str:
    """Numbers as a tensor of decimal ones."""
    if is_hole(value) or not isinstance(value, list):
        return literal(value)
    return f"torch.tensor([{', '.join(literal(float(each)) for each in value)}])"


def plain(param: Param, value: Value) -> Value:
    """A size with the same number everywhere as that one number."""
    if param.type == "size" and isinstance(value, list) and not is_hole(value) and len(set(value)) == 1:
        return cast(int, value[0])
    return value
