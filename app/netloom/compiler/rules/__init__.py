"""The rule of each kind of node: shapes, parameters and multiply-adds without torch."""

from collections.abc import Mapping

from netloom.compiler.rules import dense, joining, objective, operations, sequence, spatial, training
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

FAMILIES = (dense, spatial, sequence, joining, operations, objective, training)

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
