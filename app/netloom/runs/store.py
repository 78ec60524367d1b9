"""The store of runs: a SQLite database beside a folder for each run."""

import contextlib
import inspect
import json
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from netloom.errors import RunError
from netloom.graph import Document, lock
from netloom.graph.file import dumps
from netloom.runs import home, rescue, rows
from netloom.runs.database import connect, plain_errors, verify
from netloom.runs.record import DOCUMENT, RunRecord, fingerprint
from netloom.runs.recorder import Recorder
from netloom.training.events import Command, Event, Logged, Stop

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
Events: TypeAlias = Generator[Event, Command | None, None]
LIVE = ("running", "paused")


class Store:
    """All runs in one folder, the user's own where none is given. Several threads and processes may use it at once.

    `warning` says so where a damaged database had to be set aside.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder).absolute() if folder else home.runs_folder()
        self.warning = ""
        self._verified = False
        self._lock = threading.Lock()

    def train(
        self,
        document: Document,
        *,
        name: str = "",
        resume: str | None = None,
        **settings: Any,
    ) -> Events:
        """Train as a new run, or go on with an earlier one; the events of the training, each recorded.

        Settings of the training that are not given here are as the document says, or as the earlier run had them.
        A consumer that goes away, or Ctrl+C, leaves a run that has saved a checkpoint and is marked interrupted.
        """
        from netloom.training import loop

        chosen = {key: value for key, value in settings.items() if value is not None}
        run = self._reopened(document, resume) if resume else self._created(document, name or _stem(document), chosen)
        handle = lock.hold(run.folder)
        if handle is None:
            raise RunError(f"Run {run.id} is still going on in another window or terminal.")
        try:
            run = replace(run, settings={**run.settings, **chosen})
            earlier = run.folder if resume else None
            events = loop.train(run.document, folder=run.folder, run=run.id, resume=earlier, **chosen)
            yield from self._recorded(events, run, resumed=resume is not None)
        finally:
            lock.release(handle)

    def _recorded(self, events: Events, run: RunRecord, *, resumed: bool) -> Events:
        with plain_errors(self.folder):
            recorder = Recorder(self.folder, run.id, run.settings)
        try:
            yield from _forwarded(events, recorder)
            recorder.close()
        except (GeneratorExit, KeyboardInterrupt):
            _wind_down(events, recorder)
            recorder.close()
            raise
        except BaseException as error:
            begun = recorder.started or not resumed
            recorder.close(*(("failed", str(error)) if begun else (run.state, run.message)))
            if not recorder.started and not resumed:
                self._forget(run.id)
            raise

    def runs(self) -> list[RunRecord]:
        """All runs without their curves, oldest first."""
        with self._connected() as connection:
            return self._records(connection, "SELECT * FROM runs ORDER BY number")

    def run(self, key: str) -> RunRecord:
        """A run with its curves, by its id, by an unmistakable beginning or end of it, or "latest"."""
        with self._connected() as connection:
            return rows.with_curves(connection, self._alive(rows.record(rows.find(connection, key), self.folder)))

    def latest(self, document: Document) -> RunRecord | None:
        """The newest run of this very graph that has left weights, without its curves; positions do not matter."""
        query = "SELECT * FROM runs WHERE fingerprint = ? ORDER BY number DESC"
        with self._connected() as connection:
            found = self._records(connection, query, fingerprint(document))
        return next((run for run in found if run.weights), None)

    def rename(self, key: str, name: str) -> None:
        """Give a run another name; its id stays."""
        with self._connected() as connection, connection:
            connection.execute(
                "UPDATE runs SET name = ? WHERE id = ?", (name.strip(), rows.find(connection, key)["id"])
            )

    def delete(self, key: str) -> None:
        """Forget a run and remove its folder; RunError for one that is still going on."""
        run = self.run(key)
        if run.state in LIVE:
            raise RunError(f"Run {run.id} is still going on. Stop it first.")
        self._forget(run.id)

    def _forget(self, run: str) -> None:
        with self._connected() as connection, connection:
            for statement in ("runs WHERE id", "epochs WHERE run", "steps WHERE run"):
                connection.execute(f"DELETE FROM {statement} = ?", (run,))  # noqa: S608
        shutil.rmtree(self.folder / run, ignore_errors=True)

    def _created(self, document: Document, name: str, chosen: dict[str, Any]) -> RunRecord:
        settings = msgspec.structs.asdict(document.training) | chosen
        now = datetime.now(UTC)
        values = {
            "name": name,
            "state": "running",
            "started": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "settings": json.dumps(settings),
            "document": dumps(document).decode(),
            "fingerprint": fingerprint(document),
        }
        with self._connected() as connection:
            for key in _ids(now, name):
                with contextlib.suppress(sqlite3.IntegrityError, FileExistsError), connection:
                    rows.insert(connection, {"id": key} | values)
                    (self.folder / key).mkdir()
                    (self.folder / key / DOCUMENT).write_text(values["document"], "utf-8")
                    return rows.record(rows.find(connection, key), self.folder)
        raise RunError("No free id for a run was found.")

    def _reopened(self, document: Document, key: str) -> RunRecord:
        run = self.run(key)
        if fingerprint(run.document) != fingerprint(document):
            raise RunError(
                f"The graph has changed since run {run.id} began, so its weights may not fit. Train it as a new run."
            )
        return run

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with plain_errors(self.folder):
            with self._lock:
                if not self._verified:
                    self._verify()
            with contextlib.closing(connect(self.folder)) as connection:
                yield connection

    def _verify(self) -> None:
        self.warning = verify(self.folder) or ""
        if self.warning:
            with contextlib.closing(connect(self.folder)) as connection, connection:
                self.warning += rescue.from_folders(connection, self.folder)
        self._verified = True

    def _records(self, connection: sqlite3.Connection, query: str, *values: str) -> list[RunRecord]:
        found = connection.execute(query, values).fetchall()
        return [self._alive(rows.record(row, self.folder)) for row in found]

    def _alive(self, run: RunRecord) -> RunRecord:
        """A run that is said to go on and whose process is gone was interrupted."""
        return replace(run, state="interrupted") if run.state in LIVE and not lock.is_held(run.folder) else run


def _forwarded(events: Events, recorder: Recorder) -> Events:
    command: Command | None = None
    complained = False
    while True:
        try:
            event = events.send(command)
        except StopIteration:
            return
        recorder.record(event)
        command = yield event
        if recorder.complaint and not complained:
            complained = True
            command = (yield Logged(recorder.complaint, "warning")) or command


def _wind_down(events: Events, recorder: Recorder) -> None:
    """Let the training save what it has; it is told once to end, and the rest of what it says is recorded."""
    if inspect.getgeneratorstate(events) != inspect.GEN_SUSPENDED:
        return
    with contextlib.suppress(StopIteration):
        command: Command | None = Stop("interrupted")
        while True:
            recorder.record(events.send(command))
            command = None


def _ids(now: datetime, name: str) -> Iterator[str]:
    """Ids that sort by time; the tail keeps apart what begins in the same second."""
    stem = (
        "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())[:24].strip("-")
        or "run"
    )
    for _ in range(100):
        yield f"{now:%Y%m%d-%H%M%S}-{stem}-{''.join(secrets.choice(ALPHABET) for _ in range(3))}"


def _stem(document: Document) -> str:
    datasets = (node for node in document.graph.level() if node.kind == "Dataset")
    return str(next((node.params["source"] for node in datasets if node.params.get("source")), "run"))
