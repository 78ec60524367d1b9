"""How far the answers of a written file are from those of the model."""

from typing import TYPE_CHECKING

from netloom.errors import ExportError
from netloom.exchange.ready import Ready, Run, Tensors

if TYPE_CHECKING:
    from torch import Tensor


def largest_difference(ready: Ready, run: Run, name: str) -> tuple[float, float]:
    """The largest absolute difference over all samples and outputs, and the largest answer.

    What a model draws is the same in both: the middle, or what the same seed gives.
    """
    import torch

    from netloom.exchange.still import Still

    largest, scale = 0.0, 0.0
    with torch.no_grad():
        for batch in ready.batches():
            with torch.random.fork_rng(devices=[]), Still():
                torch.manual_seed(0)
                answers = ready.answers(batch)
                torch.manual_seed(0)
                found = _answers(run, batch, name)
            for wanted, got in zip(answers, found, strict=True):
                if wanted.shape != got.shape:
                    shapes = f"{tuple(got.shape)} where the model gives {tuple(wanted.shape)}"
                    raise ExportError(f"{name} was not written: it answers {shapes} for a batch of {len(batch[0])}.")
                largest = _larger(largest, torch.where(wanted == got, 0, _wide(wanted) - _wide(got)))
                scale = _larger(scale, torch.where(torch.isinf(wanted), 0, _wide(wanted)))
    return largest, scale


def _answers(run: Run, batch: Tensors, name: str) -> Tensors:
    try:
        return run(batch)
    except Exception as error:
        shapes = ", ".join(str(tuple(column.shape)) for column in batch)
        reason = str(error).strip().partition("\n")[0]
        raise ExportError(f"{name} was not written: it does not run on inputs of {shapes}. {reason}") from error


def _wide(values: "Tensor") -> "Tensor":
    """As exact as can be, so that a difference is not rounded away."""
    import torch

    return values.to(torch.complex128 if values.is_complex() else torch.float64)


def _larger(before: float, values: "Tensor") -> float:
    found = float(values.abs().max()) if values.numel() else 0.0
    return found if found != found else max(before, found)
