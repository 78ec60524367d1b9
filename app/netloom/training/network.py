"""A network on its device with the data that it is fed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from netloom.compiler import Compiled, Plan, compile_plan
from netloom.training import checkpoint, feed
from netloom.training.feed import Feed


@dataclass(frozen=True, slots=True)
class Network:
    """What probes and evaluation look at; the model is in train mode between their looks."""

    compiled: Compiled
    feed: Feed
    device: torch.device


def build(plan: Plan, device: torch.device, seed: int) -> Network:
    """Compile a plan with weights drawn from the seed, and load its data; BuildError, DataError or TrainingError."""
    torch.manual_seed(seed)
    compiled = compile_plan(plan)
    data = feed.load(compiled, device)
    compiled.model.to(device)
    compiled.objective.to(device)
    return Network(compiled, data, device)


@contextmanager
def own_randomness(device: torch.device) -> Iterator[None]:
    """Whoever asks for a run gets the random state back that they had before."""
    before = checkpoint.random_state(device)
    try:
        yield
    finally:
        checkpoint.set_random_state(before, device)
