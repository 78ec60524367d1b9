"""One open document with all that belongs to it alone: its history, its plan, its file, where a person stands in it."""

from pathlib import Path

from PySide6.QtCore import QTime

from netloom.compiler.custom import Asks
from netloom.compiler.plan import Plan
from netloom.compiler.planner import Planner
from netloom.graph import Document, History
from netloom.ui import levels

UNTITLED = "untitled"


class Session:
    """What a tab stands for. `path` is None while the document has no file; `name` is what people call it."""

    def __init__(self, document: Document, path: Path | None = None, name: str = UNTITLED, *, asks: Asks) -> None:
        self.document = document
        self.history = History(document)
        self.planner = Planner(asks=asks)
        self.plan: Plan = self.planner.plan(document.graph, document.training.batch_size)
        self.path = path
        self.name = name
        self.way: levels.Way = ()
        self.is_rescued = False
        self._saved_at = ""

    @property
    def is_dirty(self) -> bool:
        """Whether closing now would lose something."""
        return self.is_rescued or not self.history.is_saved

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

    def mark_saved(self, path: Path) -> None:
        """Remember that the document is on disk as it is."""
        self.path, self.name = path, path.stem
        self.history.mark_saved()
        self.is_rescued = False
        self._saved_at = QTime.currentTime().toString("HH:mm")
