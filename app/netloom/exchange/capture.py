"""A model as a program that PyTorch can write down, with the dimensions free that the document leaves free."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch.export import ExportedProgram

from netloom.exchange.ready import Ready
from netloom.exchange.standins import traceable


def dynamic_shapes(ready: Ready) -> tuple[dict[int, Any], ...]:
    """For each input the dimensions that stay free, by their letters."""
    letters: dict[str, Any] = {}
    shapes = []
    for flow in ready.plan.inputs.values():
        free = {index: str(dim) for index, dim in enumerate(flow.shape) if not isinstance(dim, int)}
        shapes.append({index: letters.setdefault(name, torch.export.Dim(name)) for index, name in free.items()})
    return tuple(shapes)


def captured(ready: Ready) -> ExportedProgram:
    """The program of a model; what PyTorch raises where it has none."""
    model = traceable(ready.model)
    free = {dim for flow in ready.plan.inputs.values() for dim in flow.shape[1:] if not isinstance(dim, int)}
    with _stepwise() if free else nullcontext():
        return torch.export.export(model, ready.example(), dynamic_shapes=dynamic_shapes(ready))


@contextmanager
def _stepwise() -> Iterator[None]:
    """Recurrent layers as loops over their steps: slower than the layer itself, which has only fixed lengths.

    A release of PyTorch without such loops leaves the length fixed and says so.
    """
    try:
        from torch.export import _patches as loops

        entered = (loops.register_lstm_while_loop_decomposition(), loops.register_gru_while_loop_decomposition())
    except (ImportError, AttributeError):
        yield
        return
    _forget_layers()
    try:
        with entered[0], entered[1]:
            yield
    finally:
        _forget_layers()


def _forget_layers() -> None:
    """PyTorch remembers what an earlier export made of a layer, loops or none."""
    for layer in (torch.ops.aten.lstm.input, torch.ops.aten.gru.input):
        layer._dispatch_cache.clear()  # noqa: SLF001
