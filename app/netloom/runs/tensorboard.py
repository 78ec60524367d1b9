"""The curves of runs as event files of TensorBoard."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from netloom.errors import RunError
from netloom.runs.record import RunRecord
from netloom.training.events import Scores, Split

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

INSTALL = 'python -m pip install "netloom[tracking]"'


def write_events(run: RunRecord, folder: Path) -> Path:
    """Write the scalars, marks and notes of a run into a folder of its own there; RunError without TensorBoard."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise RunError(f"TensorBoard files need the package tensorboard, which is not installed: {INSTALL}") from error
    place = folder / run.folder_name
    try:
        with SummaryWriter(str(place)) as writer:
            _write(writer, run)
    except OSError as error:
        raise RunError(f"{place} cannot be written: {error.strerror or error}.") from error
    return place


def _write(writer: "SummaryWriter", run: RunRecord) -> None:
    for name, steps in run.curves.steps.items():
        for step, value in zip(steps.x.tolist(), steps.y.tolist(), strict=True):
            writer.add_scalar(f"step/{name}", value, step)
    for epoch in run.curves.epochs:
        for what, table in (("loss", epoch.losses), ("metric", epoch.metrics)):
            _write_scores(writer, what, table, epoch.step)
    for mark in run.curves.marks:
        writer.add_text("changed", f"{mark.title}: {mark.text}", mark.step)
    if run.notes:
        writer.add_text("notes", run.notes)
    writer.add_text("settings", "  \n".join(f"{name}: {value}" for name, value in run.settings.items()))


def _write_scores(writer: "SummaryWriter", what: str, table: Mapping[Split, Scores], step: int) -> None:
    for split, scores in table.items():
        for name, value in scores.items():
            writer.add_scalar(f"{what}/{split}/{name}", value, step)
