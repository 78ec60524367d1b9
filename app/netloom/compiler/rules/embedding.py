"""Tables of vectors."""

from collections.abc import Mapping

from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Rule,
    SetParam,
    expect_float32,
    flag,
    number,
    one,
    to_type,
)

PLACES = ("int64", "int32")


def embedding(arguments: Arguments, inputs: Inputs) -> Answer:
    """Embedding: each whole number becomes a vector."""
    flow = one(inputs)
    rows, width = _table(arguments, flow)
    return Answer({"output": Flow((*flow.shape, width))}, rows * width)


def _table(arguments: Arguments, flow: Flow) -> tuple[int, int]:
    """Rows and columns of the table; Mismatch where it cannot be or nothing can be looked up."""
    if flow.dtype not in PLACES:
        cast = to_type("int64")
        raise Mismatch(f"{{node}} looks up whole numbers, gets {flow.dtype}.", "input", [cast])
    rows, width = number(arguments, "num_embeddings"), number(arguments, "embedding_dim")
    padding = arguments.get("padding_idx")
    if isinstance(padding, int) and not -rows <= padding < rows:
        text = f"padding_idx of {{node}} is {padding}, but its table has the rows 0 to {rows - 1}."
        raise Mismatch(text, None, [SetParam("Use 0", {"padding_idx": 0})])
    if flag(arguments, "sparse") and flag(arguments, "scale_grad_by_freq"):
        text = "{node} cannot scale gradients by frequency where they are sparse."
        raise Mismatch(text, None, [SetParam("Set sparse to false", {"sparse": False})])
    return rows, width


def embedding_bag(arguments: Arguments, inputs: Inputs) -> Answer:
    """EmbeddingBag: each row of whole numbers becomes one vector."""
    flow = one(inputs)
    rows, width = _table(arguments, flow)
    if len(flow.shape) != 2:
        flat = [Insert("Insert Flatten", "Flatten")] if len(flow.shape) > 2 else []
        raise Mismatch(f"{{node}} takes rows N×L of whole numbers, gets {flow}.", "input", flat)
    for name in ("sparse", "scale_grad_by_freq"):
        if arguments["mode"] == "max" and flag(arguments, name):
            remedies = [SetParam(f"Set {name} to false", {name: False})]
            raise Mismatch(f"{{node}} cannot keep the largest with {name}.", None, remedies)
    for weights in inputs.get("weights", ()):
        _expect_weights(arguments, flow, weights)
    return Answer({"output": Flow((flow.shape[0], width))}, rows * width)


def _expect_weights(arguments: Arguments, flow: Flow, weights: Flow) -> None:
    if arguments["mode"] != "sum":
        remedies = [SetParam("Use the mode sum", {"mode": "sum"})]
        raise Mismatch(f"{{node}} takes weights only where it sums, not with {arguments['mode']}.", "weights", remedies)
    expect_float32(weights, "weights")
    if weights.shape != flow.shape:
        raise Mismatch(f"{{node}} takes a weight for each of {flow}, gets {weights}.", "weights")


RULES: Mapping[str, Rule] = {"Embedding": embedding, "EmbeddingBag": embedding_bag}
