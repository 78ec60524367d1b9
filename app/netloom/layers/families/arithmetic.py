"""Calculations with tensors and numbers."""

from netloom.graph.model import Value
from netloom.layers import equation
from netloom.layers.declare import ANY_IN, ANY_OUT, Declaration
from netloom.layers.spec import Param, Port
from netloom.layers.values import LARGEST_INT


def holdable(value: Value) -> str | None:
    """What a number expects that tensors of whole numbers take as well."""
    fits = not isinstance(value, int) or abs(value) <= LARGEST_INT
    return None if fits else f"a whole number of at most {LARGEST_INT}, or a decimal number"


MANY = (Port("inputs", "any", many=True),)
OTHER = Port("other", "any", optional=True, help="The second tensor. Set value instead to calculate with a number.")
PAIR = (Port("input", "any"), OTHER)
TWO = (Port("input", "any"), Port("other", "any"))
NUMBER = Param("value", "float", None, "A number in place of other.", optional=True, check=holdable)
REVERSE = Param("reverse", "bool", False, "Calculate the other way round: 1 - x in place of x - 1.")


def _joining(kind: str, summary: str, sign: str, text: str, *keywords: str) -> Declaration:
    number = Param("value", "float", None, text, optional=True, check=holdable)
    return Declaration(kind, "arithmetic", "function", summary, sign, MANY, ANY_OUT, keywords=keywords, own=(number,))


def _operator(kind: str, summary: str, sign: str, *keywords: str) -> Declaration:
    return Declaration(
        kind, "arithmetic", "function", summary, sign, PAIR, ANY_OUT, keywords=keywords, own=(NUMBER, REVERSE)
    )


def _function(kind: str, summary: str, target: str, *keywords: str) -> Declaration:
    return Declaration(kind, "arithmetic", "function", summary, target, ANY_IN, ANY_OUT, keywords=keywords)


def _larger(kind: str, summary: str, target: str, *keywords: str) -> Declaration:
    return Declaration(kind, "arithmetic", "function", summary, target, TWO, ANY_OUT, keywords=keywords)


def _equation(value: Value) -> str | None:
    return equation.fault(str(value))


KINDS = (
    _joining(
        "Add",
        "Adds tensors value by value. A skip connection ends here.",
        "+",
        "A number that is added as well.",
        *("sum", "plus", "residual", "skip connection"),
    ),
    _joining(
        "Multiply",
        "Multiplies tensors value by value. A gate is made of this.",
        "*",
        "A number that everything is multiplied by.",
        *("product", "times", "gate", "scale"),
    ),
    _operator("Subtract", "Subtracts one tensor from another, or a number.", "-", "minus", "difference"),
    _operator("Divide", "Divides one tensor by another, or by a number.", "/", "quotient", "ratio"),
    _operator("FloorDivide", "Divides and rounds down.", "//", "quotient", "whole"),
    _operator("Remainder", "What is left of a division.", "%", "modulo", "rest"),
    _operator("Power", "Raises to a power, such as 2 for squares.", "**", "exponent", "pow"),
    _larger("Maximum", "The larger of two values, place by place.", "maximum", "larger"),
    _larger("Minimum", "The smaller of two values, place by place.", "minimum", "smaller"),
    Declaration(
        "Clamp",
        "arithmetic",
        "function",
        "Lifts and cuts values so that they lie between two limits.",
        ".clamp",
        ANY_IN,
        ANY_OUT,
        keywords=("clip", "limit", "bound"),
        own=(
            Param("min", "float", None, "The lowest value. Empty: no limit.", optional=True, start=0.0, check=holdable),
            Param(
                "max", "float", None, "The highest value. Empty: no limit.", optional=True, start=1.0, check=holdable
            ),
        ),
    ),
    _function("Negative", "Turns every sign around.", "-", "minus", "neg"),
    _function(
        "Absolute", "The size of every value without its sign; of complex numbers their magnitude.", ".abs", "abs"
    ),
    _function("Sign", "-1, 0 or 1 for values below, at and above 0.", ".sign"),
    _function("Square", "Every value times itself.", ".square", "power"),
    _function("Sqrt", "The square root of every value.", ".sqrt", "root"),
    _function("Rsqrt", "One divided by the square root of every value.", ".rsqrt", "root", "inverse"),
    _function("Reciprocal", "One divided by every value.", ".reciprocal", "inverse"),
    _function("Exp", "The exponential function of every value.", ".exp", "exponential"),
    _function("Expm1", "The exponential function minus 1, exact near 0.", ".expm1", "exponential"),
    _function("Log", "The natural logarithm of every value.", ".log", "logarithm"),
    _function("Log1p", "The logarithm of 1 plus every value, exact near 0.", ".log1p", "logarithm"),
    _function("Sin", "The sine of every value.", ".sin", "sine", "wave"),
    _function("Cos", "The cosine of every value.", ".cos", "cosine", "wave"),
    _function("Tan", "The tangent of every value.", ".tan", "tangent"),
    _function("Erf", "The error function of every value.", ".erf", "gaussian"),
    _function("Floor", "Rounds every value down.", ".floor", "whole"),
    _function("Ceil", "Rounds every value up.", ".ceil", "whole"),
    _function("Round", "Rounds every value to the nearest whole number.", ".round", "whole"),
    Declaration(
        "MatMul",
        "arithmetic",
        "function",
        "Multiplies matrices, or vectors with matrices, for each sample.",
        "@",
        TWO,
        ANY_OUT,
        keywords=("matrix product", "bmm", "dot product", "matmul"),
    ),
    Declaration(
        "Einsum",
        "arithmetic",
        "function",
        "Sums products of tensors by an equation over their dimensions.",
        "einsum",
        MANY,
        ANY_OUT,
        keywords=("einstein", "contraction", "equation"),
        own=(
            Param(
                "equation",
                "text",
                "bij,bjk->bik",
                "A letter for each dimension of each tensor, and those that stay after ->.",
                positional=True,
                check=_equation,
            ),
        ),
    ),
)
