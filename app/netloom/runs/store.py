"""The store of runs: a SQLite database beside a folder for each run."""

import contextlib
import inspect
import json
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from netloom.errors import RunError, TrainingError
from netloom.graph import Document, lock
from netloom.graph.file import dumps, loads
from netloom.layers.edit import check_document
from netloom.runs import home, origin, rescue, rows
from netloom.runs.database import connect, is_damage, plain_errors, verify
from netloom.runs.record import DOCUMENT, LIVE, RunLine, RunRecord, about, fingerprint
from netloom.runs.recorder import Recorder
from netloom.training.events import Command, Events, Logged, RunStarted, Stop

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
AMONG = "IN (SELECT value FROM json_each(?))"
Run = TypeVar("Run", bound=RunLine)
KEPT = timedelta(days=1)
"""How long a deleted run can be brought back, where no window removes it for good before."""


class Store:
    """All runs in one folder, the user's own where none is given. Several threads and processes may use it at once.

    `warning` says so where a damaged database had to be set aside, or a part of it was lost.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder).absolute() if folder else home.runs_folder()
        self.warning = ""
        self._verified = self._suspect = False
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
            run = msgspec.structs.replace(run, settings={**run.settings, **chosen})
            earlier = run.folder if resume else None
            known = self.folder / "tuned"
            events = loop.train(
                run.document, folder=run.folder, run=run.id, resume=earlier, memory_of_trials=known, **chosen
            )
            yield from self._recorded(events, run, resumed=resume is not None)
        finally:
            lock.release(handle)

    def _recorded(self, events: Events, run: RunRecord, *, resumed: bool) -> Events:
        with plain_errors(self.folder):
            recorder = Recorder(self.folder, run.id, run.settings)
        try:
            yield from _forwarded(events, recorder, run.document)
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

    def runs(self, newest: int = 0) -> list[RunLine]:
        """All runs in short, oldest first; or so many of the newest."""
        first = "number > (SELECT COALESCE(MAX(number), 0) FROM runs) - ?"
        with self._connected() as connection:
            found = rows.lines(connection, self.folder, *((first, newest) if newest else ()))
            return self._alive(found)

    def news(self, after: int, also: Collection[int] = ()) -> list[RunLine]:
        """The runs that began after the one with this number, and those with the numbers `also` as they are now."""
        with self._connected() as connection:
            found = rows.lines(connection, self.folder, f"number > ? OR number {AMONG}", after, _listed(also))
            return self._alive(found)

    def run(self, key: str) -> RunRecord:
        """All that is known of a run, by its id, by an unmistakable beginning or end of it, or "latest"."""
        with self._connected() as connection:
            [found] = self._alive([rows.record(connection, rows.find(connection, key), self.folder)])
            return found

    def trained(self, document: Document) -> list[RunLine]:
        """The runs of this very graph that have left weights, newest first; positions do not matter."""
        with self._connected() as connection:
            found = self._alive(rows.lines(connection, self.folder, "fingerprint = ?", fingerprint(document)))
        return [run for run in reversed(found) if run.weights]

    def latest(self, document: Document) -> RunLine | None:
        """The newest run of this very graph that has left weights."""
        return next(iter(self.trained(document)), None)

    def rename(self, key: str, name: str) -> None:
        """Give a run another name; its id stays."""
        self.change([key], name=name.strip())

    def change(
        self,
        keys: Collection[str],
        *,
        name: str | None = None,
        notes: str | None = None,
        tags: Collection[str] | None = None,
        pinned: bool | None = None,
        hidden: bool | None = None,
    ) -> None:
        """Set what is given of these runs."""
        kept = None if tags is None else "\n".join(clean_tags(tags))
        given = {"name": name, "notes": notes, "tags": kept, "pinned": pinned, "hidden": hidden}
        fields = {column: value for column, value in given.items() if value is not None}
        assigned = ", ".join(f"{column} = ?" for column in fields)
        with self._connected() as connection, connection:
            ids = [rows.find(connection, key)["id"] for key in keys]
            query = f"UPDATE runs SET {assigned} WHERE id = ?"  # noqa: S608
            connection.executemany(query, [(*fields.values(), key) for key in ids])

    def delete(self, keys: Collection[str]) -> list[str]:
        """Put runs away, so that `restore` can bring them back for a day; their ids. RunError for one that goes on."""
        with self._connected() as connection, connection:
            found = [rows.find(connection, key)["id"] for key in keys]
            for run in self._alive(rows.lines(connection, self.folder, f"id {AMONG}", _listed(found))):
                if run.state in LIVE:
                    raise RunError(f"Run {run.id} is still going on. Stop it first.")
            query = f"UPDATE runs SET deleted = ? WHERE id {AMONG}"  # noqa: S608
            connection.execute(query, (_stamp(datetime.now(UTC)), _listed(found)))
        return found

    def restore(self, keys: Collection[str]) -> list[str]:
        """Bring deleted runs back, by their whole ids; those that were there still."""
        deleted = f"deleted != '' AND id {AMONG}"
        with self._connected() as connection, connection:
            found = connection.execute(f"SELECT id FROM runs WHERE {deleted}", (_listed(keys),)).fetchall()  # noqa: S608
            connection.execute(f"UPDATE runs SET deleted = '' WHERE {deleted}", (_listed(keys),))  # noqa: S608
        return [row["id"] for row in found]

    def purge(self, keys: Collection[str] = (), *, age: timedelta = KEPT) -> None:
        """Remove deleted runs for good, folders and all: those that are named, and what was deleted long ago."""
        before = _stamp(datetime.now(UTC) - age)
        condition = f"deleted != '' AND (deleted < ? OR id {AMONG})"
        with self._connected() as connection:
            gone = connection.execute(f"SELECT id FROM runs WHERE {condition}", (before, _listed(keys))).fetchall()  # noqa: S608
        for row in gone:
            self._forget(row["id"])

    def check(self) -> str:
        """Read all of the database, however large, and look for runs that it has lost; what was found, or nothing."""
        before = self.warning
        with self._lock:
            self._suspect, self._verified = True, False
        with self._connected() as connection, connection:
            self.warning = f"{self.warning} {rescue.lost(connection, self.folder)}".strip()
        return self.warning.removeprefix(before).strip()

    def _forget(self, run: str) -> None:
        """The folder goes first: by one that is left the run would be found again."""
        shutil.rmtree(self.folder / run, ignore_errors=True)
        with self._connected() as connection, connection:
            rows.forget(connection, run)

    def _created(self, document: Document, name: str, chosen: dict[str, Any]) -> RunRecord:
        check_document(document)  # or it could not be read back, and the run would stay without a beginning
        settings = msgspec.structs.asdict(document.training) | chosen
        now = datetime.now(UTC)
        values = {
            "name": name,
            "state": "running",
            "started": _stamp(now),
            "settings": json.dumps(settings),
            "document": dumps(document).decode(),
            "fingerprint": fingerprint(document),
            "about": about(document),
            "versions": json.dumps(origin.versions()),
        }
        with self._connected() as connection:
            for key in _ids(now, name):
                with contextlib.suppress(sqlite3.IntegrityError, FileExistsError), connection:
                    rows.insert(connection, {"id": key} | values)
                    (self.folder / key).mkdir()
                    (self.folder / key / DOCUMENT).write_text(values["document"], "utf-8")
                    return rows.record(connection, rows.find(connection, key), self.folder)
        raise RunError("No free id for a run was found.")

    def _reopened(self, document: Document, key: str) -> RunRecord:
        run = self._as_saved(self.run(key))
        if fingerprint(run.document) != fingerprint(document):
            raise RunError(
                f"The graph has changed since run {run.id} began, so its weights may not fit. Train it as a new run."
            )
        return run

    def _as_saved(self, run: RunRecord) -> RunRecord:
        """A run that was killed while it was changed goes on with the document of its state, whatever is noted."""
        from netloom.training import checkpoint

        with contextlib.suppress(TrainingError):
            text = checkpoint.place(run.folder).document
            saved = loads(text.encode()) if text else None
            if saved is not None and fingerprint(saved) != run.fingerprint:
                with self._connected() as connection, connection:
                    rows.set_text(connection, run.id, "trained", text)
                    query = "UPDATE runs SET fingerprint = ?, about = ? WHERE id = ?"
                    connection.execute(query, (fingerprint(saved), about(saved), run.id))
                return self.run(run.id)
        return run

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with plain_errors(self.folder):
            with self._lock:
                if not self._verified:
                    self._verify()
            try:
                with contextlib.closing(connect(self.folder)) as connection:
                    yield connection
            except sqlite3.DatabaseError as error:
                if is_damage(error):  # the next one who asks finds it set aside
                    self._suspect, self._verified = True, False
                raise

    def _verify(self) -> None:
        damaged = verify(self.folder, thorough=self._suspect)
        if damaged:
            with contextlib.closing(connect(self.folder)) as connection, connection:
                self.warning = rescue.after_damage(connection, self.folder, damaged)
        self._verified, self._suspect = True, False

    def _alive(self, runs: list[Run]) -> list[Run]:
        """Of runs that are said to go on, those whose process is gone were interrupted."""
        return [
            msgspec.structs.replace(run, state="interrupted")
            if run.state in LIVE and not lock.is_held(run.folder)
            else run
            for run in runs
        ]


def _forwarded(events: Events, recorder: Recorder, document: Document) -> Events:
    command: Command | None = None
    complained = False
    while True:
        try:
            event = events.send(command)
        except StopIteration:
            return
        recorder.record(event)
        if isinstance(event, RunStarted):
            recorder.note_data(origin.data_print(document))
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


def clean_tags(tags: Collection[str]) -> tuple[str, ...]:
    """Tags without spaces around them, empty ones and repetitions."""
    return tuple(dict.fromkeys(word for tag in tags if (word := " ".join(tag.split()))))


def _listed(keys: Collection[Any]) -> str:
    """Keys as the one value that AMONG takes: the number of values of a query is limited."""
    return json.dumps(list(keys))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
