import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.errors import GraphError
from netloom.graph import Value
from netloom.layers import catalogue
from netloom.layers.spec import Param
from netloom.layers.typed import parsed
from netloom.layers.values import expected
from netloom.ui.panels.param_text import shown, stepped

INT = Param("groups", "int", 1, minimum=1)
FLOAT = Param("lr", "float", 0.001, minimum=0.0)
FRACTION = Param("p", "float", 0.5, minimum=0.0, maximum=1.0)
SIZE = Param("kernel_size", "size", 3, dims=2, minimum=1)
PADDING = Param("padding", "size", 0, dims=2, choices=("same", "valid"))
SHAPE = Param("shape", "shape", optional=True)
INTS = Param("dims", "ints", [0, 2, 1])
BETAS = Param("betas", "floats", [0.9, 0.999], dims=2)
IDLE = Param("padding_idx", "int", optional=True)


@pytest.mark.parametrize(
    ("param", "text", "value"),
    [
        (INT, " 4 ", 4),
        (FLOAT, "1e-3", 0.001),
        (FLOAT, "3", 3.0),
        (SIZE, "3", 3),
        (SIZE, "3x3", 3),
        (SIZE, "3 × 5", [3, 5]),
        (SIZE, "3, 5", [3, 5]),
        (SIZE, "(3, 5)", [3, 5]),
        (PADDING, "same", "same"),
        (PADDING, "2", 2),
        (SHAPE, "1×28×28", [1, 28, 28]),
        (SHAPE, "L, 64", ["L", 64]),
        (SHAPE, "none", None),
        (SHAPE, "", None),
        (INTS, "0 2 1", [0, 2, 1]),
        (INTS, "-1", [-1]),
        (BETAS, "0.9, 0.99", [0.9, 0.99]),
        (IDLE, "7", 7),
        (Param("a", "bool"), "True", True),
        (Param("a", "text"), "a b", "a b"),
        (Param("a", "choice", choices=("mean", "sum")), "sum", "sum"),
    ],
)
def test_text_is_read(param: Param, text: str, value: Value) -> None:
    assert parsed(param, text) == value


@pytest.mark.parametrize(
    ("param", "text", "sentence"),
    [
        (INT, "1.5", 'groups takes a whole number, this is "1.5".'),
        (INT, "", "groups takes a whole number, this is nothing."),
        (FLOAT, "nan", 'lr takes a number, this is "nan".'),
        (FLOAT, "1e999", 'lr takes a number, this is "1e999".'),
        (SIZE, "3 × 3 × 3", 'kernel_size takes a size such as 3 or 3 × 3, this is "3 × 3 × 3".'),
        (PADDING, "full", 'padding takes a size such as 3 or 3 × 3, or same, valid, this is "full".'),
        (SHAPE, "a-b", 'shape takes sizes such as 1 × 28 × 28, where a letter stays free, or none, this is "a-b".'),
        (IDLE, "x", 'padding_idx takes a whole number, or none, this is "x".'),
        (Param("a", "bool"), "maybe", 'a takes true or false, this is "maybe".'),
        (Param("a", "choice", choices=("mean", "sum")), "max", 'a takes mean, sum, this is "max".'),
    ],
)
def test_what_is_no_value_is_answered_in_a_sentence(param: Param, text: str, sentence: str) -> None:
    with pytest.raises(GraphError) as caught:
        parsed(param, text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("param", "value", "text"),
    [
        (SIZE, 3, "3 × 3"),
        (SIZE, [3, 5], "3 × 5"),
        (SHAPE, ["L", 64], "L × 64"),
        (SHAPE, None, "none"),
        (INT, None, ""),
        (INTS, [0, 2, 1], "0, 2, 1"),
        (BETAS, [0.9, 0.999], "0.9, 0.999"),
        (FLOAT, 1e-08, "1e-8"),
        (FLOAT, 1e20, "1e20"),
        (FLOAT, 2.0, "2"),
        (Param("a", "bool"), True, "true"),
    ],
)
def test_values_are_written(param: Param, value: Value, text: str) -> None:
    assert shown(param, value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_changes_by_being_shown(value: float) -> None:
    assert parsed(Param("x", "float"), shown(Param("x", "float"), value)) == value


def test_every_default_of_the_catalogue_can_be_shown_and_read_again() -> None:
    for spec in catalogue.SPECS.values():
        for param in spec.params:
            if param.default is not None:
                value = parsed(param, shown(param, param.default))
                assert value == param.default, f"{spec.kind}.{param.name}"
                assert expected(param, value) is None, f"{spec.kind}.{param.name}"


@pytest.mark.parametrize(
    ("param", "value", "steps", "result"),
    [
        (INT, 4, 1, 5),
        (INT, 4, -10, 1),
        (SIZE, 3, 1, 4),
        (SIZE, [3, 5], -2, [1, 3]),
        (FLOAT, 0.001, 1, 0.002),
        (FLOAT, 0.001, -1, 0.0009),
        (FLOAT, 0.0, 1, 0.1),
        (FLOAT, 0.01, -1, 0.009),
        (FRACTION, 0.95, 10, 1.0),
        (FRACTION, 0.0, -1, 0.0),
        (Param("x", "float"), -0.1, 1, -0.09),
        (Param("x", "float"), -0.1, -1, -0.2),
        (PADDING, "same", 1, "same"),
        (IDLE, None, 1, None),
        (INTS, [0, 1], 1, [0, 1]),
    ],
)
def test_numbers_count_in_their_first_digit(param: Param, value: Value, steps: int, result: Value) -> None:
    assert stepped(param, value, steps) == result
