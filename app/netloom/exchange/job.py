"""An export from beginning to end: compile, write beside, check on real samples, put in place."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from netloom.errors import ExportError, NetloomError
from netloom.exchange.compare import largest_difference
from netloom.exchange.place import staged
from netloom.exchange.quiet import quiet
from netloom.exchange.ready import Ready, Run, prepare
from netloom.exchange.refusal import refusal
from netloom.exchange.report import ExportReport
from netloom.graph import Document

if TYPE_CHECKING:
    from torch import Tensor

TOLERANCE = 1e-4
"""The largest difference that is accepted, relative to the largest answer of the model."""
SMALLEST_SCALE = 1e-6

Say: TypeAlias = Callable[[str], None]
Write: TypeAlias = Callable[[Ready, Path, Say], Run]


def _python(ready: Ready, path: Path, say: Say) -> Run:
    from netloom.exchange import python_file

    return python_file.write(ready, path, say)


def _onnx(ready: Ready, path: Path, say: Say) -> Run:
    from netloom.exchange import onnx_file

    return onnx_file.write(ready, path, say)


def _program(ready: Ready, path: Path, say: Say) -> Run:
    from netloom.exchange import program_file

    return program_file.write(ready, path, say)


def _weights(ready: Ready, path: Path, say: Say) -> Run:
    from netloom.exchange import weights_file

    return weights_file.write(ready, path, say)


FORMATS: Mapping[str, tuple[str, Write]] = {
    ".py": ("Python", _python),
    ".onnx": ("ONNX", _onnx),
    ".pt2": ("a PyTorch program", _program),
    ".safetensors": ("weights", _weights),
}
"""What the file's ending says: a title, and what writes the file and reads it back as a function."""


def export(
    document: Document, path: Path | str, *, weights: Path | str | None = None, progress: Say | None = None
) -> ExportReport:
    """Write the model of a document as the file's ending says: .py, .onnx, .pt2 or .safetensors.

    Without `weights` (a safetensors file) the model is exported as it would begin to train. `progress` hears of each
    stage; an exception that it raises ends the export and leaves nothing behind. BuildError where the graph has errors,
    ExportError where the file cannot be written or would not give the model's answers.
    """
    target = Path(path).absolute()
    title, write = _format(target)
    say = progress or _silent
    say("Building the model")
    ready = prepare(document, None if weights is None else Path(weights))
    with staged(target) as stage:
        say(f"Writing {title}")
        with quiet():
            run = _written(write, ready, stage.path, say)
            say(f"Comparing answers on {ready.count} samples")
            largest, scale = largest_difference(ready, run, target.name)
        _refuse_different(target.name, largest, scale)
        say("Putting the file in place")
        files = stage.put()
    return ExportReport(target, files, largest, ready.count, _told(ready, largest, weights is not None), scale)


def _silent(_: str) -> None:
    pass


def _format(target: Path) -> tuple[str, Write]:
    known = FORMATS.get(target.suffix.lower())
    if known is None:
        given = f"{target.suffix!r} is not a format that Netloom writes" if target.suffix else "the name has no ending"
        raise ExportError(f"{target.name}: {given}. Use one of {', '.join(FORMATS)}.")
    return known


def _written(write: Write, ready: Ready, path: Path, say: Say) -> Run:
    try:
        return write(ready, path, say)
    except (NetloomError, OSError):
        raise
    except Exception as error:
        raise refusal(path.name, ready, error) from error


def _refuse_different(name: str, largest: float, scale: float) -> None:
    if math.isnan(scale):
        raise ExportError(f"{name} was not written: the model's answers are not numbers. Choose another run.")
    relative = largest / max(scale, SMALLEST_SCALE)
    if not relative <= TOLERANCE:
        raise ExportError(
            f"{name} was not written: its answers differ from the model's by up to {largest:.3g}, which is "
            f"{relative:.1e} of the largest answer; {TOLERANCE:.0e} is allowed. Export to .py or .pt2 instead."
        )


def _told(ready: Ready, largest: float, is_trained: bool) -> str:
    samples = "held-out samples" if ready.is_real else "made-up samples"
    text = f"Gives the model's answers on {ready.count} {samples}; the largest difference is {largest:.1e}."
    return text if is_trained else f"{text} The weights are untrained."


def read_weights(path: Path | str) -> "dict[str, Tensor]":
    """The tensors of a safetensors file by name; ExportError where it cannot be read."""
    from netloom.exchange import weights_file

    return weights_file.read(Path(path))
