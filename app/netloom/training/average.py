"""A running average of weights, which often scores better than the weights themselves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """After each step: average ← decay · average + (1 − decay) · weight; it begins with the weights of the first step.

    As `torch.optim.swa_utils.get_ema_multi_avg_fn` does it.
    """

    def __init__(self, parameters: Sequence[nn.Parameter], decay: float) -> None:
        self.parameters = list(parameters)
        self.decay = decay
        self.tensors = [parameter.detach().clone() for parameter in self.parameters]
        self.has_begun = False

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights as they are now."""
        if self.has_begun:
            torch._foreach_lerp_(self.tensors, [each.detach() for each in self.parameters], 1 - self.decay)
        else:
            self.restore([parameter.detach() for parameter in self.parameters])

    @torch.no_grad()
    def restore(self, tensors: Sequence[Tensor]) -> None:
        """Go on from these."""
        for own, value in zip(self.tensors, tensors, strict=True):
            own.copy_(value)
        self.has_begun = True

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The averages in place of the weights inside, the weights again afterwards. No tensor is copied."""
        if not self.has_begun:
            yield
            return
        kept = [parameter.data for parameter in self.parameters]
        try:
            for parameter, value in zip(self.parameters, self.tensors, strict=True):
                parameter.data = value
            yield
        finally:
            for parameter, value in zip(self.parameters, kept, strict=True):
                parameter.data = value
