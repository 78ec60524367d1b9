import pytest

from netloom.ui.panels import amounts


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (160, "160"),
        (999, "999"),
        (9216, "9.2 k"),
        (12_000, "12 k"),
        (159_000, "159 k"),
        (999_999, "1 M"),
        (11_240_000, "11.2 M"),
    ],
)
def test_short(count: int, text: str) -> None:
    assert amounts.short(count) == text


@pytest.mark.parametrize(("count", "text"), [(12_106, "12,106"), (9_999_999, "9,999,999"), (12_345_678, "12.3 M")])
def test_exact(count: int, text: str) -> None:
    assert amounts.exact(count) == text


@pytest.mark.parametrize(("count", "text"), [(4, "4 B"), (131_072, "128 KB"), (1_572_864, "1.5 MB"), (1000, "1 KB")])
def test_size(count: int, text: str) -> None:
    assert amounts.size(count) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(160, 12_106, "1.3 %"), (1, 0, ""), (0, 5, "0 %"), (1, 10_000, "< 0.1 %"), (99, 200, "50 %")],
)
def test_share(part: int, whole: int, text: str) -> None:
    assert amounts.share(part, whole) == text


def test_totals() -> None:
    assert amounts.totals(12_106, 159_000) == "12,106 parameters, 159 k MACs"
