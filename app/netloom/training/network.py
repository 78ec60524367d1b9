"""A network on its device with the data that it is fed."""

from dataclasses import dataclass

import torch

from netloom.compiler import Compiled, Plan, compile_plan
from netloom.training import feed
from netloom.training.feed import Feed
from netloom.training.weights import Weights


@dataclass(frozen=True, slots=True)
class Network:
    """What probes and evaluation look at; the model is in train mode between their looks."""

    compiled: Compiled
    feed: Feed
    device: torch.device
    weights: Weights

    @property
    def shapes(self) -> dict[str, torch.Size]:
        """The shape of each tensor of the model by its name in a file."""
        return {name: value.shape for name, value in self.compiled.model.state_dict().items()}


def build(plan: Plan, device: torch.device, seed: int, before: Network | None = None) -> Network:
    """Compile a plan with weights drawn from the seed, and load its data.

    Of a network `before` it takes over the modules where the source is the same, and the data where that is.

    BuildError, DataError or TrainingError says what is in the way.
    """
    torch.manual_seed(seed)
    compiled = compile_plan(plan, before.compiled if before else None)
    data = (
        before.feed if before and feed.reads(compiled) == feed.reads(before.compiled) else feed.load(compiled, device)
    )
    is_same = before is not None and compiled.model is before.compiled.model
    compiled.model.to(device)
    compiled.objective.to(device)
    return Network(compiled, data, device, Weights(compiled, before.weights.fixed if before and is_same else None))
