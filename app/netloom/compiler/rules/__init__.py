"""The rule of each kind of node: shapes, parameters and multiply-adds without torch."""

from collections.abc import Mapping

from netloom.compiler.rules import (
    activation,
    convolution,
    dense,
    distance,
    joining,
    metrics,
    normalising,
    objective,
    operations,
    padding,
    pooling,
    resampling,
    sequence,
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
    Widen,
)

FAMILIES = (
    dense,
    convolution,
    pooling,
    normalising,
    activation,
    resampling,
    padding,
    distance,
    sequence,
    joining,
    operations,
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
    "Widen",
]
