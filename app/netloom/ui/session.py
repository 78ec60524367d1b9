"""One open document with all that belongs to it alone: its history, its plan, its file, where a person stands in it."""

from pathlib import Path

from PySide6.QtCore import QTime

from netloom.compiler.custom import Asks
from netloom.compiler.plan import Plan
from netloom.compiler.planner import Planner
from netloom.graph import Document, History
from netloom.graph.journal import Journal
from netloom.graph.journal_lines import Kept
from netloom.ui import levels
from netloom.ui.user_file import UserFile, digest

UNTITLED = "untitled"


class Session:
    """What a tab stands for. `file` is None while the document has none; `name` is what people call it.

    `is_apart` says that the file does not hold what was saved last, since another program changed or removed it.
    """

    def __init__(self, history: History, journal: Journal, kept: Kept, *, asks: Asks) -> None:
        self.document: Document = history.document
        self.history = history
        self.journal = journal
        self.planner = Planner(asks=asks)
        self.plan: Plan = self.planner.plan(self.document.graph, self.document.training.batch_size)
        self.file = UserFile(Path(kept.path), kept.digest) if kept.path else None
        self.name = kept.name
        self.way: levels.Way = ()
        self.is_apart = False
        self._saved_at = ""

    @property
    def path(self) -> Path | None:
        """The file of the document, if it has one."""
        return self.file.path if self.file else None

    @property
    def is_dirty(self) -> bool:
        """Whether closing now would lose something."""
        return self.is_apart or not self.history.is_saved

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever done here, so that another document may take its place."""
        return self.path is None and not self.is_dirty and not self.document.graph.nodes and not self.history.labels

    @property
    def saved_text(self) -> str:
        """How the file stands, in two words."""
        if self.is_dirty:
            return "Not saved"
        return f"Saved {self._saved_at}" if self.path and self._saved_at else ""

    def plan_anew(self) -> None:
        """Bring the plan up to date."""
        self.plan = self.planner.plan(self.document.graph, self.document.training.batch_size)
        self.way = levels.valid(self.document.graph, self.way)

    def mark_saved(self, path: Path, data: bytes) -> None:
        """Remember that the document, as it is, was written to a file as these bytes."""
        self.file, self.name = UserFile(path, digest(data)), path.stem
        self._mark(self.file)
        self._saved_at = QTime.currentTime().toString("HH:mm")

    def mark_read(self, known: str) -> None:
        """Remember that the document, as it is, was read from its file."""
        if self.file is not None:
            self.file = UserFile(self.file.path, known)
            self._mark(self.file)

    def _mark(self, file: UserFile) -> None:
        self.history.mark_saved()
        self.is_apart = False
        self.journal.keep(Kept(self.name, str(file.path.absolute()), file.digest))

    def part(self) -> None:
        """Remember that the file does not hold this document any more, which stays open as it is."""
        if not self.is_apart:
            self.is_apart = True
            self.journal.part()
