"""Operations that sum up dimensions, and those that rank or add up along one."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import ANY_IN, ANY_OUT, FLOAT_IN, FLOAT_OUT, Declaration
from netloom.layers.spec import Param, Port

TRUTH = (Port("output", "boolean"),)
PLACES = (Port("output", "integer"),)
RANKED = (Port("values", "any"), Port("indices", "integer", help="The places of the values before."))


def _different(value: Value) -> str | None:
    dims = cast(list[int], value)
    return None if len(set(dims)) == len(dims) else "each dimension once"


DIMS = Param(
    "dim",
    "ints",
    [-1],
    "Dimensions that go. 0 is the batch, -1 the last. Empty: all of them.",
    optional=True,
    positional=True,
    check=_different,
)
DIM = Param("dim", "int", -1, "The dimension. 0 is the batch, -1 the last.", positional=True)
KEEP = Param("keepdim", "bool", False, "Keep the dimensions that go, with size 1.")
CORRECTION = Param("correction", "int", 1, "1 for a sample of something larger, 0 for all there is.", minimum=0)
ORDER = Param("ord", "float", 2.0, "2 for the length, 1 for the sum of sizes.", minimum=0.0)


def _reduction(
    kind: str,
    summary: str,
    target: str,
    *keywords: str,
    own: tuple[Param, ...] = (DIMS, KEEP),
    inputs: tuple[Port, ...] = ANY_IN,
    outputs: tuple[Port, ...] = ANY_OUT,
) -> Declaration:
    words = ("reduce", *keywords)
    return Declaration(kind, "arithmetic", "function", summary, target, inputs, outputs, keywords=words, own=own)


def _along(
    kind: str, summary: str, target: str, *keywords: str, own: tuple[Param, ...], outputs: tuple[Port, ...] = ANY_OUT
) -> Declaration:
    return Declaration(kind, "arithmetic", "function", summary, target, ANY_IN, outputs, keywords=keywords, own=own)


KINDS = (
    _reduction(
        "Mean",
        "Averages over dimensions, such as over all steps of a sequence.",
        ".mean",
        *("average", "global average", "pool"),
        inputs=FLOAT_IN,
        outputs=FLOAT_OUT,
    ),
    _reduction("Sum", "Adds up over dimensions.", ".sum", "total"),
    _reduction("Prod", "Multiplies along a dimension.", ".prod", "product", own=(DIM, KEEP)),
    _reduction("Max", "The largest value over dimensions.", ".amax", "maximum", "largest", "global max"),
    _reduction("Min", "The smallest value over dimensions.", ".amin", "minimum", "smallest"),
    _reduction("Var", "The variance over dimensions.", ".var", "variance", own=(DIMS, CORRECTION, KEEP)),
    _reduction("Std", "The standard deviation over dimensions.", ".std", "spread", own=(DIMS, CORRECTION, KEEP)),
    _reduction("Norm", "The length of vectors.", "linalg.vector_norm", "length", own=(ORDER, DIMS, KEEP)),
    _reduction(
        "LogSumExp",
        "The logarithm of the sum of exponentials, a soft maximum.",
        ".logsumexp",
        "soft maximum",
        own=(
            Param("dim", "ints", [-1], "Dimensions that go. -1 is the last.", positional=True, check=_different),
            KEEP,
        ),
    ),
    _reduction("Any", "Whether any value is yes, or not 0.", ".any", "or", outputs=TRUTH),
    _reduction("All", "Whether every value is yes, or not 0.", ".all", "and", outputs=TRUTH),
    _reduction(
        "ArgMax",
        "The place of the largest value, such as the likeliest class.",
        ".argmax",
        own=(DIM, KEEP),
        outputs=PLACES,
    ),
    _reduction("ArgMin", "The place of the smallest value.", ".argmin", own=(DIM, KEEP), outputs=PLACES),
    _along(
        "TopK",
        "The k largest values along a dimension, and their places.",
        ".topk",
        *("best", "largest", "beam"),
        own=(
            Param("k", "int", 3, "How many.", minimum=1, positional=True),
            Param("dim", "int", -1, "The dimension. 0 is the batch, -1 the last."),
            Param("largest", "bool", True, "The largest, or else the smallest."),
        ),
        outputs=RANKED,
    ),
    _along(
        "Sort",
        "The values along a dimension in order, and their places before.",
        ".sort",
        *("order", "rank"),
        own=(
            Param("dim", "int", -1, "The dimension. 0 is the batch, -1 the last.", required=True),
            Param("descending", "bool", False, "The largest first."),
        ),
        outputs=RANKED,
    ),
    _along("CumulativeSum", "Adds up along a dimension, step by step.", ".cumsum", "cumsum", "running", own=(DIM,)),
    _along(
        "CumulativeProduct", "Multiplies along a dimension, step by step.", ".cumprod", "cumprod", "running", own=(DIM,)
    ),
    Declaration(
        "Normalize",
        "arithmetic",
        "function",
        "Scales vectors to length 1, such as embeddings that are compared.",
        "functional.normalize",
        ANY_IN,
        ANY_OUT,
        keywords=("unit", "length", "cosine", "l2"),
        own=(
            Param("p", "float", 2.0, "The kind of length. 2 is the usual one.", minimum=0.0),
            Param("dim", "int", -1, "The dimension along which the vectors lie.", required=True),
            Param("eps", "float", 1e-12, "The least that is divided by.", minimum=0.0),
        ),
    ),
)
