"""Rests the garbage collector while much is made: it would go through all of it again and again and find nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting_collector() -> Iterator[None]:
    """Collect nothing inside; with ten thousand nodes each round over all objects takes half a second."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
