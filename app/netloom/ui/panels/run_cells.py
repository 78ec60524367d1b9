"""What the columns of the table of runs say, and how they sort."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from netloom.runs import RunLine
from netloom.ui.words import duration

NONE = "–"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A run that waits for those before it."""

    id: str
    name: str
    device: str
    epochs: int


Line: TypeAlias = RunLine | QueueLine


class Look(NamedTuple):
    """How a state is shown: icon, colour token, word."""

    icon: str
    color: str
    word: str


STATES = {
    "queued": Look("clock", "text-2", "queued"),
    "running": Look("circle-play", "ok", "running"),
    "paused": Look("circle-pause", "text-2", "paused"),
    "finished": Look("check", "text-2", "finished"),
    "stopped": Look("square", "text-3", "stopped"),
    "interrupted": Look("circle-minus", "warning", "interrupted"),
    "failed": Look("circle-x", "error", "failed"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its words, its order, and its width in pixels (0: what is left)."""

    title: str
    words: Callable[[RunLine], str]
    key: Callable[[RunLine], float | str | None]
    width: int
    is_number: bool = False
    falls: bool = False


def state(line: Line) -> Look:
    """The look of the state that a line is in."""
    return STATES["queued" if isinstance(line, QueueLine) else line.state]


def score(line: RunLine) -> float | None:
    """The first metric, of validation where there is one."""
    return next(iter(line.measured.values()), None)


def loss(line: RunLine) -> float | None:
    """The first loss."""
    return next(iter(line.losses.values()), None)


def share(value: float | None) -> str:
    """A metric: from 0 to 1 in percent."""
    if value is None or not math.isfinite(value):
        return NONE
    return f"{100 * value:.1f} %" if 0 <= value <= 1 else number(value)


def number(value: float | None) -> str:
    """A loss with four decimals, so that points stand under points."""
    if value is None or not math.isfinite(value):
        return NONE
    return (f"{value:.4f}" if abs(value) < 1000 else f"{value:.3g}").replace("-", "−")


def epochs(line: RunLine) -> str:
    """How many epochs are done, and of how many, where some are missing."""
    wanted = line.settings.get("epochs", line.epochs)
    return str(line.epochs) if line.epochs >= wanted else f"{line.epochs} of {wanted}"


def time(line: RunLine) -> str:
    """How long it trained."""
    return duration(line.seconds) if line.seconds else NONE


def started(line: RunLine) -> str:
    """When it began, in this place's time."""
    return moment(line.started, datetime.now().astimezone())


def moment(text: str, now: datetime) -> str:
    """A time as people say it: 14:02 of today, 12 Nov 14:02, 12 Nov 2025."""
    try:
        when = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return NONE
    if when.date() == now.date():
        return f"today {when:%H:%M}"
    return f"{when.day} {when:%b %H:%M}" if when.year == now.year else f"{when.day} {when:%b %Y}"


COLUMNS = (
    Column("", lambda _line: "", lambda line: line.state, 32),
    Column("Run", lambda line: line.name or line.id, lambda line: line.name.lower(), 0),
    Column("Score", lambda line: share(score(line)), score, 64, is_number=True, falls=True),
    Column("Loss", lambda line: number(loss(line)), loss, 64, is_number=True),
    Column("Epochs", epochs, lambda line: line.epochs, 72, is_number=True, falls=True),
    Column("Time", time, lambda line: line.seconds, 80, is_number=True),
    Column("Device", lambda line: line.device or NONE, lambda line: line.device, 60),
    Column("Started", started, lambda line: line.started, 108, falls=True),
    Column("Tags", lambda line: ", ".join(line.tags), lambda line: ", ".join(line.tags).lower(), 128),
)
STATE, NAME, STARTED, TAGS = 0, 1, 7, 8
WORDY = (STATE, NAME, 6, STARTED, TAGS)
"""The columns that are sorted by their words."""


def cell(line: Line, column: int) -> str:
    """The words of a cell."""
    if isinstance(line, RunLine):
        return COLUMNS[column].words(line)
    said = {1: line.name, 4: f"0 of {line.epochs}", 6: line.device, 7: "queued"}
    return said.get(column, "")


def spoken(line: Line) -> str:
    """A whole line in words, for who does not see it."""
    if isinstance(line, QueueLine):
        return f"{line.name}, queued"
    parts = [line.name or line.id, state(line).word]
    parts += [word for word, holds in (("pinned", line.is_pinned), ("hidden", line.is_hidden)) if holds]
    said = zip(COLUMNS[2:], (cell(line, column) for column in range(2, len(COLUMNS))), strict=True)
    parts += [f"{column.title} {words}" for column, words in said if words not in ("", NONE)]
    return ", ".join(parts)


def ranks(column: int, lines: Sequence[RunLine]) -> Sequence[Any]:
    """What lines are sorted by in a column; what has no value has the lowest rank."""
    key = COLUMNS[column].key
    values = [key(line) for line in lines]
    if column in WORDY:
        return values
    return [-math.inf if value is None or isinstance(value, str) or math.isnan(value) else value for value in values]
