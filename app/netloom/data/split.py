"""Splits by seed: which rows train, and which are held out."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from netloom.errors import DataError

Split: TypeAlias = Literal["train", "val"]


def split(rows: int, validation: float, seed: int, strata: Tensor | None = None) -> Mapping[Split, Tensor]:
    """Row numbers of both splits in ascending order; `strata` (one label a row) keeps the share of each label.

    At least one row trains; with `validation` above 0 and two rows or more, at least one is held out.
    """
    if not 0 <= validation < 1:
        raise DataError(f"The share held out for validation is {validation}, expected 0 or more and less than 1.")
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(rows, generator=generator)
    held = min(rows - 1, max(1, round(rows * validation))) if validation else 0
    if strata is not None:
        order = _interleaved(order, strata)
    return {"train": order[held:].sort().values, "val": order[:held].sort().values}


def _interleaved(order: Tensor, strata: Tensor) -> Tensor:
    """The shuffled rows with each label spread evenly, so that every prefix holds each label in its share."""
    labels = strata[order]
    place = torch.empty(len(order), dtype=torch.float64)
    for label in sorted(set(labels.tolist())):
        mine = (labels == label).nonzero().squeeze(1)
        place[mine] = (torch.arange(len(mine), dtype=torch.float64) + 0.5) / len(mine)
    return order[place.argsort(stable=True)]
