import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.ui.plots.trace import CAPACITY, SMOOTHING, Trace


def traced(values, *, pieces=1) -> Trace:
    trace = Trace()
    values = np.asarray(values, float)
    steps = np.arange(1, values.size + 1)
    for at in np.array_split(np.arange(values.size), pieces):
        trace.extend(steps[at], values[at])
    return trace


def test_a_short_series_is_kept_as_it_is():
    x, y = traced([3.0, 1.0, 2.0]).raw()
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == [3.0, 1.0, 2.0]


@pytest.mark.parametrize("size", [CAPACITY - 1, CAPACITY, CAPACITY + 1, 5 * CAPACITY + 3, 100_000])
def test_decimation_keeps_every_extreme(size):
    values = np.zeros(size)
    values[size // 3], values[2 * size // 3] = 9.0, -9.0
    trace = traced(values, pieces=7)
    x, y = trace.raw()
    assert y.max() == 9.0
    assert y.min() == -9.0
    assert len(x) == len(y) <= 2 * CAPACITY
    assert abs(x[y.argmax()] - (size // 3 + 1)) < trace.stride


def test_buckets_do_not_depend_on_how_the_values_arrived():
    values = np.random.default_rng(0).random(5000)
    once, often = traced(values), traced(values, pieces=613)
    for first, second in zip(once.raw(), often.raw(), strict=True):
        np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(once.smoothed[1], often.smoothed[1])


def test_smoothing_is_the_corrected_exponential_mean():
    values = np.random.default_rng(1).random(300)
    mean, expected = 0.0, []
    for count, value in enumerate(values, 1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * value
        expected.append(mean / (1 - SMOOTHING**count))
    np.testing.assert_allclose(traced(values, pieces=3).smoothed[1], expected)


def test_a_constant_stays_constant_from_the_first_step():
    np.testing.assert_allclose(traced(np.full(2000, 0.7)).smoothed[1], 0.7)


def test_values_that_are_not_finite_repeat_the_one_before():
    trace = traced([1.0, np.nan, np.inf, 2.0])
    assert trace.raw()[1].tolist() == [1.0, 1.0, 1.0, 2.0]


def test_nothing_is_no_trouble():
    trace = Trace()
    trace.extend(np.empty(0), np.empty(0))
    assert trace.count == 0
    assert np.isnan(trace.last)
    assert np.isnan(trace.at(3))


def test_reading_at_a_step_gives_the_value_there():
    trace = traced(np.full(50, 2.0))
    assert np.isnan(trace.at(0))
    assert trace.at(1) == pytest.approx(2.0)
    assert trace.at(1000) == pytest.approx(2.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.integers(1, 40))
def test_the_envelope_holds_all_values(values, repeats):
    series = np.tile(values, repeats)
    trace = traced(series, pieces=5)
    assert trace.lows.min() == series.min()
    assert trace.highs.max() == series.max()
    assert (trace.lows <= trace.highs).all()
    assert (np.diff(trace.smoothed[0]) > 0).all()
