"""Operations that combine or sum up tensors."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import ANY_OUT, FLOAT_IN, FLOAT_OUT, Declaration
from netloom.layers.spec import Port

MANY = (Port("inputs", "any", many=True),)


def _different(value: Value) -> str | None:
    dims = cast(list[int], value)
    return None if len(set(dims)) == len(dims) else "each dimension once"


KINDS = (
    Declaration(
        "Add",
        "arithmetic",
        "function",
        "Adds tensors value by value. A skip connection ends here.",
        "+",
        MANY,
        ANY_OUT,
        keywords=("sum", "plus", "residual", "skip connection"),
    ),
    Declaration(
        "Multiply",
        "arithmetic",
        "function",
        "Multiplies tensors value by value. A gate is made of this.",
        "*",
        MANY,
        ANY_OUT,
        keywords=("product", "times", "gate", "scale"),
    ),
    Declaration(
        "Concatenate",
        "arithmetic",
        "function",
        "Joins tensors along one dimension, such as the channels of two branches.",
        "torch.cat",
        MANY,
        ANY_OUT,
        stem="concat",
        keywords=("cat", "join", "merge", "stack", "skip connection", "unet"),
        tuned={
            "dim": {
                "type": "int",
                "default": 1,
                "help": "Dimension along which the tensors are joined. 0 is the batch, 1 the channels or features.",
            }
        },
    ),
    Declaration(
        "Mean",
        "arithmetic",
        "function",
        "Averages over dimensions, such as over all steps of a sequence.",
        "torch.mean",
        FLOAT_IN,
        FLOAT_OUT,
        keywords=("average", "reduce", "global average", "pool"),
        tuned={
            "dim": {
                "type": "ints",
                "default": [-1],
                "positional": True,
                "check": _different,
                "help": "Dimensions to average over. -1 is the last.",
            },
            "keepdim": {"type": "bool", "help": "Keep the averaged dimensions, with size 1."},
        },
    ),
)
