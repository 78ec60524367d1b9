"""The open documents of one window and the one that is shown: its changes, its plan, its file."""

import logging
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

import netloom
from netloom.compiler import trust
from netloom.compiler.plan import Plan
from netloom.compiler.planner import Planner
from netloom.errors import NetloomError
from netloom.graph import Document, History, Patch, file, recovery
from netloom.graph.difference import difference
from netloom.graph.document import VIEW
from netloom.graph.journal import Journal
from netloom.graph.journal_lines import Kept
from netloom.graph.model import Node
from netloom.layers import custom
from netloom.layers.edit import check_document
from netloom.runs import home
from netloom.ui import levels
from netloom.ui.code_trials import CodeTrials
from netloom.ui.session import UNTITLED, Session
from netloom.ui.user_file import digest_of

_log = logging.getLogger(__name__)


class Editor(QObject):
    """The sessions of one window. Views ask it for changes of the one that is shown and hear of each one afterwards.

    `patched` carries the Patch that was made, `planned` the new Plan; `leaving` says that another document is about to
    be shown, `document_changed` that it is and all views must start anew; `sessions_changed` that documents were opened
    or closed, `closed` carries one that went; `state_changed` says that labels, path or saved state may differ;
    `message_requested` carries text and severity, `settled` the text of an error that no longer holds.
    """

    patched = Signal(object)
    planned = Signal(object)
    leaving = Signal()
    document_changed = Signal()
    sessions_changed = Signal()
    closed = Signal(object)
    level_changed = Signal()
    state_changed = Signal()
    message_requested = Signal(str, str)
    settled = Signal(str)
    _unwritten = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._complaint = ""
        self.trials = CodeTrials(self)
        self.trials.answered.connect(self._plan_code)
        self._unwritten.connect(self._refused)
        self._sessions = [self._made(Document(), Kept(UNTITLED))]
        self.session = self._sessions[0]
        self.document.observers.append(self._follow)

    @property
    def sessions(self) -> Sequence[Session]:
        """The open documents in the order of their tabs; there is always one."""
        return tuple(self._sessions)

    @property
    def document(self) -> Document:
        """The document that is shown."""
        return self.session.document

    @property
    def history(self) -> History:
        """The steps of the document that is shown."""
        return self.session.history

    @property
    def planner(self) -> Planner:
        """What plans the document that is shown."""
        return self.session.planner

    @property
    def plan(self) -> Plan:
        """The plan of the document that is shown."""
        return self.session.plan

    @property
    def path(self) -> Path | None:
        """The file of the document that is shown, if it has one."""
        return self.session.path

    @property
    def name(self) -> str:
        """What the document that is shown is called."""
        return self.session.name

    @property
    def way(self) -> levels.Way:
        """The block nodes that were entered."""
        return self.session.way

    def show(self, session: Session) -> None:
        """Show another of the open documents."""
        if session is not self.session:
            self.leaving.emit()
            self.document.observers.remove(self._follow)
            self.session = session
            self.document.observers.append(self._follow)
            self.document_changed.emit()
            self.planned.emit(self.plan)
            self.state_changed.emit()

    def step(self, steps: int) -> None:
        """Show the document that many tabs further, going round at the ends."""
        place = self._sessions.index(self.session) + steps
        self.show(self._sessions[place % len(self._sessions)])

    def move(self, session: Session, place: int) -> None:
        """Put a document at another place in the row of tabs."""
        self._sessions.remove(session)
        self._sessions.insert(place, session)

    def close(self, session: Session) -> None:
        """Close a document without a question; instead of the last one a blank one is open."""
        place = self._sessions.index(session)
        self._sessions.remove(session)
        if not self._sessions:
            self._sessions.append(self._made(Document(), Kept(UNTITLED)))
        if session is self.session:
            self.show(self._sessions[min(place, len(self._sessions) - 1)])
        session.journal.close()
        self.closed.emit(session)
        self.sessions_changed.emit()

    def forget_journals(self) -> None:
        """End with documents that are saved, or not wanted: the next start has nothing to offer."""
        for session in self._sessions:
            session.journal.close()

    def leave_journals(self) -> list[tuple[str, bool]]:
        """End without a question: the names of the documents that are not saved, and whether all of each is kept."""
        return [(session.name, session.journal.leave()) for session in self._sessions if session.is_dirty]

    def _made(self, document: Document, kept: Kept) -> Session:
        """A session that begins with a document."""
        history = History(document)
        journal = Journal(home.journals_folder(), history, kept, self._unwritten.emit)
        return Session(history, journal, kept, asks=self.trials)

    def _open(self, session: Session) -> None:
        """Show a new session, in the place of the one that is shown where that is blank."""
        blank = self.session if self.session.is_blank else None
        place = self._sessions.index(self.session) + (blank is None)
        self._sessions.insert(place, session)
        if blank is not None:
            self._sessions.remove(blank)
        self.show(session)
        if blank is not None:
            self.closed.emit(blank)
        self.sessions_changed.emit()

    def _follow(self, patch: Patch) -> None:
        """Plan first, so that each view is told once what has changed and what is known of it."""
        way, is_planned = self.way, any(change.table not in VIEW for change in patch.changes)
        if is_planned:
            self.session.plan_anew()
        self.patched.emit(patch)
        if is_planned:
            self._tell_plan(way)

    def _plan(self) -> None:
        way = self.way
        self.session.plan_anew()
        self._tell_plan(way)

    def _tell_plan(self, way: levels.Way) -> None:
        if self.way != way:
            self.level_changed.emit()
        self.planned.emit(self.plan)

    def _plan_code(self) -> None:
        """Plan every document in which there is code: what is known of it is another thing now."""
        for session in self._sessions:
            session.planner.forget()
            kinds = {node.kind for node in session.document.graph.nodes.values()}
            if session is not self.session and not kinds.isdisjoint(custom.KINDS):
                session.plan_anew()
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
            self.session.way = way
            self.level_changed.emit()

    def enter(self, node: str) -> None:
        """Go into a block of the level that is shown; other nodes have no inside."""
        self.go(levels.valid(self.document.graph, (*self.way, node)))

    def leave(self) -> None:
        """Go out of the block that is shown."""
        self.go(self.way[:-1])

    @property
    def is_dirty(self) -> bool:
        """Whether closing the document that is shown would lose something."""
        return self.session.is_dirty

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

    def go_back_to(self, done: int) -> None:
        """Undo or redo until so many steps of the history are done; the views follow all of them at once."""
        self.document.observers.remove(self._follow)
        try:
            moved = Patch("", tuple(change for step in self._steps_to(done) for change in step.changes))
        finally:
            self.document.observers.append(self._follow)
        whole = moved.then(Patch("", ()))
        if whole:
            self._follow(whole)
        self._moved(whole)

    def _steps_to(self, done: int) -> Iterator[Patch]:
        """Make steps back or on, one after the other."""
        move = self.history.undo if self.history.done > done else self.history.redo
        while self.history.done != done and (step := move()) is not None:
            yield step

    def new(self, document: Document | None = None, name: str = UNTITLED) -> None:
        """Open an empty document, or one that has no file yet."""
        self._open(self._made(document or Document(), Kept(name)))

    def open(self, path: Path) -> bool:
        """Open a file, or show it where it is open already; where it is wrong, say so and keep what is shown."""
        found = self._of(path)
        if found is not None:
            self.show(found)
            return True
        known = digest_of(path)
        document = self._load(path)
        if document is not None:
            self._open(self._made(document, Kept(path.stem, str(path.absolute()), known)))
        return document is not None

    def _of(self, path: Path) -> Session | None:
        """The session of a file, if it is open."""
        return next((each for each in self._sessions if each.path is not None and _is_same(each.path, path)), None)

    def recover(self, left: recovery.Left) -> bool:
        """Open what a dead process left in its journal, with its steps, and go on with that journal."""
        try:
            found = recovery.take(left.place)
        except NetloomError as error:
            self._refused(f"{left.name} cannot be brought back: {error}")
            return False
        try:
            check_document(found.document)
        except NetloomError as error:
            found.folder.leave()
            self._refused(f"{left.name} cannot be brought back: {error}")
            return False
        self._open_recovered(found)
        return True

    def _open_recovered(self, found: recovery.Recovered) -> None:
        journal = Journal.resumed(found.folder, found.checksum, found.history, found.kept, self._unwritten.emit)
        session = Session(found.history, journal, found.kept, asks=self.trials)
        session.is_apart = found.is_apart
        older = self._of(session.path) if session.path is not None else None
        self._open(session)
        if older is not None and not older.is_dirty:
            self.close(older)
        if found.complaint:
            self.message_requested.emit(f"{session.name} is not back as a whole. {found.complaint}", "error")

    def load_changed(self) -> bool:
        """Take over what another program wrote into the file of the document that is shown, as one step."""
        session = self.session
        if session.file is None:
            return False
        known = digest_of(session.file.path)
        document = self._load(session.file.path)
        if document is None:
            return False
        # Not by `do`: code that somebody else wrote is not trusted because it took the place of code that is.
        session.history.do(difference(session.document, document, f"Load {session.file.path.name}"))
        session.mark_read(known)
        self.state_changed.emit()
        return True

    def _load(self, path: Path) -> Document | None:
        try:
            return netloom.load(path)
        except NetloomError as error:
            self._refused(str(error))
            return None

    def save(self, path: Path) -> bool:
        """Write the document; where that fails, say so and keep everything as it was."""
        try:
            data = file.save(self.document, path)
        except NetloomError as error:
            self._refused(str(error))
            return False
        self.session.mark_saved(path, data)
        self.state_changed.emit()
        self.settled.emit(self._complaint)
        return True

    def _refused(self, text: str) -> None:
        _log.error(text)
        self._complaint = text
        self.message_requested.emit(text, "error")


def _is_same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve()


def _rewritten(patch: Patch) -> Iterator[str]:
    """The code that a patch puts in the place of code that is trusted."""
    for change in patch.changes:
        old, new = change.old, change.new
        if isinstance(old, Node) and isinstance(new, Node) and new.kind in custom.KINDS and new.params != old.params:
            before, after = (trust.text_of(each.kind, each.params) for each in (old, new))
            if before != after and trust.current(before):
                yield after
