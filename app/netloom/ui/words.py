"""How the window writes times, counts and scores."""

import math
import re
from collections.abc import Mapping

LONG_WORD = 24
"""Letters of a word from which on it may not fit into a line of a panel."""


def breakable(text: str) -> str:
    """A text whose very long names may be broken after an underscore or a point, which cannot be seen otherwise."""
    long = re.compile(rf"\S{{{LONG_WORD},}}")
    return long.sub(lambda found: re.sub(r"(?<=[_.])(?=\w)", "\u200b", found[0]), text)


def duration(seconds: float) -> str:
    """A time as people say it: 0.8 s, 11 s, 2 min 5 s, 3 h 20 min."""
    if not math.isfinite(seconds):
        return "–"
    if seconds < 1:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def age(seconds: float) -> str:
    """How long ago something was: just now, 5 min ago, 3 h ago, 2 days ago."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return f"{counted(minutes // (24 * 60), 'day')} ago"


def counted(number: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 problem, 12,106 parameters."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def best_score(metrics: Mapping[str, float]) -> str:
    """The first metric of a split as a share: 97.8 %; nothing where there is none."""
    value = next(iter(metrics.values()), None)
    if value is None:
        return ""
    return f"{100 * value:.1f} %" if 0 <= value <= 1 else f"{value:.4g}"


def tiny(number: float) -> str:
    """A very small number in one figure: 2e-7, or 0."""
    return f"{number:.0e}".replace("e-0", "e-") if number else "0"


def short_device(title: str) -> str:
    """A device by the words that tell it from others: RTX 4070, CPU."""
    return title.partition(",")[0].removeprefix("NVIDIA ").removeprefix("GeForce ")
