"""The journal of one document: every step, written to disk as it happens, so that nothing dies with the process.

It lies in a folder of its own: the document as it was before the first step, and a line for each step since. The user's
file is never touched. `recovery` brings back what a dead process left.
"""

import _thread
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias
from zlib import crc32

from netloom.graph import file, journal_lines
from netloom.graph.document import VIEW, Document, View
from netloom.graph.history import Deed, History
from netloom.graph.journal_folder import JournalFolder
from netloom.graph.journal_lines import Apart, Kept, Line
from netloom.graph.model import Graph
from netloom.graph.patch import Change, Table

BETWEEN_SYNCS = 1.0
BETWEEN_TRIES = 1.0
"""Seconds until a write that the disk refused is tried again."""
LONGEST_REST = 0.3
SHORT_WORK = 0.005
"""After longer work the writer rests, so that the window has the machine and the parts of a large drag become one."""
LONGEST_END = 5.0
"""Seconds that the end of the program waits for a disk that does not answer."""
OF_GRAPH: tuple[Table, ...] = ("block", "node", "wire")


class Journal:
    """Follows a history and writes down what it does; nothing is written before the first change.

    `tell` is called with a sentence when the disk refuses, from another thread, and once until it works again.
    """

    def __init__(self, journals: Path, history: History, kept: Kept, tell: Callable[[str], None]) -> None:
        self._journals = journals
        self._history = history
        self._kept = kept
        self._tell = tell
        self._writer: _Writer | None = None
        history.observers.append(self._follow)

    @classmethod
    def resumed(
        cls, folder: JournalFolder, checksum: int, history: History, kept: Kept, tell: Callable[[str], None]
    ) -> "Journal":
        """Go on with the journal that a dead process left."""
        journal = cls(folder.place.parent, history, kept, tell)
        journal._writer = _Writer(folder.place.parent, tell, folder, checksum)
        return journal

    def _follow(self, deed: Deed) -> None:
        writer = self._writer or self._begin(deed.patch.inverse().changes)
        writer.put(deed)

    def keep(self, kept: Kept) -> None:
        """Remember that a file holds the document as it is now."""
        self._kept = kept
        if self._writer is not None:
            self._writer.put(kept)

    def part(self) -> None:
        """Remember that the file does not hold the document any more, though no step was made."""
        (self._writer or self._begin(())).put(Apart())

    def _begin(self, back: Iterable[Change]) -> "_Writer":
        before = _Snapshot.of(self._history.document, tuple(back))
        self._writer = _Writer(self._journals, self._tell)
        self._writer.put(_Start(before, self._kept))
        return self._writer

    def flush(self) -> bool:
        """Wait until everything is on disk, or refused; False where the disk does not answer."""
        return self._writer is None or self._writer.finish()

    def close(self) -> None:
        """Stop, and remove the journal: what it knows is saved, or not wanted."""
        self._end(lambda folder: folder.remove())

    def leave(self) -> bool:
        """Stop, and leave the journal for the next start; whether all of it is there."""
        return self._end(lambda folder: folder.leave())

    def _end(self, end: Callable[[JournalFolder], None]) -> bool:
        if self._follow in self._history.observers:
            self._history.observers.remove(self._follow)
        is_idle = self.flush()
        writer, self._writer = self._writer, None
        if writer is None:
            return True
        # A writer that waits for its disk goes on with its files: closed handles would soon be those of other files.
        if is_idle and writer.folder is not None:
            end(writer.folder)
        return is_idle and writer.is_whole


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The records of a document at one moment, and the changes that lead back to the moment that is meant."""

    tables: dict[Table, dict[Any, Any]]
    back: Sequence[Change]

    @classmethod
    def of(cls, document: Document, back: Sequence[Change]) -> "_Snapshot":
        """Copies of the tables alone: the records never change. 10,000 nodes take a millisecond."""
        return cls({name: document.table(name).copy() for name in (*OF_GRAPH, *VIEW, "training")}, back)

    def document(self) -> Document:
        """The document that is meant."""
        for change in self.back:
            if change.new is None:
                del self.tables[change.table][change.key]
            else:
                self.tables[change.table][change.key] = change.new
        graph = Graph()
        graph.apply(Change(name, key, None, new) for name in OF_GRAPH for key, new in self.tables[name].items())
        view = View(*(self.tables[name] for name in VIEW))
        return Document(graph, self.tables["training"]["training"], view=view)


@dataclass(frozen=True, slots=True)
class _Start:
    """The document before the first step, and how it stands in a file."""

    before: _Snapshot
    kept: Kept


_Item: TypeAlias = Deed | Line | _Start


class _Writer:
    """Turns deeds into bytes and puts them on disk, on a thread that lives while there is something to do."""

    def __init__(
        self,
        journals: Path,
        tell: Callable[[str], None],
        folder: JournalFolder | None = None,
        checksum: int = 0,
    ) -> None:
        self._journals = journals
        self._tell = tell
        self.folder = folder
        self._checksum = checksum
        self._base = b""
        self._lines = b""
        self._state: Literal["clean", "unsynced", "refused"] = "clean"
        self._synced = 0.0
        self._items: list[_Item] = []
        self._idle = threading.Event()
        self._idle.set()
        self._is_ending = False
        self._is_broken = False
        self._wake = threading.Condition()

    @property
    def is_whole(self) -> bool:
        """Whether the disk has everything."""
        return not (self._is_broken or self._lines or self._items)

    def put(self, item: _Item) -> None:
        """Write this, soon."""
        with self._wake:
            self._items.append(item)
            if self._idle.is_set():
                self._idle.clear()
                # A `threading.Thread` would be waited for until it runs, by the window: a third of a millisecond.
                _thread.start_new_thread(self._run, ())
            else:
                self._wake.notify()

    def finish(self) -> bool:
        """Wait until everything is on disk, or refused; False where the disk does not answer."""
        with self._wake:
            self._is_ending = True
            self._wake.notify()
        is_idle = self._idle.wait(LONGEST_END)
        if is_idle:
            self._write([])
        self._is_ending = False
        return is_idle

    def _run(self) -> None:
        while (items := self._next()) is not None:
            begun = time.monotonic()
            self._write(items)
            self._rest(time.monotonic() - begun)

    def _rest(self, worked: float) -> None:
        if worked > SHORT_WORK:
            with self._wake:
                self._wake.wait_for(lambda: self._is_ending, min(LONGEST_REST, 4 * worked))

    def _next(self) -> list[_Item] | None:
        """What is to be written now, at times nothing but what waits; None ends the thread."""
        with self._wake:
            if not self._items and self._state != "clean" and not self._is_ending:
                due = BETWEEN_TRIES if self._state == "refused" else self._synced + BETWEEN_SYNCS - time.monotonic()
                self._wake.wait(max(0.0, due))
            elif not self._items:
                self._idle.set()
                return None
            items, self._items = self._items, []
            return items

    def _write(self, items: Iterable[_Item]) -> None:
        if self._is_broken:
            return
        try:
            for item in _joined(items):
                self._encode(item)
            self._put_down()
        except OSError as error:
            self._refused(error.strerror or str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the person has to know
            # A step that cannot be told is missing from here on: what is on disk is right only up to it.
            self._refused(str(error))
            self._is_broken, self._state = True, "clean"

    def _encode(self, item: _Item) -> None:
        if isinstance(item, _Start):
            self._base = file.dumps(item.before.document())
            self._checksum = crc32(self._base)
            item = item.kept
        line = journal_lines.line_of(item) if isinstance(item, Deed) else item
        data, self._checksum = journal_lines.encode(line, self._checksum)
        self._lines += data

    def _put_down(self) -> None:
        if self._lines:
            if self.folder is None:
                self.folder = JournalFolder.make(self._journals, self._base, self._lines)
                self._base = b""
            else:
                self.folder.append(self._lines)
            self._lines = b""
            self._state = "unsynced" if self._state == "clean" else self._state
        if self.folder is not None and self._state != "clean" and self._is_due():
            self.folder.sync()
            self._state, self._synced = "clean", time.monotonic()

    def _is_due(self) -> bool:
        return self._is_ending or time.monotonic() >= self._synced + BETWEEN_SYNCS

    def _refused(self, why: str) -> None:
        if self._state != "refused":
            self._tell(f"Your steps cannot be written down: {why}. Save often.")
        self._state = "refused"


def _joined(items: Iterable[_Item]) -> Iterator[_Item]:
    """The same with parts of one gesture in a row made one: a slow disk does not fall behind a drag."""
    waiting: Deed | None = None
    for item in items:
        if waiting is not None and isinstance(item, Deed) and item.way == "join":
            waiting = Deed("join", waiting.patch.then(item.patch))
            continue
        if waiting is not None and waiting.patch:
            yield waiting
        waiting = item if isinstance(item, Deed) and item.way == "join" else None
        if waiting is None:
            yield item
    if waiting is not None and waiting.patch:
        yield waiting
