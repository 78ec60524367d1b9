"""Operations that take entries by their place: parts, single entries, and those that another tensor names."""

from collections.abc import Mapping

from netloom.compiler.dims import BATCH, Dim, is_fixed, letters
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, number, one, to_type

PLACES = ("int64", "int32")


def expect_places(flow: Flow, port: str = "index") -> None:
    """Refuse an index that is not made of whole numbers."""
    if flow.dtype not in PLACES:
        cast = to_type("int64")
        raise Mismatch(f"{{node}} takes places as whole numbers, gets {flow.dtype}.", port, [cast])


def replaced(flow: Flow, dim: int, *sizes: Dim) -> tuple[Dim, ...]:
    """The shape with other sizes in place of one dimension."""
    return (*flow.shape[:dim], *sizes, *flow.shape[dim + 1 :])


def cut(arguments: Arguments, inputs: Inputs) -> Answer:
    """Slice: from start to before stop along one dimension, every step-th entry."""
    flow = one(inputs)
    dim = axis(flow, number(arguments, "dim"))
    size = flow.shape[dim]
    start, stop, step = number(arguments, "start"), arguments["stop"], number(arguments, "step")
    if not is_fixed(size):
        _expect_known(flow, dim, arguments)
    begin = _place(start, size)
    end = size if stop is None else _place(number(arguments, "stop"), size)
    length = (end - begin + step - 1) // step
    if is_fixed(length) and length < 1:
        raise Mismatch(
            f"{{node}} leaves nothing of dimension {dim} of {flow}.",
            remedies=[SetParam("Take everything", unset=("start", "stop"))],
        )
    return Answer({"output": Flow(replaced(flow, dim, length), flow.dtype)}, kept=0)


def _expect_known(flow: Flow, dim: int, arguments: Arguments) -> None:
    """Refuse a stretch of a free dimension whose length nobody can tell before the data come."""
    size, stop = flow.shape[dim], arguments["stop"]
    from_end_to_start = number(arguments, "start") < 0 and stop is not None and number(arguments, "stop") >= 0
    most_samples = BATCH in letters((size,)) and stop is not None and number(arguments, "stop") > 1
    if from_end_to_start or most_samples:
        text = f"{{node}} cannot know how much of dimension {dim} of {flow}, {size}, lies between start and stop."
        raise Mismatch(text, remedies=[SetParam("Go to the end", unset=("stop",))])


def _place(found: int, size: Dim) -> Dim:
    """A place counted from the front. A free size is taken to be as large as the places that are named."""
    if not is_fixed(size):
        return size + found if found < 0 else found
    return min(max(found + size, 0), size) if found < 0 else min(found, size)


def select(arguments: Arguments, inputs: Inputs) -> Answer:
    """Select: one entry of a dimension, which goes."""
    flow = one(inputs)
    dim, index = axis(flow, number(arguments, "dim")), number(arguments, "index")
    size = flow.shape[dim]
    if is_fixed(size) and not -size <= index < size:
        raise Mismatch(
            f"{{node}} takes entry {index} of dimension {dim}, but {flow} has the entries 0 to {size - 1} there.",
            remedies=[SetParam("Take the last", {"index": -1})],
        )
    return Answer({"output": Flow(replaced(flow, dim), flow.dtype)}, kept=0)


def index_select(arguments: Arguments, inputs: Inputs) -> Answer:
    """IndexSelect: the entries of a dimension that a list of places names."""
    flow, index = one(inputs), one(inputs, "index")
    expect_places(index)
    dim = axis(flow, number(arguments, "dim"))
    if len(index.shape) > 1:
        raise Mismatch(f"{{node}} takes one list of places, gets {index}. Gather takes places for each entry.", "index")
    return Answer({"output": Flow(replaced(flow, dim, *(index.shape or (1,))), flow.dtype)})


def gather(arguments: Arguments, inputs: Inputs) -> Answer:
    """Gather: for each place of the index, the entry of a dimension that it names."""
    flow, index = one(inputs), one(inputs, "index")
    expect_places(index)
    dim = axis(flow, number(arguments, "dim"))
    if len(index.shape) != len(flow.shape):
        raise Mismatch(f"{{node}} takes an index with as many dimensions as {flow}, gets {index}.", "index")
    for place, (size, most) in enumerate(zip(index.shape, flow.shape, strict=True)):
        if place != dim and not _at_most(size, most):
            text = f"{{node}} gathers along dimension {dim}; dimension {place} of index is {size}, more than {most}."
            raise Mismatch(text, "index")
    return Answer({"output": Flow(index.shape, flow.dtype)})


def _at_most(size: Dim, most: Dim) -> bool:
    return size in (1, most) or (is_fixed(size) and is_fixed(most) and size <= most)


def look_up(_: Arguments, inputs: Inputs) -> Answer:
    """Index: for each place of the index, the entry of the first dimension that it names."""
    flow, index = one(inputs), one(inputs, "index")
    expect_places(index)
    axis(flow, 0)
    return Answer({"output": Flow((*index.shape, *flow.shape[1:]), flow.dtype)})


def select_each(_: Arguments, inputs: Inputs) -> Answer:
    """SelectEach: of each sample the entry that its index names."""
    flow, index = one(inputs), one(inputs, "index")
    expect_places(index)
    if len(flow.shape) < 2 or index.shape != flow.shape[:1]:
        raise Mismatch(f"{{node}} takes one place for each sample of {flow}, gets {index}.", "index")
    return Answer({"output": Flow((flow.shape[0], *flow.shape[2:]), flow.dtype)})


def one_hot(arguments: Arguments, inputs: Inputs) -> Answer:
    """OneHot: a new last dimension, 1 at the class and 0 elsewhere."""
    flow = one(inputs)
    if flow.dtype != "int64":
        cast = to_type("int64")
        raise Mismatch(f"{{node}} takes class numbers of type int64, gets {flow.dtype}.", "input", [cast])
    classes = number(arguments, "num_classes")
    if flow.classes > classes:
        raise Mismatch(
            f"{{node}} has {classes} classes, the labels have {flow.classes}.",
            remedies=[SetParam(f"Use {flow.classes}", {"num_classes": flow.classes})],
        )
    return Answer({"output": Flow((*flow.shape, classes), "int64")})


RULES: Mapping[str, Rule] = {
    "Slice": cut,
    "Select": select,
    "IndexSelect": index_select,
    "Gather": gather,
    "Index": look_up,
    "SelectEach": select_each,
    "OneHot": one_hot,
}
