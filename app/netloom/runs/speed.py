"""How fast this machine trains, remembered from one time to the next. Needs no torch."""

from pathlib import Path

import msgspec

from netloom.compiler.forecast import Speed
from netloom.graph import atomic
from netloom.runs.home import cache_folder


def remembered(device: str = "cpu") -> Speed | None:
    """What was measured last on a device; None where nothing was, or where the file cannot be read."""
    try:
        return msgspec.json.decode(_file(device).read_bytes(), type=Speed)
    except (OSError, msgspec.DecodeError):
        return None


def remember(speed: Speed, device: str = "cpu") -> None:
    """Keep it for the next time; a folder that refuses is no harm."""
    try:
        _file(device).parent.mkdir(parents=True, exist_ok=True)
        atomic.write(_file(device), msgspec.json.encode(speed))
    except OSError:
        return


def _file(device: str) -> Path:
    other = "" if device == "cpu" else f"-{device.replace(':', '')}"
    return cache_folder() / f"speed{other}.json"
