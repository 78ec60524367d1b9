"""Operations that rearrange values and change none."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import ANY_IN, ANY_OUT, Declaration, module
from netloom.layers.families.arithmetic import holdable
from netloom.layers.spec import Param, Port

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "bool", "complex64")


def _one_free(value: Value) -> str | None:
    return "-1 at most once" if cast(list[int], value).count(-1) > 1 else None


def _each_once(value: Value) -> str | None:
    dims = cast(list[int], value)
    wanted = list(range(len(dims)))
    return None if sorted(dims) == wanted else f"each of {', '.join(map(str, wanted))} once"


def _different(value: Value) -> str | None:
    dims = cast(list[int], value)
    return None if len(set(dims)) == len(dims) else "each dimension once"


def _pairs(value: Value) -> str | None:
    return None if len(cast(list[int], value)) % 2 == 0 else "two sizes for each dimension, before and after"


def _dim(default: int, text: str, name: str = "dim") -> Param:
    return Param(name, "int", default, text, positional=True)


def _operation(
    kind: str,
    summary: str,
    target: str,
    *own: Param,
    keywords: tuple[str, ...] = (),
    inputs: tuple[Port, ...] = ANY_IN,
    outputs: tuple[Port, ...] = ANY_OUT,
) -> Declaration:
    return Declaration(kind, "shape", "function", summary, target, inputs, outputs, keywords=keywords, own=own)


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
    _operation(
        "Reshape",
        "Gives the values of each sample another shape; their order stays.",
        ".reshape",
        Param(
            "shape",
            "ints",
            [-1],
            "The new sizes, without the batch. 0 keeps the size at its place. One may be -1: it follows from the rest.",
            minimum=-1,
            positional=True,
            check=_one_free,
        ),
        keywords=("view", "unflatten", "resize"),
    ),
    _operation(
        "Permute",
        "Reorders the dimensions, such as channels last to channels first.",
        ".permute",
        Param(
            "dims",
            "ints",
            [0, 2, 1],
            "The dimensions in their new order. 0 is the batch and usually stays first.",
            minimum=0,
            positional=True,
            check=_each_once,
        ),
        keywords=("swap", "axes", "channels last", "reorder"),
    ),
    _operation(
        "Transpose",
        "Lets two dimensions change places, such as the steps and the features of a sequence.",
        ".transpose",
        _dim(1, "One of the two dimensions. 0 is the batch, -1 the last.", "dim0"),
        _dim(2, "The other one.", "dim1"),
        keywords=("swap", "axes", "turn"),
    ),
    _operation(
        "Squeeze",
        "Removes a dimension of size 1.",
        ".squeeze",
        _dim(-1, "The dimension that goes. -1 is the last."),
        keywords=("drop dimension",),
    ),
    _operation(
        "Unsqueeze",
        "Adds a dimension of size 1.",
        ".unsqueeze",
        _dim(1, "Place of the new dimension. -1 puts it last."),
        keywords=("new axis", "add dimension", "expand dims"),
    ),
    _operation(
        "Expand",
        "Stretches dimensions of size 1 without a copy, such as one class token for every sample.",
        ".expand",
        Param(
            "sizes",
            "ints",
            [0, -1, -1],
            "The new sizes, the batch as well. -1 keeps a size, 0 takes the size of like at the same place.",
            minimum=-1,
            positional=True,
        ),
        keywords=("broadcast", "stretch", "class token"),
        inputs=(
            Port("input", "any"),
            Port("like", "any", optional=True, help="Gives the sizes that are 0, such as that of the batch."),
        ),
    ),
    _operation(
        "Repeat",
        "Puts copies beside each other along each dimension.",
        ".repeat",
        Param(
            "repeats",
            "ints",
            [1, 2],
            "How often along each dimension. The first is the batch.",
            minimum=1,
            positional=True,
        ),
        keywords=("tile", "copy"),
    ),
    _operation(
        "RepeatInterleave",
        "Repeats each entry of a dimension, one copy after the other.",
        ".repeat_interleave",
        Param("repeats", "int", 2, "How often each entry comes.", minimum=1, positional=True),
        Param("dim", "int", 1, "The dimension. 0 is the batch.", required=True),
        keywords=("copy", "upsample"),
    ),
    _operation(
        "Pad",
        "Puts a border around the last dimensions, or cuts one off.",
        "functional.pad",
        Param(
            "pad",
            "ints",
            [1, 1],
            "Before and after the last dimension, then before and after the one in front of it. Less than 0 cuts off.",
            positional=True,
            check=_pairs,
        ),
        Param(
            "mode",
            "choice",
            "constant",
            "What the border shows: one value, a mirror image, the edge, or the other side.",
            ("constant", "reflect", "replicate", "circular"),
        ),
        Param("value", "float", 0.0, "The value of a constant border.", when=("mode", ("constant",)), check=holdable),
        keywords=("border", "margin", "crop", "zero padding"),
    ),
    _operation(
        "Roll",
        "Moves the values along dimensions; what leaves at one end comes in at the other.",
        ".roll",
        Param("shifts", "ints", [1], "How far, for each of dims.", positional=True),
        Param("dims", "ints", [1], "The dimensions. 0 is the batch.", positional=True),
        keywords=("shift", "rotate", "shifted window"),
    ),
    _operation(
        "Flip",
        "Reverses the order along dimensions.",
        ".flip",
        Param("dims", "ints", [-1], "The dimensions. 0 is the batch.", positional=True, check=_different),
        keywords=("mirror", "reverse"),
    ),
    _operation(
        "Tril",
        "Keeps the lower left of each matrix and sets the rest to 0.",
        ".tril",
        Param("diagonal", "int", 0, "The last diagonal that is kept. 0 is the middle one."),
        keywords=("triangle", "lower", "causal mask"),
    ),
    _operation(
        "Triu",
        "Keeps the upper right of each matrix and sets the rest to 0.",
        ".triu",
        Param("diagonal", "int", 0, "The first diagonal that is kept. 0 is the middle one."),
        keywords=("triangle", "upper", "causal mask"),
    ),
    _operation(
        "Interpolate",
        "Gives maps another size by filling in values between.",
        "functional.interpolate",
        Param("size", "size", None, "The new height and width, or one number for all.", optional=True, minimum=1),
        Param(
            "scale_factor",
            "float",
            None,
            "How many times as large, in place of a size.",
            optional=True,
            minimum=0.001,
            maximum=1000,
            start=2.0,
        ),
        Param(
            "mode",
            "choice",
            "nearest",
            "Copies of the nearest value, or a curve between: linear for sequences, bilinear for images.",
            ("nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"),
        ),
        Param("align_corners", "bool", False, "Whether the outermost values stay in the corners."),
        keywords=("resize", "upsample", "downsample", "zoom"),
        inputs=(Port("input"),),
        outputs=(Port("output"),),
    ),
    _operation(
        "Cast",
        "Turns the values into another type, such as whole numbers into decimal ones.",
        ".to",
        Param("dtype", "choice", "float32", "The type to put out.", DTYPES, positional=True),
        keywords=("type", "dtype", "convert", "float", "long", "to"),
    ),
    _operation(
        "StopGradient",
        "Passes the values and lets no gradient back.",
        ".detach",
        keywords=("detach", "freeze", "stop grad"),
    ),
)
