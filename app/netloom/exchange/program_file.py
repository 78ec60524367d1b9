"""A model as a `.pt2` program, as `torch.export` writes it: graph and weights in one file, the batch of any size."""

from collections.abc import Callable
from pathlib import Path

import torch

from netloom.exchange.capture import captured
from netloom.exchange.ready import Ready, Run, Tensors, as_tuple


def write(ready: Ready, path: Path, say: Callable[[str], None]) -> Run:
    """Export and save the program; the program as it was read again."""
    torch.export.save(captured(ready), path)
    say("Reading the program again")
    again = torch.export.load(path).module()

    def run(batch: Tensors) -> Tensors:
        return as_tuple(again(*batch))

    return run
