"""Rows of the database to records and back."""

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from netloom.errors import RunError
from netloom.runs.record import Curves, RunRecord, Steps
from netloom.training.events import EpochEnded


class UnknownRunError(RunError):
    """A run that was asked for is not there, or could be several."""


def record(row: sqlite3.Row, store: Path) -> RunRecord:
    """A row of the table of runs as a record without curves."""
    return RunRecord(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        started=row["started"],
        epochs=row["epochs"],
        steps=row["steps"],
        seconds=row["seconds"],
        losses=json.loads(row["losses"]),
        metrics=json.loads(row["metrics"]),
        settings=json.loads(row["settings"]),
        device=row["device"],
        message=row["message"],
        node=row["node"],
        folder=store / re.sub(r"[^\w-]", "_", row["id"]),  # whatever the database says, a run stays in its store
        text=row["document"],
    )


def insert(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """Add a run; sqlite3.IntegrityError where its id is taken."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608


def find(connection: sqlite3.Connection, key: str) -> sqlite3.Row:
    """The row of a run by its id, the beginning or end of it, or "latest"; else UnknownRunError."""
    if key == "latest":
        found = connection.execute("SELECT * FROM runs ORDER BY number DESC LIMIT 1").fetchall()
    else:
        found = connection.execute("SELECT * FROM runs WHERE id = ?", (key,)).fetchall() or _alike(connection, key)
    if not found:
        raise UnknownRunError(f"There is no run {key!r} here. `netloom runs list` shows those that there are.")
    if len(found) > 1:
        names = ", ".join(row["id"] for row in found[:4])
        raise UnknownRunError(
            f"{key!r} could be any of {len(found)} runs: {names}{' …' if len(found) > 4 else ''}. Give more of the id."
        )
    row: sqlite3.Row = found[0]
    return row


def _alike(connection: sqlite3.Connection, key: str) -> list[sqlite3.Row]:
    length = len(key)
    query = "SELECT * FROM runs WHERE ? > 0 AND (substr(id, 1, ?) = ? OR substr(id, -?) = ?) ORDER BY number"
    return connection.execute(query, (length, length, key, length, key)).fetchall()


def with_curves(connection: sqlite3.Connection, run: RunRecord) -> RunRecord:
    """The record with everything that was measured."""
    pieces: dict[str, list[tuple[int, bytes]]] = {}
    query = "SELECT loss, first_step, data FROM steps WHERE run = ? ORDER BY first_step"
    for row in connection.execute(query, (run.id,)):
        pieces.setdefault(row["loss"], []).append((row["first_step"], row["data"]))
    query = "SELECT epoch, step, scores FROM epochs WHERE run = ? ORDER BY epoch"
    epochs = tuple(_epoch(row) for row in connection.execute(query, (run.id,)))
    return replace(run, curves=Curves({loss: _steps(found) for loss, found in pieces.items()}, epochs))


def _steps(pieces: list[tuple[int, bytes]]) -> Steps:
    values = [np.frombuffer(data, np.float32) for _, data in pieces]
    numbers = [first + np.arange(len(part), dtype=np.int64) for (first, _), part in zip(pieces, values, strict=True)]
    return Steps(np.concatenate(numbers), np.concatenate(values))


def _epoch(row: sqlite3.Row) -> EpochEnded:
    scores = json.loads(row["scores"])
    confusion = None if scores["confusion"] is None else np.array(scores["confusion"], np.int64)
    return EpochEnded(row["epoch"], row["step"], scores["losses"], scores["metrics"], confusion, scores["best"])
