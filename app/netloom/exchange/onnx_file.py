"""A model as `.onnx`, checked by onnx and run by onnxruntime."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from netloom.exchange.program_file import dynamic_shapes
from netloom.exchange.ready import Ready, Run, Tensors

LARGEST_SINGLE_FILE = 1_500_000_000
"""Bytes of weights; above it they go into a second file, since a file of the format ends at 2 GB."""


def write(ready: Ready, path: Path, say: Callable[[str], None]) -> Run:
    """Export, save and check the file; onnxruntime running it."""
    program = torch.onnx.export(
        ready.model,
        ready.example(),
        dynamo=True,
        dynamic_shapes=dynamic_shapes(ready),
        input_names=list(ready.plan.inputs),
        output_names=list(ready.plan.outputs),
        verbose=False,
    )
    if program is None:
        raise RuntimeError("The exporter gave no program.")
    program.save(path, external_data=_bytes(ready) > LARGEST_SINGLE_FILE)
    say("Checking the file")
    _check(path)
    return _session(path, list(ready.plan.inputs))


def _bytes(ready: Ready) -> int:
    return sum(value.numel() * value.element_size() for value in ready.model.state_dict().values())


def _check(path: Path) -> None:
    import onnx

    onnx.checker.check_model(str(path), full_check=True)


def _session(path: Path, names: list[str]) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(batch: Tensors) -> Tensors:
        fed: dict[str, Any] = {name: column.numpy() for name, column in zip(names, batch, strict=True)}
        return tuple(torch.from_numpy(np.asarray(answer)) for answer in session.run(None, fed))

    return run
