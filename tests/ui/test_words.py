import pytest

from netloom.ui.words import age, best_score, counted, duration, short_device, tiny


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (0.84, "0.8 s"), (9.2, "9 s"), (125, "2 min 5 s"), (12_000, "3 h 20 min"), (float("nan"), "–")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_have_their_noun() -> None:
    assert [counted(number, "epoch") for number in (0, 1, 12_106)] == ["0 epochs", "1 epoch", "12,106 epochs"]


def test_scores() -> None:
    assert best_score({"accuracy": 0.978}) == "97.8 %"
    assert best_score({"r2": -3.25}) == "-3.25"
    assert best_score({}) == ""


def test_tiny_numbers() -> None:
    assert [tiny(number) for number in (0, 2.3e-7, 1e-12)] == ["0", "2e-7", "1e-12"]


def test_devices_are_named_by_what_tells_them_apart() -> None:
    assert short_device("NVIDIA GeForce RTX 4070") == "RTX 4070"
    assert short_device("NVIDIA H200") == "H200"
    assert short_device("CPU, 8 cores") == "CPU"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (7199, "1 h ago"),
        (86_400, "1 day ago"),
        (200_000, "2 days ago"),
    ],
)
def test_ages(seconds: float, text: str) -> None:
    assert age(seconds) == text
