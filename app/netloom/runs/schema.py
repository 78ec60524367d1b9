"""The tables of a run store, version by version: a new store goes the same way as an old one."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

FIRST = """
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
) WITHOUT ROWID
"""

# Texts stand in a table of their own: whoever lists runs would else have to read past each of them.
SECOND = """
CREATE TABLE documents (
    run TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
    UNIQUE (run, version)
);
INSERT INTO documents SELECT id, 'trained', document FROM runs ORDER BY number;
CREATE TABLE marks (run TEXT NOT NULL, step INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX marks_by_run ON marks (run);
CREATE TABLE kept (
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
    device TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL,
    tags TEXT NOT NULL DEFAULT '',
    pinned INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    deleted TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    settings TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    node TEXT,
    versions TEXT NOT NULL DEFAULT '{}',
    data TEXT NOT NULL DEFAULT '',
    tuning TEXT NOT NULL DEFAULT '{}'
);
INSERT INTO kept (
    number, id, name, state, started, epochs, steps, seconds, losses, metrics, device, fingerprint, settings, message,
    node
) SELECT
    number, id, name, state, started, epochs, steps, seconds, losses, metrics, device, fingerprint, settings, message,
    node
FROM runs ORDER BY number;
DROP TABLE runs;
ALTER TABLE kept RENAME TO runs;
CREATE INDEX runs_by_fingerprint ON runs (fingerprint)
"""


def _begin(connection: sqlite3.Connection) -> None:
    _execute(connection, FIRST)


def _separate_documents(connection: sqlite3.Connection) -> None:
    _execute(connection, SECOND)
    query = "SELECT run, text FROM documents"
    found = [(about(_nodes(row[1])), row[0]) for row in connection.execute(query).fetchall()]
    connection.executemany("UPDATE runs SET about = ? WHERE id = ?", found)


STEPS: Sequence[Callable[[sqlite3.Connection], None]] = (_begin, _separate_documents)
"""What brings a store from one version to the next, from version 0, an empty file, on."""
VERSION = len(STEPS)


def migrate(connection: sqlite3.Connection, found: int) -> None:
    """Bring a store of this version to the newest; the caller's transaction holds all of it."""
    for step in STEPS[found:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def about(nodes: Sequence[tuple[str, str]]) -> str:
    """The words by which a run is found besides its name: kinds of its nodes and sources of its data."""
    return " ".join(dict.fromkeys(word for node in nodes for word in node if word))


def _nodes(text: str) -> list[tuple[str, str]]:
    """Kind and source of each node of a document's text; nothing where it is none."""
    try:
        nodes: list[dict[str, Any]] = json.loads(text)["graph"]["nodes"]
        return [(str(node["kind"]), str(node.get("params", {}).get("source", ""))) for node in nodes]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _execute(connection: sqlite3.Connection, statements: str) -> None:
    """Execute them within the transaction that is open; `executescript` would end it."""
    for statement in statements.split(";"):
        connection.execute(statement)
