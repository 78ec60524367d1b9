"""The curves of runs as a table that any program reads."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from netloom.errors import RunError
from netloom.graph import atomic
from netloom.runs.record import RunRecord
from netloom.training.events import Scores, Split

FIRST = ("run", "name", "step", "epoch")


def write_csv(runs: Sequence[RunRecord], path: Path) -> None:
    """Write one line for each step of each run, with what was measured there; RunError where the file cannot be."""
    columns = [*FIRST, *dict.fromkeys(name for run in runs for name in _columns(run))]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    for run in runs:
        writer.writerows(_lines(run))
    try:
        atomic.write(path, text.getvalue().encode())
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror or error}.") from error


def _columns(run: RunRecord) -> Iterator[str]:
    yield from (f"step {name}" for name in run.curves.steps)
    for epoch in run.curves.epochs:
        yield from _scores(epoch.losses, epoch.metrics)


def _scores(*tables: Mapping[Split, Scores]) -> dict[str, float]:
    return {
        f"{split} {name}": value for table in tables for split, found in table.items() for name, value in found.items()
    }


def _lines(run: RunRecord) -> Iterator[dict[str, object]]:
    lines: dict[int, dict[str, object]] = {}
    for name, steps in run.curves.steps.items():
        for step, value in zip(steps.x.tolist(), steps.y, strict=True):
            lines.setdefault(step, {})[f"step {name}"] = str(value)  # the shortest text that gives this number again
    for epoch in run.curves.epochs:
        lines.setdefault(epoch.step, {}).update(_scores(epoch.losses, epoch.metrics), epoch=epoch.epoch)
    for step in sorted(lines):
        yield {"run": run.id, "name": run.name, "step": step} | lines[step]
