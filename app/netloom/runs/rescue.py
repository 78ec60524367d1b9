"""Finds runs again by their folders, after a damaged database was set aside."""

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from netloom.errors import DocumentError
from netloom.graph import Document
from netloom.graph.file import loads
from netloom.runs import rows
from netloom.runs.record import DOCUMENT, fingerprint

ID = re.compile(r"(\d{8}-\d{6})-(.+)-\w{3}")


def from_folders(connection: sqlite3.Connection, store: Path) -> str:
    """Enter every run whose folder is whole into a new database; what was found, as a sentence."""
    found = 0
    for folder in sorted(path for path in store.iterdir() if path.is_dir()):
        match = ID.fullmatch(folder.name)
        try:
            document = loads((folder / DOCUMENT).read_bytes()) if match else None
        except (OSError, DocumentError):
            continue
        if match and document:
            rows.insert(connection, _values(folder, match, document))
            found += 1
    runs = "1 run was" if found == 1 else f"{found} runs were"
    return f" {runs} found again by the folders, without the curves."


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
    }
