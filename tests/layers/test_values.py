"""Values are checked strictly: nothing hostile, converted or half right passes."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from netloom.errors import GraphError
from netloom.graph import Graph, Node
from netloom.layers.catalogue import SPECS, spec
from netloom.layers.edit import new_node
from netloom.layers.promotion import value_problem
from netloom.layers.spec import Param
from netloom.layers.values import LARGEST_INT, expected, received

HOSTILE = [
    "'",
    '"',
    "\n",
    "__import__('os').system('x')",
    "{}",
    "%s",
    "lambda: 0",
    "import",
    "same\n",
    "N",
    "LL",
    "",
    "é",
    "\x00",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


def accepted(param: Param, value: object) -> bool:
    return expected(param, value) is None


@pytest.mark.parametrize("kind", SPECS)
@settings(max_examples=25)  # of each of some hundred kinds, many of whose parameters are alike
@given(value=ANYTHING)
def test_only_plain_finite_values_of_the_right_type_pass(kind, value):
    for param in spec(kind).params:
        if not accepted(param, value):
            continue
        assert value is not None or param.optional
        for leaf in leaves(value):
            assert leaf is None or type(leaf) in (bool, int, float, str)
            assert not isinstance(leaf, float) or math.isfinite(leaf)
            assert type(leaf) is not bool or param.type == "bool"
            if type(leaf) is str:
                free = param.type in ("text", "code", "nodes") or (param.type == "shape" and len(leaf) == 1)
                assert free or leaf in param.choices
                assert leaf.isprintable() or param.type == "code"


def leaves(value: object) -> list[object]:
    return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("kind", "name", "good", "bad"),
    [
        ("Linear", "out_features", [1, 10, LARGEST_INT], [0, -1, True, 1.0, "10", None, [1], 2**31, 10**5000]),
        ("Dropout", "p", [0, 1, 0.5], [-0.1, 1.1, math.nan, math.inf, "0.5", True, None]),
        ("Linear", "bias", [True, False], [0, 1, "true", None]),
        ("Conv2d", "padding_mode", ["zeros", "reflect"], ["Zeros", "", 0, ["zeros"], None]),
        ("Conv2d", "kernel_size", [3, [3, 5]], [0, [3], [3, 3, 3], [3, 0], [3, True], "3", (3, 3), {"a": 1}]),
        ("Conv2d", "padding", [0, [1, 2], "same", "valid"], ["SAME", -1, [1], "same;"]),
        ("MaxPool2d", "stride", [None, 2, [1, 2]], [0, "same"]),
        (
            "Input",
            "shape",
            [None, [], [1, 28, 28], ["L", 3]],
            [[0], ["N"], ["LL"], ["é"], [1.5], 28, "L", [True], [1] * 99],
        ),
        ("Input", "dtype", ["float32", "int64", "bool"], ["float8", "torch.float32"]),
        ("Reshape", "shape", [[-1], [4, -1], [0, 3]], [[-1, -1], [-2], [], ["L"], -1]),
        ("Permute", "dims", [[0, 2, 1], [1, 0]], [[0, 0], [0, 3], [-1, 0], []]),
        ("Mean", "dim", [[-1], [2, 3]], [[1, 1], [], 1, [1.0]]),
        ("LayerNorm", "normalized_shape", [[8], [4, 4]], [[0], [], 8, None]),
        (
            "Adam",
            "betas",
            [[0.9, 0.999], [0.0, 0.5]],
            [[0, 0.5], [0.9], [0.9, 1.0], 0.9, [0.9, math.nan], ["0.9", 0.9]],
        ),
        ("Adam", "lr", [0, 1, 1e-3, 1e10], [-1e-3, 2**31, math.inf, -math.inf, 10**400, "1e-3"]),
        ("Dataset", "source", ["digits", "moons"], ["digits2", "../digits", None, 0]),
        ("Block", "block", ["b1", ""], ["a\nb", 1, "x" * 201]),
    ],
)
def test_values_at_the_edges(kind, name, good, bad):
    param = spec(kind).param(name)
    assert [value for value in good if not accepted(param, value)] == []
    assert [value for value in bad if accepted(param, value)] == []


def test_refusal_names_the_parameter_what_was_expected_and_what_came():
    with pytest.raises(GraphError, match=r"out_features of Linear expects a whole number of at least 1; received -3\."):
        new_node(Graph(), "Linear", params={"out_features": -3})
    with pytest.raises(GraphError, match=r"expects a whole number from 1 to 2147483647; received 99999999999\."):
        new_node(Graph(), "Linear", params={"out_features": 99_999_999_999})
    with pytest.raises(GraphError, match=r"expects a whole number from 1 to 2147483647, or 2 of them"):
        new_node(Graph(), "Conv2d", params={"kernel_size": [3, 2**31]})
    with pytest.raises(GraphError, match=r"expects a number, with a point or as in 1e10 where it is that large"):
        new_node(Graph(), "Threshold", params={"value": -(10**30)})
    assert new_node(Graph(), "Threshold", params={"value": -1e30}).params["value"] == -1e30
    with pytest.raises(GraphError, match=r"Conv2d has no parameter 'kernel'\. Is kernel_size meant\?"):
        new_node(Graph(), "Conv2d", params={"kernel": 3})
    with pytest.raises(GraphError, match=r"shape of Reshape expects -1 at most once; received \[-1, -1\]"):
        new_node(Graph(), "Reshape", params={"shape": [-1, -1]})


@pytest.mark.parametrize("name", ["self", "device", "inplace", "fused", "__class__", "params", "x\n=1"])
def test_hidden_and_hostile_parameter_names_are_unknown(name):
    for found in SPECS.values():
        assert "has no parameter" in value_problem(Graph(), Node("n1", found.kind, "it"), name, 1)


def test_long_values_are_shown_short():
    assert len(received("x" * 1000)) == 60
    assert received(None) == "nothing"
    assert received(10**5000) == "a int too large to write"
