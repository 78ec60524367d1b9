"""Where journals lie: a folder for each, which grows at its end and is locked as long as its process lives."""

import os
import re
import tempfile
import time
from pathlib import Path

from netloom.graph import atomic, lock

BASE = "base.loom"
STEPS = "steps.jsonl"
NAME = re.compile(r"\d{8}-\d{6}-")
"""How the name of each journal begins: the user may have put folders of their own beside them."""
FORGOTTEN = 3600.0
"""Seconds after which a folder without lines that nobody holds is one that a death left behind."""


class JournalFolder:
    """The files of one journal, held by this process. What the disk refuses raises OSError and may be tried again."""

    def __init__(self, place: Path, handle: int, size: int) -> None:
        self.place = place
        self._handle = handle
        self._size = size
        self._steps = os.open(place / STEPS, os.O_RDWR | getattr(os, "O_BINARY", 0))

    @classmethod
    def make(cls, journals: Path, base: bytes, lines: bytes) -> "JournalFolder":
        """A new journal among the others; it is one as soon as its lines are there, which come last."""
        journals.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=journals))
        handle = lock.hold(place)
        try:
            if handle is None:
                raise OSError("it cannot be locked")
            atomic.write(place / BASE, base)
            atomic.write(place / STEPS, lines)
            return cls(place, handle, len(lines))
        except OSError:
            if handle is not None:
                lock.release(handle)
            remove(place)
            raise

    def append(self, data: bytes) -> None:
        """Write behind what is there; what an earlier try left half done is written over."""
        os.lseek(self._steps, self._size, os.SEEK_SET)
        os.ftruncate(self._steps, self._size)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._steps, rest) :]
        self._size += len(data)

    def sync(self) -> None:
        """Wait until the disk has it all: a power cut takes nothing then."""
        os.fsync(self._steps)

    def leave(self) -> None:
        """Let go of everything; the next start finds it."""
        os.close(self._steps)
        lock.release(self._handle)

    def remove(self) -> None:
        """Let go of everything and remove it."""
        self.leave()
        remove(self.place)


def remove(place: Path) -> None:
    """Remove a journal, which ends with its lines; where the disk refuses, it is offered again.

    Only what a journal consists of is removed: a folder that holds anything else stays.
    """
    try:
        (place / STEPS).unlink(missing_ok=True)
        for path in place.iterdir():
            if path.name in (BASE, lock.LOCK) or path.name.startswith((f".{BASE}.", f".{STEPS}.")):
                path.unlink()
        place.rmdir()
    except OSError:
        return


def abandoned(journals: Path) -> list[Path]:
    """The journals that no living process holds, the latest first; what deaths left half made is swept away."""
    try:
        places = [place for place in journals.iterdir() if NAME.match(place.name) and not lock.is_held(place)]
    except OSError:
        return []
    made = {place: _changed(place / STEPS) for place in places}
    for place, when in made.items():
        if not when and time.time() - _changed(place) > FORGOTTEN:
            remove(place)
    return sorted((place for place in places if made[place]), key=lambda place: made[place], reverse=True)


def _changed(path: Path) -> float:
    """When a file was written last, or 0 where it is not there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
