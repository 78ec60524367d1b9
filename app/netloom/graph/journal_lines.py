"""The lines of a journal: what was done to a document, one JSON array each, behind a checksum that chains them."""

import json
import math
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from netloom.errors import DocumentError
from netloom.graph import file
from netloom.graph.document import Document, Training
from netloom.graph.history import Deed
from netloom.graph.model import Block, Node, Slot, Wire
from netloom.graph.patch import Change, Patch, Table
from netloom.graph.remarks import Bookmark, Direction, Point, Remark

Written: TypeAlias = tuple[Table, Any, Any]
"""A change without what was there before: that follows from the lines above it."""

PREFIX = 9
"""Characters of the checksum and the space behind it."""
RECORDS: Mapping[Table, Any] = {
    "node": Node,
    "wire": Wire,
    "block": Block,
    "training": Training,
    "position": Point,
    "collapsed": bool,
    "comment": str,
    "bend": tuple[Point, ...],
    "remark": Remark,
    "bookmark": Bookmark,
    "direction": Direction,
}
SLOTS: tuple[Table, ...] = ("wire", "bend")
"""Tables whose keys are input slots; those of all others are texts."""


class _Line(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=str.lower):
    """What stands in one line."""


class Do(_Line, frozen=True):
    """A new step."""

    label: str
    changes: list[Written]


class Join(_Line, frozen=True):
    """One more part of the last step."""

    label: str
    changes: list[Written]


class Undo(_Line, frozen=True):
    """The last step was taken back."""


class Redo(_Line, frozen=True):
    """An undone step was made again."""


class Kept(_Line, frozen=True):
    """The document, as it is now, is what a file holds: it was opened or saved. Without a path it has no file yet."""

    name: str
    path: str | None = None
    digest: str = ""


class Apart(_Line, frozen=True):
    """The file holds something else by now: another program changed it, and the user keeps this document."""


Line: TypeAlias = Do | Join | Undo | Redo | Kept | Apart

_encoder = json.JSONEncoder(separators=(",", ":"))


def line_of(deed: Deed) -> Line:
    """What a journal says of a deed."""
    if deed.way == "undo":
        return Undo()
    if deed.way == "redo":
        return Redo()
    changes: list[Written] = [(change.table, change.key, change.new) for change in deed.patch.changes]
    return Do(deed.patch.label, changes) if deed.way == "do" else Join(deed.patch.label, changes)


def encode(line: Line, checksum: int) -> tuple[bytes, int]:
    """A line as bytes, and the checksum of the journal up to its end."""
    if isinstance(line, Do | Join):
        # Change by change: one call for all would keep the other threads waiting.
        changes = ",".join(_encoder.encode(msgspec.to_builtins(change)) for change in line.changes)
        way = type(line).__name__.lower()
        text = f'["{way}",{_encoder.encode(line.label)},[{changes}]]'.encode()
    else:
        text = _encoder.encode(msgspec.to_builtins(line)).encode()
    checksum = zlib.crc32(text, checksum)
    return b"%08x %s\n" % (checksum, text), checksum


def decode(data: bytes, checksum: int) -> tuple[Line, int]:
    """What a line without its line feed says, and the checksum up to its end; DocumentError where it is wrong."""
    text = data[PREFIX:]
    checksum = zlib.crc32(text, checksum)
    if data[:PREFIX] != b"%08x " % checksum:
        raise DocumentError("its checksum does not fit.")
    return read(text), checksum


def read(text: bytes) -> Line:
    """What the part of a line behind its checksum says."""
    try:
        line: Line = msgspec.convert(file.read_json(text, parse_float=_finite), Line)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise DocumentError("it is not a line of a journal.") from error
    if isinstance(line, Kept) and line.path is not None and "\0" in line.path:
        raise DocumentError("it names a file that cannot be.")
    return line


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise DocumentError("a number in it is not finite.")
    return number


def patch(document: Document, line: Do | Join) -> Patch:
    """The patch that a line speaks of, for the document as the lines above leave it."""
    try:
        return Patch(line.label, tuple(_changes(document, line.changes)))
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise DocumentError("a record in it is not what its table holds.") from error


def _changes(document: Document, written: list[Written]) -> Iterator[Change]:
    now: dict[tuple[Table, Any], Any] = {}
    for table, raw_key, raw in written:
        key: Any = msgspec.convert(raw_key, Slot if table in SLOTS else str)
        new = None if raw is None else msgspec.convert(raw, RECORDS[table])
        place = (table, key)
        old = now[place] if place in now else document.table(table).get(key)
        _refuse_misplaced(table, key, new)
        now[place] = new
        yield Change(table, key, old, new)


def _refuse_misplaced(table: Table, key: Any, new: Any) -> None:
    """A record stands under its own key, settings of the training always exist, and only what is collapsed is noted."""
    own = new.key if isinstance(new, Wire) else new.id if isinstance(new, Node | Block | Remark) else key
    if own != key or (table == "training" and (key != "training" or new is None)) or new is False:
        raise DocumentError("a record in it stands under a key that is not its own.")
