"""The random generators that a run draws from: kept, put back, and lent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor


def state(device: torch.device) -> dict[str, Tensor]:
    """The states of the random generators that a step draws from."""
    found = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        found["cuda"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        found["mps"] = torch.mps.get_rng_state()
    return found


def restore(states: Mapping[str, Tensor], device: torch.device) -> None:
    """Put random states back; those of a device that is not in use are left out."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
    elif device.type == "mps" and "mps" in states:
        torch.mps.set_rng_state(states["mps"])


@contextmanager
def own(device: torch.device) -> Iterator[None]:
    """Whoever asks for a run gets the random state back that they had before."""
    before = state(device)
    try:
        yield
    finally:
        restore(before, device)
