"""Where the numbers come from."""

from collections.abc import Mapping

from netloom.graph.model import Value
from netloom.layers.datasets import DATASETS, DEFAULTS, TABLES, TOYS, columns_for
from netloom.layers.declare import Declaration
from netloom.layers.spec import Flow, Param, Port


def _columns(params: Mapping[str, Value]) -> tuple[Port, ...]:
    return tuple(Port(column.name, _flow(column.dtype), help=column.help) for column in columns_for(params))


def _flow(dtype: str) -> Flow:
    return "integer" if dtype.startswith("int") else "float"


PARAMS = (
    Param("source", "choice", DEFAULTS["source"], "The dataset. All of these work offline.", tuple(DATASETS)),
    Param(
        "validation",
        "float",
        DEFAULTS["validation"],
        "Share of the rows held back to see how well the network does on what it never trained on.",
        minimum=0.0,
        maximum=0.9,
    ),
    Param(
        "split_seed",
        "int",
        DEFAULTS["split_seed"],
        "Decides which rows are held back. The same number gives the same split.",
        minimum=0,
    ),
    Param(
        "standardize",
        "bool",
        DEFAULTS["standardize"],
        "Shift and scale every column to mean 0 and deviation 1, measured on the training rows.",
        when=("source", TABLES),
    ),
    Param(
        "samples",
        "int",
        DEFAULTS["samples"],
        "Points to draw.",
        minimum=10,
        maximum=1_000_000,
        when=("source", TOYS),
    ),
    Param(
        "noise",
        "float",
        DEFAULTS["noise"],
        "How far points stray from their curve.",
        minimum=0.0,
        maximum=10.0,
        when=("source", TOYS),
    ),
)

KINDS = (
    Declaration(
        "Dataset",
        "data",
        "dataset",
        "Brings samples into the graph, one output for each column. Part of the rows is held back for validation.",
        outputs=_columns,
        stem="data",
        keywords=("data", "digits", "iris", "csv", "images", "table", "samples", *DATASETS),
        own=PARAMS,
    ),
)
