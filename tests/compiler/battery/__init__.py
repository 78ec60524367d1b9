"""The cases that every kind of the catalogue goes through."""

from tests.compiler.battery import activation, dense, operations, pooling, sequence, spatial

CASES = [*dense.CASES, *spatial.CASES, *activation.CASES, *pooling.CASES, *sequence.CASES, *operations.CASES]
