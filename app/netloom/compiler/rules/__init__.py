"""The rule of each kind of node: shapes, parameters and multiply-adds without torch."""

from collections.abc import Mapping

from netloom.compiler.rules import (
    activation,
    attention,
    convolution,
    creation,
    dense,
    distance,
    elementwise,
    embedding,
    indexing,
    joining,
    metrics,
    normalising,
    objective,
    operations,
    padding,
    pooling,
    products,
    reduction,
    resampling,
    sequence,
    signal,
    training,
)
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Remedy,
    Rewire,
    Rule,
    SetParam,
    TakePart,
    Widen,
)

FAMILIES = (
    dense,
    embedding,
    convolution,
    pooling,
    normalising,
    activation,
    resampling,
    padding,
    distance,
    sequence,
    attention,
    joining,
    operations,
    indexing,
    elementwise,
    reduction,
    products,
    creation,
    signal,
    objective,
    metrics,
    training,
)

RULES: Mapping[str, Rule] = {kind: rule for family in FAMILIES for kind, rule in family.RULES.items()}

__all__ = [
    "RULES",
    "Answer",
    "Arguments",
    "Inputs",
    "Insert",
    "Mismatch",
    "Remedy",
    "Rewire",
    "Rule",
    "SetParam",
    "TakePart",
    "Widen",
]
