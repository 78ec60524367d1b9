"""How alike two inputs are."""

from collections.abc import Mapping

from netloom.compiler.flow import Flow
from netloom.compiler.rules.broadcasting import stretched_all
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import promotion
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Rule, expect_float, flag, number, one


def _pair(inputs: Inputs) -> Flow:
    """Both inputs stretched to the same shape."""
    pair = [one(inputs, port) for port in ("x1", "x2")]
    for port, flow in zip(("x1", "x2"), pair, strict=True):
        expect_float(flow, port)
    return Flow(stretched_all(pair, "x2"), promotion(pair))


def cosine_similarity(arguments: Arguments, inputs: Inputs) -> Answer:
    """CosineSimilarity: the dimension of the vectors goes."""
    pair = _pair(inputs)
    dim = axis(pair, number(arguments, "dim"))
    return Answer({"output": Flow((*pair.shape[:dim], *pair.shape[dim + 1 :]), pair.dtype)})


def pairwise_distance(arguments: Arguments, inputs: Inputs) -> Answer:
    """PairwiseDistance: the last dimension goes, or becomes 1."""
    pair = _pair(inputs)
    kept = (1,) if flag(arguments, "keepdim") else ()
    return Answer({"output": Flow((*pair.shape[:-1], *kept), pair.dtype)})


RULES: Mapping[str, Rule] = {"CosineSimilarity": cosine_similarity, "PairwiseDistance": pairwise_distance}
