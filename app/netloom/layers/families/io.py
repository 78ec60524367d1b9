"""The boundary of the model: arguments and results of `forward`."""

from netloom.layers.declare import Declaration
from netloom.layers.spec import Param, Port

INPUT_PARAMS = (
    Param(
        "shape",
        "shape",
        None,
        "Size of one sample, without the batch. Needed where no wire brings it. A letter such as L is a free size.",
        optional=True,
        minimum=1,
    ),
    Param(
        "dtype",
        "choice",
        "float32",
        "Decimal numbers, whole numbers such as word ids, yes or no values such as a mask, or complex numbers.",
        ("float32", "int64", "bool", "complex64", "float64", "float16", "bfloat16", "int32"),
    ),
)

KINDS = (
    Declaration(
        "Input",
        "io",
        "input",
        "What the model is given. Its name becomes an argument of the model.",
        inputs=(Port("data", "any", optional=True, help="A column of a dataset."),),
        outputs=(Port("out", "any"),),
        stem="x",
        keywords=("in", "placeholder", "argument", "start"),
        own=INPUT_PARAMS,
    ),
    Declaration(
        "Output",
        "io",
        "output",
        "What the model answers. Its name becomes the name of the result.",
        inputs=(Port("input", "any"),),
        outputs=(Port("out", "any", help="Leads to losses and metrics."),),
        stem="y",
        keywords=("out", "result", "return", "prediction", "end"),
    ),
)
