"""Tells whether a run's process still lives: it holds a file lock, which the system lets go when the process dies."""

import os
import sys
from pathlib import Path

LOCK = ".running"


def hold(folder: Path) -> int | None:
    """Take the lock of a run's folder; a handle for `release`, or None where another holds it."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    if _locked(handle):
        return handle
    os.close(handle)
    return None


def release(folder: Path, handle: int) -> None:
    """Let the lock go."""
    os.close(handle)
    (folder / LOCK).unlink(missing_ok=True)


def is_held(folder: Path) -> bool:
    """Whether a living process holds the lock of this run's folder."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
