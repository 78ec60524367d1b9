"""The cases that every kind of the catalogue goes through."""

from tests.compiler.battery import (
    activation,
    arithmetic,
    attention,
    creation,
    dense,
    losses,
    operations,
    pooling,
    sequence,
    spatial,
)

CASES = [
    *dense.CASES,
    *spatial.CASES,
    *activation.CASES,
    *pooling.CASES,
    *sequence.CASES,
    *attention.CASES,
    *losses.CASES,
    *operations.CASES,
    *arithmetic.CASES,
    *creation.CASES,
]
