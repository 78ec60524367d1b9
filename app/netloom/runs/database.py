"""The SQLite file of a run store: opened with a check, set aside when damaged, its errors turned into plain words."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from netloom.errors import RunError
from netloom.runs.schema import VERSION, migrate

FILE = "runs.sqlite"
PATIENCE = 10.0
"""Seconds to wait while another process writes."""
RETRY = 0.01
WHOLE_BYTES = 16 << 20
"""Up to this size all of a store is read before its first use; of a larger one only the beginning, until `thorough`."""


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
        migrate(connection, _version(connection))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def verify(folder: Path, *, thorough: bool = False) -> Path | None:
    """Look for damage and set a damaged file aside; where it is kept now, or None where all is well."""
    try:
        with contextlib.closing(connect(folder)) as connection:
            answer = _examined(connection, folder, thorough=thorough)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        answer = str(error)
    except sqlite3.DatabaseError as error:
        answer = str(error)
    return None if answer == "ok" else _set_aside(folder)


def _examined(connection: sqlite3.Connection, folder: Path, *, thorough: bool) -> str:
    for table in ("runs", "documents", "epochs", "steps", "marks"):
        connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # noqa: S608
    if thorough or (folder / FILE).stat().st_size <= WHOLE_BYTES:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "ok"


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is broken."""
    return isinstance(error, sqlite3.DatabaseError) and any(
        word in str(error) for word in ("malformed", "not a database", "corrupt")
    )


def _set_aside(folder: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    kept = folder / f"runs.damaged-{stamp}.sqlite"
    for end in ("", "-wal", "-shm"):
        damaged = folder / f"{FILE}{end}"
        if damaged.exists():
            damaged.rename(kept.with_name(kept.name + end))
    return kept


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
