"""Rests the garbage collector while much is made: it would go through all of it again and again and find nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MUCH = 20_000


@contextmanager
def resting_collector() -> Iterator[None]:
    """Collect nothing inside; with ten thousand nodes each round over all objects takes half a second.

    Where very much was made, it is left out of later rounds too: it goes by itself when its document is closed.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MUCH:
            gc.freeze()
        if was_enabled:
            gc.enable()
