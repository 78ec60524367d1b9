"""The SQLite file of a run store: opened with a check, set aside when damaged, its errors turned into plain words."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from netloom.errors import RunError

FILE = "runs.sqlite"
VERSION = 1
PATIENCE = 10.0
"""Seconds to wait while another process writes."""
RETRY = 0.01

SCHEMA = """
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    started TEXT NOT NULL,
    epochs INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    losses TEXT NOT NULL DEFAULT '{}',
    metrics TEXT NOT NULL DEFAULT '{}',
    settings TEXT NOT NULL,
    device TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    node TEXT,
    document TEXT NOT NULL,
    fingerprint TEXT NOT NULL
);
CREATE INDEX runs_by_fingerprint ON runs (fingerprint);
CREATE TABLE epochs (
    run TEXT NOT NULL, epoch INTEGER NOT NULL, step INTEGER NOT NULL, scores TEXT NOT NULL,
    PRIMARY KEY (run, epoch)
) WITHOUT ROWID;
CREATE TABLE steps (
    run TEXT NOT NULL, loss TEXT NOT NULL, first_step INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (run, loss, first_step)
) WITHOUT ROWID;
"""


def connect(folder: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """A connection to the store in this folder, made where it is missing; damage raises sqlite3.DatabaseError."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / FILE, timeout=patience, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        _write_ahead(connection, patience)
        connection.execute("PRAGMA synchronous = NORMAL")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to WAL. SQLite itself does not wait for a lock here, and two may begin a store at the same moment."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY)
        else:
            return


def _prepare(connection: sqlite3.Connection) -> None:
    found = _version(connection)
    if found > VERSION:
        raise RunError(
            f"This run store has format {found}; this version of Netloom reads up to {VERSION}. Update Netloom."
        )
    if found == VERSION:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def verify(folder: Path) -> str | None:
    """Read the whole structure and set a damaged file aside. What was done, or None where all is well."""
    try:
        with contextlib.closing(connect(folder)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            connection.execute("SELECT id, document, fingerprint FROM runs LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        answer = str(error)
    except sqlite3.DatabaseError as error:
        answer = str(error)
    return None if answer == "ok" else _set_aside(folder, answer)


def _set_aside(folder: Path, reason: str) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    kept = folder / f"runs.damaged-{stamp}.sqlite"
    for end in ("", "-wal", "-shm"):
        damaged = folder / f"{FILE}{end}"
        if damaged.exists():
            damaged.rename(kept.with_name(kept.name + end))
    return f"The database of the run store was damaged ({reason}). It is kept as {kept}; a new one was begun."


@contextlib.contextmanager
def plain_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into a RunError with the next step."""
    try:
        yield
    except (sqlite3.Error, OSError, json.JSONDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise RunError(
            f"The run store in {folder} cannot be used: {reason}. Choose another folder with --out or NETLOOM_HOME."
        ) from error
