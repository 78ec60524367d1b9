"""How each kind is written in Python: a literal, a constructor call, an expression over what flows in."""

from netloom.compiler.calls.modules import RESULTS, module_call
from netloom.compiler.calls.operations import EXPRESSIONS
from netloom.compiler.calls.text import Expression, Incoming, constructor, literal, target_name, tuple_of

__all__ = [
    "EXPRESSIONS",
    "RESULTS",
    "Expression",
    "Incoming",
    "constructor",
    "literal",
    "module_call",
    "target_name",
    "tuple_of",
]
