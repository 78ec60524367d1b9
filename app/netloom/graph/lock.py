"""Tells whether the process that works in a folder still lives: it holds a file lock, which goes when it dies."""

import os
import sys
import time
from pathlib import Path

LOCK = ".running"
TRIES, BETWEEN = 5, 0.02
"""Somebody who only asks whether a process lives holds its lock for a moment: one refusal does not mean much."""


def hold(folder: Path) -> int | None:
    """Take the lock of a folder; a handle for `release`, or None where another holds it."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    for attempt in range(TRIES):
        if attempt:
            time.sleep(BETWEEN)
        if _locked(handle, alone=True):
            return handle
    os.close(handle)
    return None


def release(handle: int) -> None:
    """Let the lock go. The file stays: whoever has just opened it would else lock one that nobody finds."""
    os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether a living process holds the lock of this folder."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(handle, alone=False)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int, *, alone: bool) -> bool:
        del alone  # this system knows no shared lock
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(handle: int, *, alone: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
