"""How the C library hands out memory: what a step frees is kept for the next one, instead of fetched anew each time."""

import ctypes
import sys
from functools import cache

# Parameters of glibc's mallopt(3).
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8


@cache
def keep_freed() -> None:
    """Let tensors come from one heap that does not shrink; a step of a convolutional network is a fifth faster so.

    The heap of a thread is chosen when it allocates first, so this must come before the thread of a run begins. Where
    the C library is not glibc nothing happens.
    """
    library = _glibc()
    if library is not None:
        library.mallopt(M_MMAP_THRESHOLD, 1 << 30)
        library.mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1)
        library.mallopt(M_ARENA_MAX, 1)


def give_back() -> None:
    """Let the system have what is free, when a run has ended."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None
