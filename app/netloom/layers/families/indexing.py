"""Operations that take tensors apart, put them side by side, and take entries by their place."""

from collections.abc import Mapping
from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import ANY_IN, ANY_OUT, Declaration
from netloom.layers.spec import Param, Port, PortRule

MANY = (Port("inputs", "any", many=True),)
INTEGER_OUT = (Port("output", "integer"),)
INDEXED = (Port("input", "any"), Port("index", "integer", help="Places, counted from 0."))
MOST_PARTS = 64


def _dim(default: int, text: str) -> Param:
    return Param("dim", "int", default, text, required=True)


def _parts(count: int) -> tuple[Port, ...]:
    return tuple(Port(f"part{place}", "any") for place in range(1, count + 1))


def _sizes(params: Mapping[str, Value]) -> tuple[Port, ...]:
    return _parts(len(cast(list[int], params.get("sizes", SIZES.default))))


def _chunks(params: Mapping[str, Value]) -> tuple[Port, ...]:
    return _parts(cast(int, params.get("chunks", CHUNKS.default)))


SIZES = Param(
    "sizes", "ints", [8, 8], "The size of each part. Together they are the whole.", minimum=1, positional=True
)
CHUNKS = Param("chunks", "int", 2, "How many parts.", minimum=1, maximum=MOST_PARTS, positional=True)


def _operation(
    kind: str,
    summary: str,
    target: str,
    *own: Param,
    keywords: tuple[str, ...] = (),
    inputs: tuple[Port, ...] = ANY_IN,
    outputs: tuple[Port, ...] | PortRule = ANY_OUT,
    stem: str = "",
) -> Declaration:
    return Declaration(kind, "shape", "function", summary, target, inputs, outputs, stem, keywords, own=own)


KINDS = (
    _operation(
        "Concatenate",
        "Joins tensors along one dimension, such as the channels of two branches.",
        "cat",
        _dim(1, "Dimension along which the tensors are joined. 0 is the batch, 1 the channels or features."),
        stem="concat",
        keywords=("cat", "join", "merge", "skip connection", "unet"),
        inputs=MANY,
    ),
    _operation(
        "Stack",
        "Puts tensors of one shape side by side along a new dimension.",
        "stack",
        _dim(1, "Place of the new dimension. 0 is before the batch."),
        keywords=("join", "pile"),
        inputs=MANY,
    ),
    _operation(
        "Split",
        "Cuts a dimension into parts of the sizes that you name.",
        ".split",
        SIZES,
        _dim(-1, "The dimension to cut. -1 is the last."),
        keywords=("cut", "divide", "separate"),
        outputs=_sizes,
    ),
    _operation(
        "Chunk",
        "Cuts a dimension into so many parts of the same size.",
        ".chunk",
        CHUNKS,
        _dim(-1, "The dimension to cut. -1 is the last."),
        keywords=("cut", "split", "queries keys values", "gate"),
        outputs=_chunks,
    ),
    _operation(
        "Slice",
        "Takes a stretch of a dimension, such as all steps but the last.",
        "[:]",
        _dim(1, "The dimension. 0 is the batch, -1 the last."),
        Param("start", "int", 0, "The first entry. Less than 0 counts from the end."),
        Param("stop", "int", None, "The first entry that is left out. Empty: none.", optional=True),
        Param("step", "int", 1, "Every how-manieth entry.", minimum=1),
        keywords=("crop", "cut", "narrow", "range"),
    ),
    _operation(
        "Select",
        "Takes one entry of a dimension, such as the last step of a sequence.",
        "[]",
        _dim(1, "The dimension that goes. 0 is the batch, -1 the last."),
        Param("index", "int", 0, "The entry. -1 is the last."),
        keywords=("pick", "last step", "class token", "index"),
    ),
    _operation(
        "SelectEach",
        "Takes one entry of each sample, such as the last word of each sentence.",
        "[]",
        stem="selected",
        keywords=("pick", "last word", "per sample"),
        inputs=INDEXED,
    ),
    _operation(
        "Index",
        "Looks up entries of the first dimension, as an embedding does.",
        "[]",
        stem="indexed",
        keywords=("lookup", "rows", "table"),
        inputs=INDEXED,
    ),
    _operation(
        "IndexSelect",
        "Takes the entries of a dimension that a list of places names.",
        ".index_select",
        Param("dim", "int", 1, "The dimension. 0 is the batch.", positional=True),
        keywords=("pick", "rows", "columns"),
        inputs=INDEXED,
    ),
    _operation(
        "Gather",
        "Takes for each place of an index the entry that it names.",
        ".gather",
        Param("dim", "int", 1, "The dimension along which the index counts. 0 is the batch.", positional=True),
        keywords=("take along", "pick", "q values"),
        inputs=INDEXED,
    ),
    _operation(
        "OneHot",
        "Turns each class number into a row with 1 at the class and 0 elsewhere.",
        "functional.one_hot",
        Param("num_classes", "int", 10, "How many classes there are.", minimum=1, positional=True),
        keywords=("classes", "encode", "dummy"),
        inputs=(Port("input", "integer"),),
        outputs=INTEGER_OUT,
    ),
)
