"""Tensors that a network makes itself: learned ones, random ones, constants and positions."""

from netloom.layers.declare import ANY_IN, ANY_OUT, Declaration
from netloom.layers.families.arithmetic import holdable
from netloom.layers.families.shape import DTYPES
from netloom.layers.spec import Param, Port

LIKE = (Port("like", "any", help="Gives the batch, the device and, unless a shape is set, the shape."),)
SHAPE = Param(
    "shape",
    "ints",
    None,
    "Sizes without the batch. Empty: the shape of like.",
    optional=True,
    minimum=1,
    positional=True,
)
DTYPE = Param("dtype", "choice", None, "The type. Empty: that of like, or float32.", DTYPES, optional=True)


def _made(
    kind: str,
    summary: str,
    target: str,
    *own: Param,
    keywords: tuple[str, ...] = (),
    inputs: tuple[Port, ...] = LIKE,
    outputs: tuple[Port, ...] = ANY_OUT,
    stem: str = "",
) -> Declaration:
    return Declaration(kind, "arithmetic", "function", summary, target, inputs, outputs, stem, keywords, own=own)


KINDS = (
    Declaration(
        "Parameter",
        "arithmetic",
        "module",
        "A tensor that is learned, such as position embeddings or a class token.",
        "nn.Parameter",
        (),
        (Port("output"),),
        keywords=("learned", "weight", "position embedding", "class token", "variable"),
        own=(
            Param("shape", "ints", [1, 1, 64], "Its shape. 1 in place of the batch fits every sample.", minimum=1),
            Param(
                "initial",
                "choice",
                "normal",
                "What it is at first: random numbers, or one value everywhere.",
                ("normal", "uniform", "constant"),
            ),
            Param(
                "std",
                "float",
                0.02,
                "How far normal numbers spread; uniform ones lie between minus this and this.",
                minimum=0.0,
                when=("initial", ("normal", "uniform")),
            ),
            Param("value", "float", 0.0, "The value everywhere.", when=("initial", ("constant",)), check=holdable),
        ),
    ),
    _made(
        "RandomNormal",
        "Draws normal random numbers anew in every step, such as the noise of a generator.",
        "randn_like",
        SHAPE,
        Param("mean", "float", 0.0, "The middle of the numbers.", check=holdable),
        Param("std", "float", 1.0, "How far they spread.", minimum=0.0, check=holdable),
        keywords=("randn", "gaussian", "noise", "random"),
        outputs=(Port("output"),),
        stem="noise",
    ),
    _made(
        "RandomUniform",
        "Draws random numbers between two limits anew in every step.",
        "rand_like",
        SHAPE,
        Param("low", "float", 0.0, "The lowest number."),
        Param("high", "float", 1.0, "The limit that they stay below."),
        keywords=("rand", "noise", "random"),
        outputs=(Port("output"),),
        stem="noise",
    ),
    _made(
        "Bernoulli",
        "Draws 1 with a chance, else 0, such as for a random mask.",
        "bernoulli",
        Param(
            "p",
            "float",
            None,
            "One chance for all. Empty: each value that comes in is a chance.",
            optional=True,
            minimum=0.0,
            maximum=1.0,
            positional=True,
        ),
        keywords=("coin", "mask", "random", "binary"),
        inputs=ANY_IN,
    ),
    _made(
        "Zeros", "A tensor of zeros, such as a first state.", "zeros_like", SHAPE, DTYPE, keywords=("constant", "empty")
    ),
    _made("Ones", "A tensor of ones, such as a mask of all.", "ones_like", SHAPE, DTYPE, keywords=("constant",)),
    _made(
        "Arange",
        "Counts the entries of a dimension from 0, such as positions for an embedding.",
        "arange",
        Param("dim", "int", 1, "The dimension. 0 is the batch, -1 the last."),
        keywords=("positions", "range", "count", "index"),
        outputs=(Port("output", "integer"),),
        stem="positions",
    ),
)
