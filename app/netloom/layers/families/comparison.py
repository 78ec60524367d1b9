"""Questions to values, their combinations, and choices by their answers."""

from netloom.layers.declare import ANY_OUT, Declaration
from netloom.layers.families.arithmetic import NUMBER, OTHER, PAIR, TWO, holdable
from netloom.layers.spec import Param, Port

TRUTH = (Port("output", "boolean"),)


def _comparison(kind: str, summary: str, sign: str, *keywords: str) -> Declaration:
    return Declaration(
        kind, "arithmetic", "function", summary, sign, PAIR, TRUTH, keywords=("compare", *keywords), own=(NUMBER,)
    )


def _logic(kind: str, summary: str, target: str, *keywords: str, inputs: tuple[Port, ...] = TWO) -> Declaration:
    return Declaration(kind, "arithmetic", "function", summary, target, inputs, TRUTH, keywords=keywords)


KINDS = (
    _comparison("Equal", "Asks of each value whether it equals another.", "==", "same"),
    _comparison("NotEqual", "Asks of each value whether it differs from another, such as padding.", "!=", "mask"),
    _comparison("Greater", "Asks of each value whether it is greater than another.", ">", "more", "threshold"),
    _comparison("GreaterEqual", "Asks of each value whether it is at least another.", ">=", "more", "threshold"),
    _comparison("Less", "Asks of each value whether it is less than another.", "<", "smaller", "threshold"),
    _comparison("LessEqual", "Asks of each value whether it is at most another.", "<=", "smaller", "threshold"),
    _logic("LogicalAnd", "Yes where both are yes. Numbers other than 0 count as yes.", "logical_and", "and"),
    _logic("LogicalOr", "Yes where one or both are yes. Numbers other than 0 count as yes.", "logical_or", "or"),
    _logic("LogicalXor", "Yes where exactly one of two is yes.", "logical_xor", "xor", "either"),
    _logic(
        "LogicalNot",
        "Yes where the value is no or 0, else no.",
        "logical_not",
        *("not", "invert"),
        inputs=(Port("input", "any"),),
    ),
    Declaration(
        "Where",
        "arithmetic",
        "function",
        "Takes values from input where a condition holds, and from other elsewhere.",
        "where",
        (Port("condition", "boolean"), Port("input", "any"), OTHER),
        ANY_OUT,
        keywords=("choose", "condition", "if", "mask"),
        own=(NUMBER,),
    ),
    Declaration(
        "MaskedFill",
        "arithmetic",
        "function",
        "Puts one number wherever a mask says yes, such as before the softmax of attention.",
        ".masked_fill",
        (Port("input", "any"), Port("mask", "boolean")),
        ANY_OUT,
        keywords=("mask", "padding", "causal"),
        own=(
            Param(
                "value",
                "float",
                None,
                "The number. Empty: minus infinity, to which a softmax gives no share.",
                optional=True,
                positional=True,
                check=holdable,
            ),
        ),
    ),
)
