"""Modules that take the place of those through which PyTorch cannot trace, with the same weights and answers."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn


class Likelihood(nn.Module):
    """AdaptiveLogSoftmaxWithLoss without a search for the rows of each cluster."""

    def __init__(self, module: nn.AdaptiveLogSoftmaxWithLoss) -> None:
        super().__init__()
        self.module = module

    def forward(self, values: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """The logarithm of the probability of each target, and the loss."""
        found = self.module.log_prob(values).gather(1, target.unsqueeze(1)).squeeze(1)
        return found, -found.mean()


class Neighbours(nn.Module):
    """CrossMapLRN2d with one average over neighbouring channels instead of a running sum."""

    def __init__(self, module: nn.CrossMapLRN2d) -> None:
        super().__init__()
        self.share, self.beta, self.k = module.alpha / module.size, module.beta, module.k
        self.reach = int((module.size - 1) / 2)

    def forward(self, values: Tensor) -> Tensor:
        """The values over a power of the sum of squares near them."""
        width = 2 * self.reach + 1
        squares = values.square()
        padded = nn.functional.pad(squares, (0, 0, 0, 0, self.reach, self.reach)).unsqueeze(1)
        sums = nn.functional.avg_pool3d(padded, (width, 1, 1), stride=1).squeeze(1) * width
        near, far = sums[:, : self.reach + 1], sums[:, self.reach + 1 :]
        sums = torch.cat([near, far + squares[:, :1]], 1)  # the layer never takes the first channel out of its sum
        return values * (self.k + self.share * sums) ** -self.beta


STANDINS: Mapping[type[nn.Module], Callable[[Any], nn.Module]] = {
    nn.AdaptiveLogSoftmaxWithLoss: Likelihood,
    nn.CrossMapLRN2d: Neighbours,
}


def traceable(model: nn.Module) -> nn.Module:
    """The model itself, or a copy of it with stand-ins."""
    if not any(type(module) in STANDINS for module in model.modules()):
        return model
    copy = deepcopy(model)
    for name, module in list(copy.named_modules()):
        if (standin := STANDINS.get(type(module))) is not None:
            parent, _, own = name.rpartition(".")
            setattr(copy.get_submodule(parent), own, standin(module))
    return copy.eval()
