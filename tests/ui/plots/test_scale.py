import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.ui.plots.numbers import compact, percent, short, tick, time_left
from netloom.ui.plots.scale import SteadyAxis, round_limits


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.5, [0, 0.5, 1.0, 1.5]),
        (0.6, 1.0, [0.6, 0.7, 0.8, 0.9, 1.0]),
        (0.0, 2.31, [0, 1, 2, 3]),
        (-3.0, 5.0, [-5, 0, 5]),
    ],
)
def test_limits_are_round(low, high, ticks):
    limits = round_limits(low, high)
    assert limits.ticks == pytest.approx(ticks)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_any_range_has_three_to_five_gridlines(low, width):
    limits = round_limits(low, low + width)
    assert 2 <= len(limits.ticks) <= 5
    assert limits.low <= low + 1e-6 * width
    assert limits.high >= low + width - 1e-6 * width


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (0.0, 0.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_a_range_without_width_still_has_limits(low, high):
    limits = round_limits(low, high)
    assert limits.high > limits.low


def test_an_axis_grows_at_once_and_shrinks_only_when_half_is_empty():
    axis = SteadyAxis()
    assert axis.follow(0, 1.9).high == 2.0
    assert axis.follow(0, 1.2).high == 2.0
    assert axis.follow(0, 3.5).high == 4.0
    assert axis.follow(0, 2.1).high == 4.0
    assert axis.follow(0, 1.9).high == 2.0


def test_data_that_wanders_off_takes_the_axis_along():
    axis = SteadyAxis()
    axis.follow(0, 2)
    held = axis.follow(1, 2.4)
    assert held.low <= 1
    assert held.high >= 2.4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0483, "0.048"),
        (7.3e-4, "7.3e-4"),
        (-0.6, "−0.600"),
        (12.54, "12.5"),
        (3480.2, "3,480"),
        (0, "0"),
        (float("nan"), "–"),
    ],
)
def test_numbers_are_short(value, text):
    assert short(value) == text


def test_percent_and_compact():
    assert percent(0.9672) == "96.7 %"
    assert percent(float("nan")) == "–"
    assert compact(0.1745) == "0.17"
    assert compact(-1.5) == "−1.50"


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.25, 0.25, "0.25"),
        (0, 0.5, "0"),
        (1.0, 0.5, "1.0"),
        (20000, 5000, "20k"),
        (1500, 500, "1500"),
        (-2, 1, "−2"),
        (2e-4, 1e-4, "2e-4"),
    ],
)
def test_ticks_have_the_decimals_of_their_step(value, step, text):
    assert tick(value, step) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(10.2, "11 s left"), (0, ""), (float("inf"), ""), (600, "10 min left"), (7800, "2 h 10 min left")],
)
def test_time_left(seconds, text):
    assert time_left(seconds) == text
