"""Writes a run's events to the store: what is new goes in one transaction, at most once a second."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from netloom.graph import atomic
from netloom.graph.file import dumps
from netloom.runs import database, rows
from netloom.runs.database import connect
from netloom.runs.record import DOCUMENT, about, fingerprint
from netloom.training.events import Changed, EpochEnded, Event, LossesRead, RunEnded, RunStarted, RunState, Tuned

INTERVAL = 1.0
"""Seconds between two transactions."""
PATIENCE = 0.2
"""Seconds that a training waits for another writer: what is not written now is written the next time."""


class Recorder:
    """Collects the events of one run and writes them. A full disk never stops the training: see `complaint`."""

    def __init__(self, store: Path, run: str, settings: Mapping[str, Any]) -> None:
        self.run = run
        self._folder = store / run
        self._settings = settings
        self.started = self.ended = False
        self.complaint = ""
        self._connection = connect(store, PATIENCE)
        self._losses: list[LossesRead] = []
        self._epochs: list[EpochEnded] = []
        self._marks: list[Changed] = []
        self._fields: dict[str, Any] = {}
        self._cut: int | None = None
        self._due = time.monotonic() + INTERVAL

    def record(self, event: Event) -> None:
        """Take one event in; most kinds need no record."""
        if isinstance(event, LossesRead):
            self._losses.append(event)
            last = event.first_step + max((len(values) for values in event.losses.values()), default=0)
            self._fields["steps"] = max(0, last - 1)
        elif isinstance(event, EpochEnded):
            self._take_epoch(event)
        elif isinstance(event, RunStarted):
            self.started = True
            self._cut = event.first_step
            self._fields |= {"state": "running", "device": event.device, "message": "", "node": None}
            self._fields["settings"] = _json(self._settings)
            self.flush()
        elif isinstance(event, Tuned):
            choices = {"choices": dict(event.choices), "gain": event.gain, "text": event.text}
            self._fields["tuning"] = json.dumps(choices)
        elif isinstance(event, Changed):
            self._take_change(event)
        elif isinstance(event, RunEnded):
            self._take_end(event)
        if time.monotonic() >= self._due:
            self.flush()

    def note_data(self, data: str) -> None:
        """Keep what tells the data of this run from others."""
        self._fields["data"] = data

    def _take_change(self, event: Changed) -> None:
        """From now on the run is one of another document; what resumes or rescues it must find that one."""
        self._marks.append(event)
        self._fields |= {"fingerprint": fingerprint(event.document), "about": about(event.document)}
        with contextlib.suppress(OSError):
            atomic.write(self._folder / DOCUMENT, dumps(event.document))
        self.flush()

    def _take_epoch(self, event: EpochEnded) -> None:
        self._epochs.append(event)
        losses = event.losses.get("val") or event.losses.get("train") or {}
        self._fields |= {"epochs": event.epoch, "steps": event.step}
        self._fields |= {"losses": _json(losses), "metrics": _json(event.metrics)}

    def _take_end(self, event: RunEnded) -> None:
        self.ended = True
        self._fields |= {"state": event.state, "epochs": event.epochs, "steps": event.steps, "node": event.node}
        self._fields |= {"losses": _json(event.losses), "metrics": _json(event.metrics), "message": event.message}
        self._fields["seconds"] = event.seconds
        self.flush()

    def close(self, state: RunState = "interrupted", message: str = "") -> None:
        """Write what is left; a run that has not ended by itself gets this state."""
        if not self.ended:
            self._fields |= {"state": state, "message": message}
        self._connection.execute(f"PRAGMA busy_timeout = {round(database.PATIENCE * 1000)}")
        self.flush()
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def flush(self) -> None:
        """Write everything collected so far in one transaction; what cannot be written is kept for the next time."""
        self._due = time.monotonic() + INTERVAL
        try:
            with self._connection:
                self._write()
        except sqlite3.Error as error:
            self.complaint = (
                f"The run store cannot be written: {error}. The training goes on; its curves are kept in memory."
            )
        else:
            self.complaint = ""
            self._losses.clear()
            self._epochs.clear()
            self._marks.clear()
            self._fields.clear()
            self._cut = None

    def _write(self) -> None:
        if self._cut is not None:
            forget_after(self._connection, self.run, self._cut)
        self._connection.executemany("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?)", self._chunks())
        self._connection.executemany(
            "INSERT OR REPLACE INTO epochs VALUES (?, ?, ?, ?)",
            [(self.run, event.epoch, event.step, scores_text(event)) for event in self._epochs],
        )
        for mark in self._marks:
            self._write_change(mark)
        if self._fields:
            names = ", ".join(f"{name} = ?" for name in self._fields)
            self._connection.execute(f"UPDATE runs SET {names} WHERE id = ?", (*self._fields.values(), self.run))  # noqa: S608

    def _write_change(self, mark: Changed) -> None:
        values = (self.run, mark.step, mark.title, mark.text)
        self._connection.execute("INSERT INTO marks VALUES (?, ?, ?, ?)", values)
        rows.keep_first(self._connection, self.run)
        rows.set_text(self._connection, self.run, "trained", dumps(mark.document).decode())

    def _chunks(self) -> list[tuple[str, str, int, bytes]]:
        return [(self.run, loss, *chunk) for loss in self._names() for chunk in self._joined(loss)]

    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for event in self._losses for name in event.losses))

    def _joined(self, loss: str) -> list[tuple[int, bytes]]:
        """Neighbouring pieces of one loss as one, so that a second of training is one row."""
        runs: list[tuple[int, list[np.ndarray[Any, np.dtype[np.float32]]]]] = []
        after = -1
        for event in self._losses:
            if loss not in event.losses:
                continue
            values = np.asarray(event.losses[loss], np.float32)
            if event.first_step == after:
                runs[-1][1].append(values)
            else:
                runs.append((event.first_step, [values]))
            after = event.first_step + len(values)
        return [(first, np.concatenate(pieces).tobytes()) for first, pieces in runs]


def forget_after(connection: sqlite3.Connection, run: str, step: int) -> None:
    """Drop what was measured after a step: a run that was killed had gone further than its last checkpoint."""
    chunks = connection.execute("SELECT loss, first_step, data FROM steps WHERE run = ?", (run,)).fetchall()
    for row in chunks:
        kept = row["data"][: 4 * max(0, step + 1 - row["first_step"])]
        if len(kept) < len(row["data"]):
            connection.execute(
                "UPDATE steps SET data = ? WHERE run = ? AND loss = ? AND first_step = ?",
                (kept, run, row["loss"], row["first_step"]),
            )
    connection.execute("DELETE FROM steps WHERE run = ? AND length(data) = 0", (run,))
    connection.execute("DELETE FROM epochs WHERE run = ? AND step > ?", (run, step))
    connection.execute("DELETE FROM marks WHERE run = ? AND step > ?", (run, step))


def scores_text(event: EpochEnded) -> str:
    """The scores of an epoch as JSON."""
    confusion = None if event.confusion is None else event.confusion.tolist()
    return _json({"losses": event.losses, "metrics": event.metrics, "best": event.best, "confusion": confusion})


def _json(value: Any) -> str:
    return json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
