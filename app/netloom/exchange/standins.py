"""Modules that take the place of those through which PyTorch cannot trace, with the same weights and answers."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn


class Likelihood(nn.Module):
    """AdaptiveLogSoftmaxWithLoss without a search for the rows of each cluster."""

    def __init__(self, module: nn.AdaptiveLogSoftmaxWithLoss) -> None:
        super().__init__()
        self.module: Any = module

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


class Fractions(nn.Module):
    """FractionalMaxPool2d or 3d, whose windows are gathered one by one."""

    def __init__(self, module: nn.FractionalMaxPool2d | nn.FractionalMaxPool3d) -> None:
        super().__init__()
        self.rank = 2 if isinstance(module, nn.FractionalMaxPool2d) else 3
        size = module.kernel_size
        self.windows = (size,) * self.rank if isinstance(size, int) else tuple(size)
        self.module: Any = module

    def _sizes(self, inner: Sequence[int]) -> Sequence[int]:
        given, ratio = self.module.output_size, self.module.output_ratio
        if given is not None:
            return (given,) * self.rank if isinstance(given, int) else given
        ratios = (ratio,) * self.rank if isinstance(ratio, float) else ratio
        return [int(length * share) for length, share in zip(inner, ratios, strict=True)]

    def forward(self, values: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The largest value of each window, and its place where that is asked for."""
        inner = values.shape[2:]
        drawn = torch.rand(*values.shape[:2], self.rank, dtype=values.dtype, device=values.device)
        drawn = drawn.flip(-1) if self.rank == 2 else drawn  # the layer draws the width before the height
        places = torch.zeros([1] * (2 + 2 * self.rank), dtype=torch.int64, device=values.device)
        for index, sizes in enumerate(zip(inner, self._sizes(inner), self.windows, strict=True)):
            rows = _windows(drawn[..., index], *sizes)
            shape = [1] * 2 * self.rank
            shape[index], shape[self.rank + index] = sizes[1:]
            places = places * sizes[0] + rows.reshape(*rows.shape[:2], *shape)
        cells = places.flatten(2 + self.rank)
        found = values.flatten(2).gather(2, cells.flatten(2)).reshape(cells.shape)
        largest, at = found.max(-1, keepdim=True)
        where = cells.gather(-1, at).squeeze(-1)
        return (largest.squeeze(-1), where) if self.module.return_indices else largest.squeeze(-1)


def _windows(drawn: Tensor, length: int, many: int, window: int) -> Tensor:
    """The places in each window of each channel: channels × windows × places. The last window ends with the values."""
    step = (length - window) / max(many - 1, 1)
    numbers = torch.arange(many - 1, device=drawn.device)
    starts = ((numbers + drawn.unsqueeze(-1)) * step).long() - (drawn.unsqueeze(-1) * step).long()
    last = torch.full_like(drawn, length - window).long().unsqueeze(-1)
    return torch.cat([starts, last], -1).unsqueeze(-1) + torch.arange(window, device=drawn.device)


STANDINS: Mapping[type[nn.Module], Callable[[Any], nn.Module]] = {
    nn.AdaptiveLogSoftmaxWithLoss: Likelihood,
    nn.CrossMapLRN2d: Neighbours,
    nn.FractionalMaxPool2d: Fractions,
    nn.FractionalMaxPool3d: Fractions,
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
