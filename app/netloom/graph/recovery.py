"""Brings back what dead processes left in their journals: the document, its history, and how it stands in a file."""

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from netloom.errors import DocumentError, NetloomError
from netloom.graph import file, journal_lines, lock
from netloom.graph.document import Document
from netloom.graph.history import History
from netloom.graph.journal_folder import BASE, STEPS, JournalFolder, abandoned, remove
from netloom.graph.journal_lines import PREFIX, Apart, Do, Join, Kept, Line, Undo

LONGEST_HEAD = 100_000
"""Characters of a line that tells of a file; longer ones tell of something else."""


@dataclass(frozen=True, slots=True)
class Left:
    """A journal that a dead process left: whose document it is, the steps that no file has, when the last one was."""

    place: Path
    name: str
    steps: int
    when: float


@dataclass(frozen=True, slots=True)
class Recovered:
    """A document as its journal knows it. `folder` is held and can be gone on with from `checksum` on.

    `complaint` says what of the journal could not be read, or is empty.
    """

    history: History
    kept: Kept
    is_apart: bool
    complaint: str
    folder: JournalFolder
    checksum: int

    @property
    def document(self) -> Document:
        """The document itself."""
        return self.history.document


def found(journals: Path) -> list[Left]:
    """What there is to offer, the latest first. Journals of documents that were saved at last are removed."""
    looked_at = [(place, _left(place)) for place in abandoned(journals)]
    for place, left in looked_at:
        if left is None:
            drop(place)
    return [left for _, left in looked_at if left is not None]


def _left(place: Path) -> Left | None:
    """What a journal has to offer, without a look at the steps themselves."""
    steps = place / STEPS
    try:
        lines, when = steps.read_bytes().split(b"\n")[:-1], steps.stat().st_mtime
    except OSError:
        return None
    name, count, is_kept = "untitled", 0, True
    for line in lines:
        kept = _kept(line)
        name, is_kept = (kept.name, True) if kept else (name, False)
        count = 0 if kept else count + line[PREFIX:].startswith(b'["do"')
    return None if is_kept else Left(place, name, count, when)


def _kept(line: bytes) -> Kept | None:
    """What a line says of a file, if it speaks of one."""
    if not line[PREFIX:].startswith(b'["kept"') or len(line) > LONGEST_HEAD:
        return None
    try:
        kept = journal_lines.read(line[PREFIX:])
    except DocumentError:
        return None
    return kept if isinstance(kept, Kept) else None


def drop(place: Path) -> None:
    """Remove a journal for good, unless a living process holds it."""
    try:
        handle = lock.hold(place)
    except OSError:
        return
    if handle is not None:
        lock.release(handle)
        remove(place)


def take(place: Path) -> Recovered:
    """Read a journal and hold it; DocumentError says why that is not possible, and leaves it as it is."""
    try:
        handle = lock.hold(place)
        if handle is None:
            raise DocumentError("it is open in another window.")
    except OSError as error:
        raise DocumentError(f"it cannot be read: {error.strerror or error}.") from error
    try:
        return _read(place, handle)
    except (OSError, NetloomError) as error:
        lock.release(handle)
        text = f"it cannot be read: {error.strerror or error}." if isinstance(error, OSError) else str(error)
        raise DocumentError(text) from error


def _read(place: Path, handle: int) -> Recovered:
    base, data = (place / BASE).read_bytes(), (place / STEPS).read_bytes()
    told = _Told(History(file.loads(base)))
    checksum, size, complaint = crc32(base), 0, ""
    # A line without its line feed was being written when the process died: nobody has seen that step done for long.
    for number, text in enumerate(data.split(b"\n")[:-1], 1):
        try:
            line, checksum_after = journal_lines.decode(text, checksum)
            told.follow(line)
        except NetloomError as error:
            complaint = f"Line {number} of its journal is damaged ({error}) The document is as it was before it."
            break
        checksum, size = checksum_after, size + len(text) + 1
    if told.kept is None:
        raise DocumentError(complaint or "nothing is in it.")
    folder = JournalFolder(place, handle, size)
    return Recovered(told.history, told.kept, told.is_apart, complaint, folder, checksum)


class _Told:
    """A history that does again what the lines of a journal say."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.kept: Kept | None = None
        self.is_apart = False
        self._gesture = 0

    def follow(self, line: Line) -> None:
        """Do what one line says; NetloomError where that cannot be."""
        if isinstance(line, Kept):
            self.kept, self.is_apart = line, False
            self.history.mark_saved()
        elif self.kept is None:
            raise DocumentError("it does not say whose steps these are.")
        elif isinstance(line, Apart):
            self.is_apart = True
        elif isinstance(line, Do | Join):
            self._gesture += isinstance(line, Do)
            self.history.do(journal_lines.patch(self.history.document, line), gesture=self._gesture)
        elif (self.history.undo() if isinstance(line, Undo) else self.history.redo()) is None:
            raise DocumentError("there is no step to go to.")
