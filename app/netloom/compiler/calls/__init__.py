"""How each kind is written in Python: a literal, a constructor call, an expression over what flows in."""

from collections.abc import Mapping

from netloom.compiler.calls import arithmetic, creation, objective, operations
from netloom.compiler.calls.constructors import CONSTRUCTORS
from netloom.compiler.calls.modules import module_call, result
from netloom.compiler.calls.text import (
    Expression,
    Hole,
    Incoming,
    constructor,
    hole,
    is_hole,
    literal,
    plain,
    target_name,
    tuple_of,
)

EXPRESSIONS: Mapping[str, Expression] = {
    **operations.EXPRESSIONS,
    **arithmetic.EXPRESSIONS,
    **creation.EXPRESSIONS,
    **objective.EXPRESSIONS,
}
"""What is written in `forward` for the kinds that are no module."""

__all__ = [
    "CONSTRUCTORS",
    "EXPRESSIONS",
    "Expression",
    "Hole",
    "Incoming",
    "constructor",
    "hole",
    "is_hole",
    "literal",
    "module_call",
    "plain",
    "result",
    "target_name",
    "tuple_of",
]
