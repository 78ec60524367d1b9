"""Counts, bytes and shares as people read them."""

from netloom.ui.words import duration

UNITS = ("", " k", " M", " G", " T", " P")
BYTES = (" B", " KB", " MB", " GB", " TB", " PB")
TEN_MILLION = 10_000_000


def exact(count: int) -> str:
    """Every digit in groups of three, as long as there is room for them."""
    return f"{count:,}" if count < TEN_MILLION else short(count)


def short(count: float) -> str:
    """At most three figures and a unit: 160, 9.2 k, 159 k, 11.2 M."""
    return _scaled(count, 1000, UNITS)


def size(count: float) -> str:
    """Bytes in binary units: 128 KB, 1.5 MB."""
    return _scaled(count, 1024, BYTES)


def share(part: float, whole: float) -> str:
    """A part in percent: 1.3 %, 12 %; nothing where there is no whole."""
    if not whole:
        return ""
    percent = 100 * part / whole
    if 0 < percent < 0.05:
        return "< 0.1 %"
    return f"{percent:.1f} %" if 0 < percent < 9.95 else f"{percent:.0f} %"


def span(seconds: float) -> str:
    """A time in two figures: 40 µs, 1.2 ms, 85 ms; from a second on in words."""
    for unit, count in (("µs", 1e6), ("ms", 1e3)):
        if seconds * count < 999.5:
            return f"{_two_figures(seconds * count)} {unit}"
    return duration(seconds) if seconds >= 9.95 else f"{seconds:.1f} s"


def _two_figures(number: float) -> str:
    return f"{number:.1f}" if number < 9.95 else f"{float(f'{number:.1e}'):.0f}"


def totals(parameters: int, macs: int) -> str:
    """The cost of a whole network in words."""
    return f"{exact(parameters)} parameters, {short(macs)} MACs"


def _scaled(count: float, base: int, units: tuple[str, ...]) -> str:
    index = 0
    while count >= 999.5 and index < len(units) - 1:
        count /= base
        index += 1
    rounded = round(count, 1)
    is_fine = index and rounded < 100 and rounded != round(count)
    return f"{count:.1f}{units[index]}" if is_fine else f"{count:.0f}{units[index]}"
