"""Operations that rearrange values and change none."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import ANY_IN, ANY_OUT, Declaration, module
from netloom.layers.spec import Param


def _one_free(value: Value) -> str | None:
    sizes = cast(list[int], value)
    if 0 in sizes:
        return "sizes of at least 1, or -1 for the one that follows from the rest"
    return "-1 at most once" if sizes.count(-1) > 1 else None


def _each_once(value: Value) -> str | None:
    dims = cast(list[int], value)
    wanted = list(range(len(dims)))
    return None if sorted(dims) == wanted else f"each of {', '.join(map(str, wanted))} once"


KINDS = (
    module(
        "Flatten",
        "shape",
        "Lays all values of a sample in one row, so that a Linear layer can read them.",
        inputs=ANY_IN,
        outputs=ANY_OUT,
        keywords=("ravel", "view", "vector"),
        tuned={
            "start_dim": {"help": "First dimension to lay flat. 0 is the batch."},
            "end_dim": {"help": "Last dimension to lay flat. -1 is the last."},
        },
    ),
    Declaration(
        "Reshape",
        "shape",
        "function",
        "Gives the values of each sample another shape; their order stays.",
        "torch.reshape",
        ANY_IN,
        ANY_OUT,
        keywords=("view", "unflatten", "resize"),
        tuned={
            "shape": {
                "type": "ints",
                "default": [-1],
                "minimum": -1,
                "positional": True,
                "check": _one_free,
                "help": "The new sizes, without the batch. One of them may be -1: it follows from the rest.",
            }
        },
    ),
    Declaration(
        "Permute",
        "shape",
        "function",
        "Reorders the dimensions, such as channels last to channels first.",
        "torch.permute",
        ANY_IN,
        ANY_OUT,
        keywords=("transpose", "swap", "axes", "channels last"),
        tuned={
            "dims": {
                "type": "ints",
                "default": [0, 2, 1],
                "minimum": 0,
                "positional": True,
                "check": _each_once,
                "help": "The dimensions in their new order. 0 is the batch and usually stays first.",
            }
        },
    ),
    Declaration(
        "Cast",
        "shape",
        "function",
        "Turns the values into another type, such as whole numbers into decimal ones.",
        ".to",
        ANY_IN,
        ANY_OUT,
        keywords=("type", "dtype", "convert", "float", "long", "to"),
        own=(
            Param(
                "dtype",
                "choice",
                "float32",
                "The type to put out.",
                ("float32", "float64", "float16", "bfloat16", "int64", "int32", "bool"),
                positional=True,
            ),
        ),
    ),
)
