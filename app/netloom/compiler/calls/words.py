"""Pieces of expressions that many operations are written with."""

from collections.abc import Callable, Mapping, Sequence

from netloom.compiler.calls.text import Expression, Incoming, is_hole, literal
from netloom.graph.model import Value

Wording = Callable[[Mapping[str, Value]], str]
"""One argument of a call as text; nothing where it need not be said."""


def is_nothing(value: Value) -> bool:
    """Whether no value is set; one that differs between the uses of a class is an empty text then."""
    return value is None or (is_hole(value) and value == "")


def flowing(incoming: Incoming) -> list[str]:
    """All that flows in, in the order of the ports; `self` is the module of a node and flows nowhere."""
    return [name for port, names in incoming.items() if port != "self" for name in names]


def source(incoming: Incoming) -> str:
    """What flows in at the first port that is wired."""
    return flowing(incoming)[0]


def spread(value: Value) -> str:
    """A list as arguments of their own."""
    if isinstance(value, list) and not is_hole(value):
        return ", ".join(map(literal, value))
    return f"*{literal(value)}"


def single(value: Value) -> str:
    """A list of one as its only entry, another as a tuple."""
    if isinstance(value, list) and not is_hole(value) and len(value) == 1:
        return literal(value[0])
    return literal(value)


def alike(value: Value) -> str:
    """A list of the same number everywhere as that number, another as a tuple."""
    same = isinstance(value, list) and not is_hole(value) and len(set(map(str, value))) == 1
    return literal(value[0]) if isinstance(value, list) and same else literal(value)


def said(name: str, *, by_name: bool = False, unless: object = ..., write: Callable[[Value], str] = literal) -> Wording:
    """An argument, left out where its value is `unless`, which is what the call takes without it."""

    def wording(arguments: Mapping[str, Value]) -> str:
        value = arguments[name]
        if is_nothing(value) if unless is None else value == unless and not is_hole(value):
            return ""
        return f"{name}={write(value)}" if by_name else write(value)

    return wording


def named(name: str, unless: object = ..., write: Callable[[Value], str] = literal) -> Wording:
    """An argument that is given by its name."""
    return said(name, by_name=True, unless=unless, write=write)


def listed(arguments: Mapping[str, Value], wordings: Sequence[Wording]) -> list[str]:
    """The arguments that are said."""
    return [word for word in (wording(arguments) for wording in wordings) if word]


def method(name: str, *wordings: Wording) -> Expression:
    """A method of what flows in: `x.name(…)`; what flows in at further ports comes first."""

    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        first, *others = flowing(incoming)
        return f"{first}.{name}({', '.join([*others, *listed(arguments, wordings)])})"

    return expression


def call(name: str, *wordings: Wording) -> Expression:
    """A function of all that flows in: `name(x, y, …)`."""

    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        return f"{name}({', '.join([*flowing(incoming), *listed(arguments, wordings)])})"

    return expression
