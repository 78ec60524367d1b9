"""The cases that every kind of the catalogue goes through."""

from tests.compiler.battery import dense, operations, sequence, spatial

CASES = [*dense.CASES, *spatial.CASES, *sequence.CASES, *operations.CASES]
