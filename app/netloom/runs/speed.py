"""How fast this machine trains, remembered from one time to the next. Needs no torch."""

from pathlib import Path

import msgspec

from netloom.compiler.forecast import Speed
from netloom.graph import atomic
from netloom.runs.home import cache_folder


def remembered() -> Speed | None:
    """What was measured last; None where nothing was, or where the file cannot be read."""
    try:
        return msgspec.json.decode(_file().read_bytes(), type=Speed)
    except (OSError, msgspec.DecodeError):
        return None


def remember(speed: Speed) -> None:
    """Keep it for the next time; a folder that refuses is no harm."""
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        atomic.write(_file(), msgspec.json.encode(speed))
    except OSError:
        return


def _file() -> Path:
    return cache_folder() / "speed.json"
