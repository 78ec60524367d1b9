"""What commands print: quiet tables for people, one JSON object for programs, errors as one line."""

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netloom.errors import NetloomError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

QUIET = "bright_black"
LONGEST_LINE = 400
PIPED_WIDTH = 200


class WrongUsageError(NetloomError):
    """A command that was given what it cannot take."""


def show_json(value: Mapping[str, Any]) -> None:
    """Print the one object of a command on standard output; what is not a number in JSON becomes null."""
    sys.stdout.write(json.dumps(_finite(value), ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def complain(message: str) -> None:
    """One line on standard error."""
    line = " ".join(message.split())
    sys.stderr.write(f"netloom: {line[:LONGEST_LINE]}{'…' if len(line) > LONGEST_LINE else ''}\n")


def console(*, stderr: bool = False) -> "Console":
    """Where tables and live displays go."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False)
    if not found.is_terminal:
        found.width = PIPED_WIDTH
    return found


def say(*parts: str, quiet: str = "") -> None:
    """A line on standard output in which nothing is taken for markup; its last words may be quiet."""
    from rich.text import Text

    console().print(Text.assemble(*parts, (quiet, QUIET)), soft_wrap=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[str] = ()) -> "Table":
    """An aligned table without frames; the columns named in `numbers` are right aligned."""
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style=QUIET)
    for name in columns:
        found.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        found.add_row(*(Text(cell) for cell in row))
    return found


def count(number: float) -> str:
    """A large number, easy to read: 1,234,567."""
    return f"{number:,}"


def score(value: float | None) -> str:
    """A loss or metric with four decimals."""
    if value is None or not math.isfinite(value):
        return "–" if value is None else str(value)
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:.4g}"


def duration(seconds: float) -> str:
    """Seconds in words: 17.2 s, 3 min 05 s, 2 h 07 min."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"
