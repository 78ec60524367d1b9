"""Symbolic dimensions keep one normal form and compute what numbers compute."""

import hypothesis.strategies as st
from hypothesis import given

from netloom.compiler.dims import Dim, letters, product, symbol, value

N, L = symbol("N"), symbol("L")


def test_they_read_as_people_write_them() -> None:
    assert [str(dim) for dim in (N, N * 2, L - 3, (L - 3) // 2 + 1, N * L, N * 64, 5 - L)] == [
        "N",
        "2N",
        "L-3",
        "(L-3)//2+1",
        "L·N",
        "64N",
        "-L+5",
    ]


def test_what_comes_out_even_stays_simple() -> None:
    assert N * 64 // 64 == N
    assert N * L // L == N
    assert L - L == 0
    assert product((N, 4, 4)) == N * 16
    assert letters((N, (L + 1) // 2, 3)) == {"N", "L"}


@st.composite
def expressions(draw: st.DrawFn) -> tuple[Dim, int]:
    """An expression, and its value for N = 6 and L = 35 computed beside it with plain numbers."""
    dim, number = draw(st.sampled_from([(N, 6), (L, 35), (4, 4)]))
    for _ in range(draw(st.integers(0, 5))):
        other, plain = draw(st.sampled_from([(N, 6), (L, 35), (3, 3), (1, 1)]))
        operation = draw(st.sampled_from("+-*/"))
        if operation == "+":
            dim, number = dim + other, number + plain
        elif operation == "-":
            dim, number = dim - other, number - plain
        elif operation == "*":
            dim, number = dim * other, number * plain
        elif isinstance(other, int):
            dim, number = dim // other, number // plain
    return dim, number


@given(expressions())
def test_they_compute_what_numbers_compute(pair: tuple[Dim, int]) -> None:
    dim, number = pair
    assert value(dim, {"N": 6, "L": 35}) == number
