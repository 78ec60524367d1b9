"""A model as a `.pt2` program, as `torch.export` writes it: graph and weights in one file, the batch of any size."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from netloom.exchange.ready import Ready, Run, Tensors, as_tuple


def dynamic_shapes(ready: Ready) -> tuple[dict[int, Any], ...]:
    """For each input the dimensions that stay free, by their letters."""
    letters: dict[str, Any] = {}
    shapes = []
    for flow in ready.plan.inputs.values():
        free = {index: str(dim) for index, dim in enumerate(flow.shape) if not isinstance(dim, int)}
        shapes.append({index: letters.setdefault(name, torch.export.Dim(name)) for index, name in free.items()})
    return tuple(shapes)


def write(ready: Ready, path: Path, say: Callable[[str], None]) -> Run:
    """Export and save the program; the program as it was read again."""
    program = torch.export.export(ready.model, ready.example(), dynamic_shapes=dynamic_shapes(ready))
    torch.export.save(program, path)
    say("Reading the program again")
    again = torch.export.load(path).module()

    def run(batch: Tensors) -> Tensors:
        return as_tuple(again(*batch))

    return run
