"""Weights as `.safetensors`, under their `state_dict` names."""

from copy import deepcopy
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from netloom.errors import ExportError
from netloom.exchange.ready import Ready, Run, Tensors, as_tuple


def save(model: nn.Module, path: Path) -> None:
    """Write the weights, each in memory of its own: the format knows no shared storage."""
    save_file({name: value.clone().contiguous() for name, value in model.state_dict().items()}, path, {"format": "pt"})


def read(path: Path) -> dict[str, Tensor]:
    """The tensors by name; ExportError where the file cannot be read."""
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise ExportError(f"{path.name} cannot be read as safetensors: {error}") from error


def write(ready: Ready, path: Path, say: object) -> Run:
    """Write the weights; the model with the weights as they were read again."""
    del say
    save(ready.model, path)
    again = deepcopy(ready.model)
    again.load_state_dict(read(path))

    def run(batch: Tensors) -> Tensors:
        return as_tuple(again(*batch))

    return run
