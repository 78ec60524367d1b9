"""From a tensor to a preview: few numbers, small enough to draw thirty times a second."""

import dataclasses
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from netloom.training.events import Preview

Kind: TypeAlias = Literal["maps", "grid", "vector", "histogram"]

BINS = 32
MOST_COUNTED = 16_384
MOST_VALUES = 64
MOST_MAPS, MOST_MAPS_IN_FOCUS = 16, 64
SIDE, SIDE_IN_FOCUS = 64, 128
MOSAIC = 25


def of_output(values: Tensor, *, focus: bool = False) -> Preview:
    """What a node puts out for a batch (first dimension): the first sample is shown, all are counted.

    C×H×W becomes maps, the most active channels first; L×D a grid; a vector itself, thinned where it is long. Of
    complex numbers the magnitude is shown.
    """
    values = _real(values)
    sample = values[0] if values.dim() else values
    if sample.dim() >= 3:
        return _preview("maps", _maps(sample.flatten(0, -3), focus), values, tuple(sample.shape))
    if sample.dim() == 2:
        return _preview("grid", _shrunk(sample[None], focus)[0], values, tuple(sample.shape))
    return _preview("vector", _thinned(sample.reshape(-1)), values, tuple(sample.shape))


def of_weight(values: Tensor, *, focus: bool = False) -> Preview:
    """A layer's weight: filters of a convolution as maps, matrices as a grid."""
    values = _real(values)
    shape = tuple(values.shape)
    if values.dim() >= 4:
        return _preview("maps", _maps(values.flatten(0, -3), focus), values, shape)
    if values.dim() >= 2:
        return _preview("grid", _shrunk(values.flatten(0, -2)[None], focus)[0], values, shape)
    return _preview("vector", _thinned(values.reshape(-1)), values, shape)


def of_column(values: Tensor) -> Preview:
    """A dataset's column: a mosaic of several images, one channel each; otherwise how its values are spread."""
    values = _real(values)
    shape = tuple(values.shape[1:])
    if values.dim() == 4:
        return _preview("maps", _shrunk(values[:MOSAIC].mean(1), focus=False), values, shape)
    found = _preview("histogram", _thinned(values.reshape(-1)), values, shape)
    return dataclasses.replace(found, data=found.counts)


def _real(values: Tensor) -> Tensor:
    """Any numbers as such that can be drawn: of complex ones their magnitude."""
    values = values.detach()
    return (values.abs() if values.is_complex() else values).float()


def _maps(maps: Tensor, focus: bool) -> Tensor:
    most = MOST_MAPS_IN_FOCUS if focus else MOST_MAPS
    activity = maps.abs().mean((1, 2)).nan_to_num()
    chosen = (
        activity.argsort(descending=True, stable=True)[:most].sort().values
    )  # in their own order, so that none jumps
    return _shrunk(maps[chosen], focus)


def _shrunk(maps: Tensor, focus: bool) -> Tensor:
    side = SIDE_IN_FOCUS if focus else SIDE
    height, width = maps.shape[1:]
    if height <= side and width <= side:
        return maps
    return adaptive_avg_pool2d(maps[None], (min(height, side), min(width, side)))[0]


def _thinned(values: Tensor) -> Tensor:
    if len(values) <= MOST_VALUES:
        return values
    return values[torch.arange(MOST_VALUES, device=values.device) * len(values) // MOST_VALUES]


def _preview(kind: Kind, data: Tensor, seen: Tensor, shape: tuple[int, ...]) -> Preview:
    flat = seen.reshape(-1)
    counted = flat[:: -(-len(flat) // MOST_COUNTED)] if len(flat) else flat
    finite = counted[counted.isfinite()].cpu()
    if not len(finite):
        return Preview(kind, _array(data), 0.0, 0.0, 0.0, 0.0, shape)
    low, high = (float(value) for value in flat[flat.isfinite()].aminmax())
    counts, _ = np.histogram(finite.numpy(), BINS, (low, high) if high > low else (low - 0.5, low + 0.5))
    mean, std = float(finite.mean()), float(finite.std(correction=0))
    return Preview(kind, _array(data), low, high, mean, std, shape, counts.astype(np.float32))


def _array(data: Tensor) -> npt.NDArray[np.float32]:
    return np.array(data.cpu().numpy(), np.float32)
