"""One open document: its history, its plan, its file, and whether it is saved."""

import logging
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTime, Signal

import netloom
from netloom.compiler import trust
from netloom.compiler.plan import Plan
from netloom.compiler.planner import Planner
from netloom.errors import NetloomError
from netloom.graph import Document, History, Patch, file
from netloom.graph.model import Node
from netloom.layers import custom
from netloom.ui import levels
from netloom.ui.code_trials import CodeTrials

UNTITLED = "untitled"
_log = logging.getLogger(__name__)


class Editor(QObject):
    """The session of one document. Views ask it for changes and hear of each one afterwards.

    `patched` carries the Patch that was made, `planned` the new Plan; `document_changed` says that all views must start
    anew; `state_changed` that labels, path or saved state may differ; `message_requested` carries text and severity,
    `settled` the text of an error that no longer holds.
    """

    patched = Signal(object)
    planned = Signal(object)
    document_changed = Signal()
    level_changed = Signal()
    state_changed = Signal()
    message_requested = Signal(str, str)
    settled = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.way: levels.Way = ()
        self._complaint = ""
        self.trials = CodeTrials(self)
        self.trials.answered.connect(self._plan_code)
        self._adopt(Document(), None, UNTITLED)

    def _adopt(self, document: Document, path: Path | None, name: str) -> None:
        self.document = document
        self.history = History(document)
        self.planner = Planner(asks=self.trials)
        self.plan: Plan = self.planner.plan(document.graph, document.training.batch_size)
        self.path = path
        self.name = name
        self.way = ()
        self._saved_at = ""
        self._is_rescued = False
        document.observers.append(self._follow)

    def _follow(self, patch: Patch) -> None:
        self.patched.emit(patch)
        if any(change.table != "position" for change in patch.changes):
            self._plan()

    def _plan(self) -> None:
        self.plan = self.planner.plan(self.document.graph, self.document.training.batch_size)
        self.go(levels.valid(self.document.graph, self.way))
        self.planned.emit(self.plan)

    def _plan_code(self) -> None:
        self.planner.forget()
        self._plan()

    @property
    def untrusted(self) -> list[str]:
        """The code of the document that may not run yet."""
        return trust.untrusted(self.document.graph)

    def trust_code(self, texts: Iterable[str]) -> None:
        """Let code run from now on."""
        try:
            trust.extend(texts)
        except OSError as error:
            self._refused(f"What you trust cannot be written down: {error.strerror or error}.")
        self._plan_code()

    @property
    def level(self) -> str:
        """The definition of the block that is shown, or "" at the top."""
        return levels.level(self.document.graph, self.way)

    @property
    def shown_plan(self) -> Plan:
        """What is known at the level that is shown."""
        return levels.inside(self.plan, self.way)

    def go(self, way: levels.Way) -> None:
        """Show what is at the end of a way through blocks."""
        if way != self.way:
            self.way = way
            self.level_changed.emit()

    def enter(self, node: str) -> None:
        """Go into a block of the level that is shown; other nodes have no inside."""
        self.go(levels.valid(self.document.graph, (*self.way, node)))

    def leave(self) -> None:
        """Go out of the block that is shown."""
        self.go(self.way[:-1])

    @property
    def is_dirty(self) -> bool:
        """Whether closing now would lose something."""
        return self._is_rescued or not self.history.is_saved

    @property
    def saved_text(self) -> str:
        """How the file stands, in two words."""
        if self.is_dirty:
            return "Not saved"
        return f"Saved {self._saved_at}" if self.path and self._saved_at else ""

    def do(self, patch: Patch, gesture: Hashable | None = None) -> bool:
        """Make a patch; where the graph refuses it, say why and change nothing.

        Who changes code that is trusted has written the new code, and trusts it.
        """
        own = list(_rewritten(patch))
        try:
            self.history.do(patch, gesture=gesture)
        except NetloomError as error:
            self.message_requested.emit(str(error), "warning")
            return False
        if own:
            self.trust_code(own)
        self.state_changed.emit()
        return True

    def undo(self) -> None:
        """Take the last step back, and go to where it was made."""
        self._moved(self.history.undo())

    def redo(self) -> None:
        """Make the last undone step again, and go to where it is made."""
        self._moved(self.history.redo())

    def _moved(self, patch: Patch | None) -> None:
        if patch is not None:
            self.go(levels.follow(self.document.graph, self.way, patch))
        self.state_changed.emit()

    def new(self, document: Document | None = None, name: str = UNTITLED) -> None:
        """Start with an empty document, or with one that has no file yet."""
        self._replace(document or Document(), None, name)

    def open(self, path: Path) -> bool:
        """Open a file; where it is wrong, say so and keep what is open."""
        document = self._load(path)
        if document is not None:
            self._replace(document, path, path.stem)
        return document is not None

    def open_rescued(self, path: Path) -> bool:
        """Open changes that were never saved: they have a name, but no file of their own yet."""
        document = self._load(path)
        if document is not None:
            self._replace(document, None, path.stem)
            self._is_rescued = True
            self.state_changed.emit()
        return document is not None

    def _load(self, path: Path) -> Document | None:
        try:
            return netloom.load(path)
        except NetloomError as error:
            self._refused(str(error))
            return None

    def save(self, path: Path) -> bool:
        """Write the document; where that fails, say so and keep everything as it was."""
        try:
            file.save(self.document, path)
        except NetloomError as error:
            self._refused(str(error))
            return False
        self.path, self.name = path, path.stem
        self.history.mark_saved()
        self._is_rescued = False
        self._saved_at = QTime.currentTime().toString("HH:mm")
        self.state_changed.emit()
        self.settled.emit(self._complaint)
        return True

    def _replace(self, document: Document, path: Path | None, name: str) -> None:
        self.document.observers.remove(self._follow)
        self._adopt(document, path, name)
        self.document_changed.emit()
        self.planned.emit(self.plan)
        self.state_changed.emit()

    def _refused(self, text: str) -> None:
        _log.error(text)
        self._complaint = text
        self.message_requested.emit(text, "error")


def _rewritten(patch: Patch) -> Iterator[str]:
    """The code that a patch puts in the place of code that is trusted."""
    for change in patch.changes:
        old, new = change.old, change.new
        if isinstance(old, Node) and isinstance(new, Node) and new.kind in custom.KINDS and new.params != old.params:
            before, after = (trust.text_of(each.kind, each.params) for each in (old, new))
            if before != after and trust.current(before):
                yield after
