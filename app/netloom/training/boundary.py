"""The decision boundary: what a classifier answers over the plane of its two features."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from netloom.training.evaluate import is_real, several
from netloom.training.events import Boundary
from netloom.training.network import Network

SIDE = 64
MARGIN = 0.1
MOST_POINTS = 1_000

Extent: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """A grid of points over the data, and the data's own points; row 0 of the grid is at the lowest second feature."""

    network: Network
    output: int
    grid: Tensor
    extent: Extent
    points: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]

    @classmethod
    def of(cls, network: Network) -> "Plane | None":
        """The plane of a model with one input of two features and an output that tells classes; None for others."""
        feed, plan = network.feed, network.compiled.plan
        if feed.inputs != 1 or feed.columns[0].shape[1:] != (2,):
            return None
        column = next((i for i in range(1, len(feed.columns)) if feed.classes[i]), None)
        widths = (1, len(feed.classes[column])) if column else ()
        output = next(
            (
                i
                for i, flow in enumerate(plan.outputs.values())
                if flow.shape[1:] in {(w,) for w in widths} and is_real(flow.dtype)
            ),
            None,
        )
        if column is None or output is None:
            return None
        points, labels = feed.columns[0], feed.columns[column]
        grid, extent = _grid(points)
        chosen = (
            torch.arange(min(len(points), MOST_POINTS), device=points.device)
            * len(points)
            // min(len(points), MOST_POINTS)
        )
        return cls(network, output, grid, extent, points[chosen].cpu().numpy(), labels[chosen].cpu().numpy())

    def read(self) -> Boundary:
        """What the model answers now; it must be in eval mode."""
        with torch.no_grad():
            scores = several(self.network.compiled.model(self.grid))[self.output].float()
        likelihood = torch.cat([-scores, scores], 1).mul(0.5).softmax(1) if scores.shape[1] == 1 else scores.softmax(1)
        certainty, values = likelihood.max(1)
        return Boundary(
            values.reshape(SIDE, SIDE).cpu().numpy(),
            certainty.reshape(SIDE, SIDE).cpu().numpy(),
            self.extent,
            self.points,
            self.labels,
        )


def _grid(points: Tensor) -> tuple[Tensor, Extent]:
    low, high = points.amin(0), points.amax(0)
    margin = (high - low) * MARGIN
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    x = torch.linspace(left, right, SIDE, device=points.device)
    y = torch.linspace(bottom, top, SIDE, device=points.device)
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([columns, rows], -1).reshape(-1, 2), (left, right, bottom, top)
