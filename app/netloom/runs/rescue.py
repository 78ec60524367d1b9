"""Brings runs back after a database was damaged or lost: from what of it can still be read, and from their folders."""

import contextlib
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from netloom.errors import DocumentError
from netloom.graph import Document
from netloom.graph.file import loads
from netloom.runs import rows
from netloom.runs.record import DOCUMENT, about, fingerprint

ID = re.compile(r"(\d{8}-\d{6})-(.+)-\w{3}")
TABLES = ("runs", "documents", "epochs", "steps", "marks")
FRESH_SECONDS = 60.0
"""A folder that was made so lately may belong to a run whose row is just being written."""


def after_damage(connection: sqlite3.Connection, store: Path, kept: Path) -> str:
    """Fill a new database from the damaged one that is kept, and from the folders; what was found, as a sentence."""
    read = from_database(connection, kept)
    _add_texts(connection, store)
    found = from_folders(connection, store)
    return (
        f"The database of the run store was damaged. It is kept as {kept}; a new one was begun. "
        f"{_counted(read)} read from it, {_counted(found)} found again by the folders, without the curves."
    )


def from_database(connection: sqlite3.Connection, kept: Path) -> int:
    """Copy what a damaged database still gives; the number of runs."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(kept)) as damaged:
        for table in TABLES:
            with contextlib.suppress(sqlite3.Error):
                _copy(damaged, connection, table)
    return int(connection.execute("SELECT COUNT(*) FROM runs").fetchone()[0])


def _add_texts(connection: sqlite3.Connection, store: Path) -> None:
    """Take the documents that could not be read from the folders of their runs."""
    query = "SELECT id FROM runs WHERE id NOT IN (SELECT run FROM documents WHERE version = 'trained')"
    for row in connection.execute(query).fetchall():
        if ID.fullmatch(row[0]):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                rows.set_text(connection, row[0], "trained", (store / row[0] / DOCUMENT).read_text("utf-8"))


def _copy(damaged: sqlite3.Connection, connection: sqlite3.Connection, table: str) -> None:
    """Copy the rows of a table from the first one on, and from the last one back, each until one cannot be read."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    had = {row[1] for row in damaged.execute(f"PRAGMA table_info({table})")}
    names = ", ".join(name for name in columns if name in had)
    places = ", ".join("?" * len(names.split(", ")))
    keys = [row[1] for row in damaged.execute(f"PRAGMA table_info({table})") if row[5]] or ["rowid"]
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{key} {direction}" for key in keys)
        found = damaged.execute(f"SELECT {names} FROM {table} ORDER BY {order}")  # noqa: S608
        with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
            for row in found:
                query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})"  # noqa: S608
                connection.execute(query, row)


def from_folders(connection: sqlite3.Connection, store: Path, *, age: float = 0.0) -> int:
    """Enter every run with a whole folder, `age` seconds old or more, that the database does not know; how many."""
    known = {row[0] for row in connection.execute("SELECT id FROM runs")}
    found = 0
    for folder, match, document in _whole(store, known, time.time() - age):
        rows.insert(connection, _values(folder, match, document))
        found += 1
    return found


def lost(connection: sqlite3.Connection, store: Path) -> str:
    """Enter the runs that have a folder but no row, since a part of the database was lost; a sentence, or nothing."""
    found = from_folders(connection, store, age=FRESH_SECONDS)
    if not found:
        return ""
    return (
        f"{_counted(found)} missing in the database of the run store, since a part of it was lost, and found again by "
        "the folders, without the curves."
    )


def _whole(store: Path, known: set[str], before: float) -> Iterator[tuple[Path, re.Match[str], Document]]:
    for folder in sorted(path for path in store.iterdir() if path.name not in known):
        match = ID.fullmatch(folder.name)
        if match is None or not folder.is_dir():
            continue
        with contextlib.suppress(OSError, DocumentError):
            if folder.stat().st_mtime <= before:
                yield folder, match, loads((folder / DOCUMENT).read_bytes())


def _values(folder: Path, match: re.Match[str], document: Document) -> dict[str, object]:
    started = datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return {
        "id": folder.name,
        "name": match[2],
        "state": "interrupted",
        "started": started.isoformat().replace("+00:00", "Z"),
        "settings": json.dumps(msgspec.structs.asdict(document.training)),
        "document": (folder / DOCUMENT).read_text("utf-8"),
        "fingerprint": fingerprint(document),
        "about": about(document),
    }


def _counted(number: int) -> str:
    return "1 run was" if number == 1 else f"{number} runs were"
