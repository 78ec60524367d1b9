import time

import numpy as np
import pytest
from PySide6.QtGui import QColor

from netloom.ui import previews, theme


@pytest.fixture(params=["dark", "light"])
def look(request):
    return theme.load(request.param)


def color(picture, x, y) -> tuple[int, int, int, int]:
    return QColor.fromRgba(picture.pixel(x, y)).getRgb()


def filled(picture) -> np.ndarray:
    """Where a picture is not transparent."""
    data = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), picture.width())
    return data != 0


def test_the_ends_of_the_range_take_the_ends_of_the_colours(look, preview):
    picture = previews.image(preview("maps", [[[0, 1], [0, 1]]]), look, 8, 8)
    assert color(picture, 1, 1) == tuple(look.sequential[0])
    assert color(picture, 6, 1) == tuple(look.sequential[255])


def test_first_row_is_on_top_and_first_column_left(look, preview):
    picture = previews.image(preview("grid", [[1, 0, 0], [0, 0, 0]]), look, 30, 20)
    assert color(picture, 2, 2) == tuple(look.sequential[255])
    for x, y in ((12, 2), (2, 12), (28, 18)):
        assert color(picture, x, y) == tuple(look.sequential[0])


def test_enlarging_is_nearest_neighbour_by_a_whole_number(look, preview):
    data = np.random.default_rng(0).random((1, 5, 5))
    picture = previews.image(preview("maps", data), look, 23, 23)
    shown = filled(picture)
    assert shown.sum() == 20 * 20
    assert len({color(picture, 2 + x, 2) for x in range(4)} - {(0, 0, 0, 0)}) <= 2
    edges = np.flatnonzero(shown.any(axis=0))
    assert edges[-1] - edges[0] + 1 == 20


def test_maps_stand_four_pixels_apart_in_reading_order(look, preview):
    maps = np.zeros((4, 8, 8))
    maps[1] = 1
    picture = previews.image(preview("maps", maps), look, 36, 36)
    assert color(picture, 8, 8) == tuple(look.sequential[0])
    assert color(picture, 28, 8) == tuple(look.sequential[255])
    assert not filled(picture)[:, 16:20].any()
    assert not filled(picture)[16:20].any()


def test_at_most_sixteen_maps_and_the_most_active_ones(look, preview):
    maps = np.zeros((40, 4, 4))
    maps[24:, 0, 0] = 1
    picture = previews.image(preview("maps", maps), look, 76, 76)
    first = tuple(look.sequential[255])
    assert sum(color(picture, x, y) == first for x in range(0, 76, 20) for y in range(0, 76, 20)) == 16


def test_weights_are_centred_on_zero(look, preview):
    weights = np.zeros((1, 2, 3))
    weights[0] = [[-1, 0, 1], [-1, 0, 0.5]]
    picture = previews.image(preview("maps", weights), look, 30, 20, mode="weights")
    assert color(picture, 2, 2) == tuple(look.diverging[0])
    assert color(picture, 12, 2) == tuple(look.diverging[127])
    assert color(picture, 28, 2) == tuple(look.diverging[255])


def test_one_outlier_does_not_darken_the_rest(preview):
    data = np.linspace(0, 1, 10_000).reshape(1, 100, 100).copy()
    data[0, 0, 0] = 1000
    low, high = previews.limits(preview("maps", data))
    assert 0 <= low < 0.02
    assert 0.98 < high < 1.01


@pytest.mark.parametrize("kind_and_shape", [("maps", (3, 200, 300)), ("grid", (500, 700)), ("vector", (900,))])
def test_what_is_larger_than_the_picture_still_fits(look, preview, kind_and_shape):
    kind, shape = kind_and_shape
    picture = previews.image(preview(kind, np.random.default_rng(0).random(shape)), look, 100, 60)
    assert (picture.width(), picture.height()) == (100, 60)
    assert filled(picture).any()


def test_a_dense_screen_gets_more_pixels(look, preview):
    picture = previews.image(preview("maps", np.ones((4, 8, 8))), look, 36, 36, 2.0)
    assert (picture.width(), picture.height(), picture.devicePixelRatio()) == (72, 72, 2.0)


@pytest.mark.parametrize("data", [np.zeros((2, 4, 4)), np.full((2, 4, 4), np.nan), np.empty((0, 4, 4))])
def test_degenerate_values_draw_something_or_nothing_but_never_fail(look, data):
    from netloom.training.events import Preview

    picture = previews.image(Preview("maps", data.astype(np.float32), 0, 0, 0, 0, (2, 4, 4)), look, 20, 20)
    assert not picture.isNull()


def test_histogram_has_a_log_scale_and_a_hairline_at_zero(look, preview):
    counts = np.zeros(32)
    counts[0], counts[31] = 1000, 1
    made = previews.Preview("histogram", counts.astype(np.float32), -1, 3, 0, 1, (8,))
    picture = previews.image(made, look, 128, 60)
    bar = look.plot(0).getRgb()
    heights = [sum(color(picture, x, y) == bar for y in range(60)) for x in (1, 125)]
    assert heights[0] >= 59
    assert heights[1] == pytest.approx(60 * np.log1p(1) / np.log1p(1000), abs=1.5)
    assert color(picture, 32, 5) == look.color("line-strong").getRgb()


def test_vector_bars_go_up_and_down_from_zero(look, preview):
    values = np.zeros(20)
    values[0], values[19] = 1, -1
    picture = previews.image(preview("vector", values), look, 200, 61)
    bar = look.plot(0).getRgb()
    assert color(picture, 4, 5) == bar
    assert color(picture, 4, 55) != bar
    assert color(picture, 195, 55) == bar


def test_few_values_carry_their_numbers(look, preview):
    with_numbers = preview("vector", np.linspace(0, 1, 10))
    without = preview("vector", np.linspace(0, 1, 13))
    assert previews.height_for(with_numbers, 120) == previews.height_for(without, 120) + previews.LABEL_HEIGHT
    picture = previews.image(with_numbers, look, 120, previews.height_for(with_numbers, 120))
    assert filled(picture)[-previews.LABEL_HEIGHT :].any()


@pytest.mark.parametrize(
    ("maps", "side", "width", "height"), [(16, 8, 144, 140), (1, 8, 104, 104), (8, 28, 136, 60), (16, 28, 144, 124)]
)
def test_height_suits_the_maps(preview, maps, side, width, height):
    assert previews.height_for(preview("maps", np.ones((maps, side, side))), width) == height


def test_sixteen_maps_take_less_than_a_millisecond(look, preview):
    shown = preview("maps", np.random.default_rng(0).normal(size=(16, 28, 28)))
    times = []
    for _ in range(50):
        began = time.perf_counter()
        previews.image(shown, look, 144, 144)
        times.append(time.perf_counter() - began)
    assert min(times) < 1e-3
