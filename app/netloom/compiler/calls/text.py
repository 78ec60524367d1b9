"""Parameters as Python: literals, and the call that makes a module."""

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


class _Text(Hole, str):
    """A text; where there is no value it is empty."""


class _Several(Hole, list[Any]):
    """A list."""


_HOLES: Mapping[type, Callable[[Any], Any]] = {bool: _Whole, int: _Whole, float: _Decimal, str: _Text, list: _Several}


def hole(value: Value, text: str) -> Value:
    """A value that is written as this text instead of its literal."""
    found = _Text("") if value is None else _HOLES[type(value)](value)
    found.text = text
    return cast(Value, found)


def literal(value: Value) -> str:
    """A parameter's value as Python; only plain values get this far, so nothing in the text can run."""
    if isinstance(value, Hole):
        return value.text
    if isinstance(value, list):
        return tuple_of([literal(item) for item in value])
    if value is None or type(value) in (bool, int, float):
        return repr(value)
    if isinstance(value, str):
        return '"' + value.encode("unicode_escape").decode("ascii").replace('"', '\\"') + '"'
    raise BuildError(f"{type(value).__name__} is not a value that a parameter can have.")


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
        value = plain(param, arguments[param.name])
        by_position &= param.positional
        if by_position:
            words.append(literal(value))
        elif param.required or isinstance(value, Hole) or value != param.default:
            words.append(f"{param.name}={literal(value)}")
    return words


def plain(param: Param, value: Value) -> Value:
    """A size with the same number everywhere as that one number."""
    if param.type == "size" and isinstance(value, list) and not isinstance(value, Hole) and len(set(value)) == 1:
        return cast(int, value[0])
    return value
