"""Rows of the database to records and back."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from netloom.errors import RunError
from netloom.runs.record import Curves, Mark, RunLine, RunRecord, Steps
from netloom.training.events import EpochEnded

LINE = (
    "number, id, name, state, started, epochs, steps, seconds, losses, metrics, settings, device, message, node, "
    "fingerprint, notes, tags, pinned, hidden, about"
)
"""The columns that a list needs, in the order of a RunLine's fields."""
JSON, TAGS, FLAGS = slice(8, 11), 16, slice(17, 19)
"""Where among them JSON stands, the tags, and yes or no."""
_decode = msgspec.json.Decoder().decode
PER_RUN = (("documents", "run"), ("epochs", "run"), ("steps", "run"), ("marks", "run"), ("runs", "id"))
"""The tables with rows of a run, and the column that names it."""


class UnknownRunError(RunError):
    """A run that was asked for is not there, or could be several."""


def lines(connection: sqlite3.Connection, store: Path, which: str = "", *values: Any) -> list[RunLine]:
    """The runs for which a condition holds, oldest first, without those that were deleted."""
    condition = f"deleted = '' AND ({which})" if which else "deleted = ''"
    query = f"SELECT {LINE} FROM runs WHERE {condition} ORDER BY number"  # noqa: S608
    return [RunLine(*_fields(tuple(row), store)) for row in connection.execute(query, values)]


def record(connection: sqlite3.Connection, row: sqlite3.Row, store: Path) -> RunRecord:
    """All that is known of the run of a row of the table of runs."""
    line = connection.execute(f"SELECT {LINE} FROM runs WHERE id = ?", (row["id"],)).fetchone()  # noqa: S608
    query = "SELECT version, text FROM documents WHERE run = ?"
    texts = dict(connection.execute(query, (row["id"],)).fetchall())
    return RunRecord(
        *_fields(tuple(line), store),  # type: ignore[misc]
        text=texts.get("trained", ""),
        first_text=texts.get("first"),
        versions=_decoded(row["versions"]),
        data=row["data"],
        tuning=_decoded(row["tuning"]),
        curves=_curves(connection, row["id"]),
    )


def _fields(row: tuple[Any, ...], store: Path) -> tuple[Any, ...]:
    """The fields of a RunLine: by place, for there may be ten thousand of them to wait for."""
    tags = tuple(row[TAGS].split("\n")) if row[TAGS] else ()
    flags = (row[FLAGS.start] == 1, row[FLAGS.stop - 1] == 1)
    before, between = row[: JSON.start], row[JSON.stop : TAGS]
    return (*before, *map(_decoded, row[JSON]), *between, tags, *flags, row[FLAGS.stop], store)


def _decoded(text: str) -> Any:
    """JSON as Python writes it: the quick reader knows no NaN, and a loss may be one."""
    if text == "{}":
        return {}
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


def insert(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """Add a run with its document; sqlite3.IntegrityError where its id is taken."""
    own = {name: value for name, value in values.items() if name != "document"}
    names, places = ", ".join(own), ", ".join("?" * len(own))
    connection.execute(f"INSERT INTO runs ({names}) VALUES ({places})", tuple(own.values()))  # noqa: S608
    set_text(connection, values["id"], "trained", values["document"])


def set_text(connection: sqlite3.Connection, run: str, version: str, text: str) -> None:
    """Keep a document of a run: "trained", or "first" where it was changed meanwhile."""
    connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (run, version, text))


def keep_first(connection: sqlite3.Connection, run: str) -> None:
    """Before its document changes, keep the one that a run began with."""
    query = "INSERT OR IGNORE INTO documents SELECT run, 'first', text FROM documents WHERE run = ? AND version = ?"
    connection.execute(query, (run, "trained"))


def forget(connection: sqlite3.Connection, run: str) -> None:
    """Remove every row of a run."""
    for table, column in PER_RUN:
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (run,))  # noqa: S608


def find(connection: sqlite3.Connection, key: str) -> sqlite3.Row:
    """The row of a run by its id, the beginning or end of it, or "latest"; else UnknownRunError."""
    found = _found(connection, key)
    if not found:
        raise UnknownRunError(f"There is no run {key!r} here. `netloom runs list` shows those that there are.")
    if len(found) > 1:
        names = ", ".join(row["id"] for row in found[:4])
        raise UnknownRunError(
            f"{key!r} could be any of {len(found)} runs: {names}{' …' if len(found) > 4 else ''}. Give more of the id."
        )
    return found[0]


def _found(connection: sqlite3.Connection, key: str) -> list[sqlite3.Row]:
    kept = "SELECT * FROM runs WHERE deleted = ''"
    if key == "latest":
        return connection.execute(f"{kept} ORDER BY number DESC LIMIT 1").fetchall()
    exact = connection.execute(f"{kept} AND id = ?", (key,)).fetchall()
    length = len(key)
    alike = f"{kept} AND ? > 0 AND (substr(id, 1, ?) = ? OR substr(id, -?) = ?) ORDER BY number"
    return exact or connection.execute(alike, (length, length, key, length, key)).fetchall()


def _curves(connection: sqlite3.Connection, run: str) -> Curves:
    """Everything that was measured."""
    pieces: dict[str, list[tuple[int, bytes]]] = {}
    query = "SELECT loss, first_step, data FROM steps WHERE run = ? ORDER BY first_step"
    for row in connection.execute(query, (run,)):
        pieces.setdefault(row["loss"], []).append((row["first_step"], row["data"]))
    query = "SELECT epoch, step, scores FROM epochs WHERE run = ? ORDER BY epoch"
    epochs = tuple(_epoch(row) for row in connection.execute(query, (run,)))
    query = "SELECT step, title, text FROM marks WHERE run = ? ORDER BY step, rowid"
    marks = tuple(Mark(*row) for row in connection.execute(query, (run,)))
    return Curves({loss: _steps(found) for loss, found in pieces.items()}, epochs, marks)


def _steps(pieces: list[tuple[int, bytes]]) -> Steps:
    values = [np.frombuffer(data, np.float32) for _, data in pieces]
    numbers = [first + np.arange(len(part), dtype=np.int64) for (first, _), part in zip(pieces, values, strict=True)]
    return Steps(np.concatenate(numbers), np.concatenate(values))


def _epoch(row: sqlite3.Row) -> EpochEnded:
    scores = json.loads(row["scores"])
    confusion = None if scores["confusion"] is None else np.array(scores["confusion"], np.int64)
    return EpochEnded(row["epoch"], row["step"], scores["losses"], scores["metrics"], confusion, scores["best"])
