"""A model as `.onnx`, checked by onnx and run by onnxruntime."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.export import ExportedProgram

from netloom.exchange.capture import captured, dynamic_shapes
from netloom.exchange.ready import Ready, Run, Tensors
from netloom.exchange.rewriting import rewritten
from netloom.exchange.still import stilled

OPERATION = re.compile(r"(?:translating node %|node name: (?:node_)?)(\w+?)(?:__\d+)?\b")
"""How exporters call the operation that they stopped at."""
LARGEST_SINGLE_FILE = 1_500_000_000
"""Bytes of weights; above it they go into a second file, since a file of the format ends at 2 GB."""


def write(ready: Ready, path: Path, say: Callable[[str], None]) -> Run:
    """Export, save and check the file; onnxruntime running it."""
    program = rewritten(captured(ready))
    try:
        _translated(ready, program).save(path, external_data=_bytes(ready) > LARGEST_SINGLE_FILE)
        say("Checking the file")
        _check(path)
    except Exception as error:
        error.add_note(_line(program, str(error)))
        raise
    return _session(
        path, list(ready.plan.inputs), [flow.dtype.startswith("complex") for flow in ready.plan.outputs.values()]
    )


def _translated(ready: Ready, program: ExportedProgram) -> torch.onnx.ONNXProgram:
    found = torch.onnx.export(
        program,
        ready.example(),
        dynamo=True,
        dynamic_shapes=dynamic_shapes(ready),
        input_names=list(ready.plan.inputs),
        output_names=list(ready.plan.outputs),
        verbose=False,
    )
    if found is None:
        raise RuntimeError("The exporter gave no program.")
    return found


def _line(program: ExportedProgram, said: str) -> str:
    """The lines that led to the operation that an exporter speaks of, or "" where it speaks of none that is known."""
    names = OPERATION.findall(said)
    for each in (program, program.run_decompositions()) if names else ():
        for node in each.graph.nodes:
            if node.name in names and node.meta.get("stack_trace"):
                return str(node.meta["stack_trace"])
    return ""


def _bytes(ready: Ready) -> int:
    return sum(value.numel() * value.element_size() for value in ready.model.state_dict().values())


def _check(path: Path) -> None:
    import onnx

    onnx.checker.check_model(str(path), full_check=True)


def _session(path: Path, names: list[str], are_complex: list[bool]) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    shown = _without_chance(path)
    session = onnxruntime.InferenceSession(shown, options, providers=["CPUExecutionProvider"])

    def run(batch: Tensors) -> Tensors:
        fed: dict[str, Any] = {name: _real(column).numpy() for name, column in zip(names, batch, strict=True)}
        answers = (torch.from_numpy(np.asarray(answer)) for answer in session.run(None, fed))
        pairs = zip(answers, are_complex, strict=True)
        return tuple(torch.view_as_complex(answer) if is_complex else answer for answer, is_complex in pairs)

    return run


def _without_chance(path: Path) -> Path | bytes:
    """The file, or another one beside it for the time of the comparison."""
    import onnx

    model = onnx.load(path, load_external_data=False)
    still = stilled(model)
    return path if still is model else still.SerializeToString()


def _real(values: Tensor) -> Tensor:
    """Complex numbers as pairs in a last dimension, which is how the format has them."""
    return torch.view_as_real(values) if values.is_complex() else values
