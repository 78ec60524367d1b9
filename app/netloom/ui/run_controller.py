"""The bridge between the window and a training run: one session at a time, read by a timer, told by commands."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from netloom.compiler.plan import Plan
from netloom.graph import Document, Value, file
from netloom.training.events import Apply, Events, ProbeMode, Revert, Watch
from netloom.training.progress import Progress
from netloom.training.session import Session

TICK_MS = 30
LEAST_SECONDS, MOST_SECONDS, SHARE = 0.1, 0.3, 0.05
"""The time between two looks at the run, such that the window takes this share of a core where it can: while it
computes in Python, the steps of a small network have to wait."""

Phase: TypeAlias = Literal["idle", "starting", "running", "paused", "ended"]


class RunController(QObject):
    """Starts, pauses, steps and ends runs. Each run has its own session, so nothing late of an older one is ever shown.

    `progressed` carries the Progress whenever it has grown, `previewed` the Previews by node id, `phase_changed` the
    new phase, `ended` the RunEnded of the run that began last. Who computes with torch outside of runs holds
    `beside_runs`: what two of them draw by chance at the same time could not be repeated.
    """

    progressed = Signal(object)
    previewed = Signal(object)
    phase_changed = Signal(str)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trained: Document | None = None
        self.home: object = None
        self.plan: Plan | None = None
        self.before_run: list[Callable[[], None]] = []
        self.beside_runs = threading.Lock()
        self.phase: Phase = "idle"
        self._session: Session | None = None
        self._left: list[Session] = []
        self._seen = -1
        self._told: tuple[float, float, object] = (0.0, 0.0, None)
        self._shown_previews: object = None
        self._owes_previews = False
        self._watch = Watch()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def progress(self) -> Progress | None:
        """What is known of the last run, or None before the first."""
        return self._session.progress if self._session else None

    @property
    def is_active(self) -> bool:
        """Whether a run goes on or is paused."""
        return self.phase in ("starting", "running", "paused")

    @property
    def is_training(self) -> bool:
        """Whether any run still computes, also one that was left and is about to end."""
        return self.is_active or any(session.is_alive for session in self._left)

    def start(
        self,
        document: Document,
        name: str,
        home: object = None,
        *,
        paused: bool = False,
        resume: str = "",
        plan: Plan | None = None,
        settings: Mapping[str, Value] | None = None,
    ) -> None:
        """Train a copy of the document as a new run of that name; with `paused` only one step is made.

        `home` is where the document is open: what the run sees is shown there and nowhere else. `resume` is the id of
        a run to go on with, `plan` what is known of the document, where that is not what its home knows now, and
        `settings` what is to be other than the run had it.
        """
        self._let_go()
        older = tuple(self._left)
        self.home, self.plan = home, plan
        frozen = file.loads(file.dumps(document))
        self.trained = frozen
        self._seen = -1
        self._shown_previews = None
        given = settings or {}
        self._session = Session(lambda: self._events(frozen, name, resume, given, older))
        self._session.watch(self._watch)
        if paused:
            self._session.step()
        self._session.start()
        self._enter("starting")
        self._timer.start()

    def _events(
        self, document: Document, name: str, resume: str, settings: Mapping[str, Value], older: Iterable[Session]
    ) -> Events:
        """Called on the session's thread, where older runs may end and each `before_run` wait without a held window."""
        from netloom.runs.store import Store

        for session in older:
            session.join()
        for wait in self.before_run:
            wait()
        return Store().train(document, name=name, resume=resume or None, **settings)

    def pause(self) -> None:
        """Wait after the step that is being made."""
        if self._session:
            self._session.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._session:
            self._session.resume()

    def step(self) -> None:
        """Make one step and wait."""
        if self._session:
            self._session.step()

    def stop(self) -> None:
        """End the run after the step that is being made; its weights are kept."""
        if self._session:
            self._session.stop()

    def apply(self, document: Document) -> None:
        """Go on with this version of the document from the next step on."""
        if self._session:
            self._session.change(Apply(file.loads(file.dumps(document))))

    def revert(self) -> None:
        """Go back to the weights and the document before the last version that was applied."""
        if self._session:
            self._session.change(Revert())

    def leave(self) -> None:
        """Let go of the run because its document goes: it ends by itself, is kept, and is heard of no more."""
        self._let_go()
        self.trained = self.home = self.plan = None
        self._timer.stop()
        self._enter("idle")

    def _let_go(self) -> None:
        """Ask the run to end, and listen to it no more."""
        if self._session is not None:
            self._session.stop()
            self._left = [session for session in (*self._left, self._session) if session.is_alive]
        self._session = None

    def close(self) -> bool:
        """End the run because the program ends, and wait until its checkpoint is written; whether that came in time."""
        running = [session for session in (self._session, *self._left) if session is not None and session.is_alive]
        closed = [session.close() for session in running]
        self._tick()
        return all(closed)

    def watch(self, nodes: Iterable[str], focus: str | None, mode: ProbeMode) -> None:
        """Look inside these nodes from now on, and at `focus` in full."""
        wanted = Watch(tuple(nodes), focus, mode)
        if wanted == self._watch:
            return
        self._watch = wanted
        if self._session and self.is_active:
            self._session.watch(wanted)

    def _tick(self) -> None:
        if self._session is None:
            return
        is_over = not self._session.is_alive
        progress = self._session.progress
        is_told = progress.version != self._seen and self._is_time(progress)
        if is_told:
            self._seen = progress.version
            self.progressed.emit(progress)
        if is_over or (self._owes_previews and not is_told):  # not all in one frame
            self._preview(progress)
        self._owes_previews = is_told
        self._enter(_phase(progress, is_over=is_over))
        if is_over:
            self._timer.stop()
            if progress.ended is not None:
                self.ended.emit(progress.ended)

    def _is_time(self, progress: Progress) -> bool:
        """Whether it is time to tell more, or what must not wait has happened."""
        (last, spent, known), now, used = self._told, time.monotonic(), time.thread_time()
        urgent = (progress.state, progress.started, progress.ended)
        rest = min(max((used - spent) / SHARE, LEAST_SECONDS), MOST_SECONDS)
        if now - last < rest and urgent == known:
            return False
        self._told = (now, used, urgent)
        return True

    def _preview(self, progress: Progress) -> None:
        previews = progress.previews
        if previews is not self._shown_previews:
            self._shown_previews = previews
            self.previewed.emit(previews)

    def _enter(self, phase: Phase) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)


def _phase(progress: Progress, *, is_over: bool) -> Phase:
    """The run is over when its thread has ended: only then everything is in the store."""
    if is_over:
        return "ended"
    if progress.started is None:
        return "starting"
    return "paused" if progress.state == "paused" else "running"
