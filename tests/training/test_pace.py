"""How fast a run goes is told steadily, and rests do not count."""

import pytest

from netloom.training import pace
from netloom.training.pace import Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(pace.time, "perf_counter", lambda: now[0])
    return now


def test_the_first_speed_is_that_of_the_first_stretch(clock: list[float]) -> None:
    made = Pace(0, 100)
    clock[0] = 0.5
    assert made.measure(10, 32) == (640.0, 4.5)


def test_one_slow_stretch_does_not_halve_the_speed_that_is_told(clock: list[float]) -> None:
    made = Pace(0, 1000)
    for step in range(10, 60, 10):
        clock[0] += 0.1
        speed, _ = made.measure(step, 10)
    assert speed == pytest.approx(1000.0)
    clock[0] += 0.2
    speed, _ = made.measure(60, 10)
    assert speed == pytest.approx(900.0)
    for step in range(65, 215, 5):
        clock[0] += 0.1
        speed, _ = made.measure(step, 10)
    assert speed == pytest.approx(500.0, rel=0.05)


def test_a_rest_is_no_time_at_work(clock: list[float]) -> None:
    made = Pace(0, 20)
    clock[0] = 100.0
    made.idle += 99.0
    assert made.measure(10, 1) == (10.0, 1.0)
