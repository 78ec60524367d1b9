"""A run on a thread of its own. The window reads `progress` on its timer and never waits for the run."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Literal

from netloom.errors import NetloomError
from netloom.training import memory
from netloom.training.events import Apply, Command, Event, Events, Revert, RunEnded, Stepped, Stop, Watch
from netloom.training.progress import Progress

CLOSING_SECONDS = 10.0


class Session:
    """Runs a generator of events on one thread; each order is obeyed within one step, a pause does not spin."""

    def __init__(self, events: Callable[[], Events]) -> None:
        self.progress = Progress()
        self._events = events
        self._change = threading.Condition()
        self._noticed = True  # False: an order waits. Read at each step without the lock.
        self._paused = False
        self._single = False
        self._stop: Stop | None = None
        self._changes: deque[Apply | Revert] = deque()
        self._watch: Watch | None = None
        self._thread = threading.Thread(target=self._run, name="netloom-training", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; a session runs once."""
        memory.keep_freed()
        self._thread.start()

    def pause(self) -> None:
        """Rest after the current step."""
        self._order(paused=True)

    def resume(self) -> None:
        """Go on after a pause."""
        self._order(paused=False)

    def step(self) -> None:
        """Do one optimizer step, then rest."""
        self._order(paused=True, single=True)

    def stop(self, state: Literal["stopped", "interrupted"] = "stopped") -> None:
        """End the run after the current step, with a last checkpoint."""
        with self._change:
            self._stop = Stop(state)
            self._paused = False
            self._wake()

    def watch(self, watch: Watch) -> None:
        """Look inside these nodes from now on; also obeyed during a pause, without another step."""
        with self._change:
            self._watch = watch
            self._wake()

    def change(self, change: Apply | Revert) -> None:
        """Train another version of the document from the next step on; also obeyed during a pause."""
        with self._change:
            self._changes.append(change)
            self._wake()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds; whether it was reached."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def close(self, timeout: float = CLOSING_SECONDS) -> bool:
        """Stop because the program ends, and wait; whether the thread has ended."""
        self.stop("interrupted")
        return self.join(timeout)

    def _order(self, *, paused: bool, single: bool = False) -> None:
        with self._change:
            self._paused = paused
            self._single = single
            self._wake()

    def _wake(self) -> None:
        self._noticed = False
        self._change.notify_all()

    def _run(self) -> None:
        try:
            self._follow(self._events())
        except Exception as error:  # noqa: BLE001  (whatever ends the run must be shown, not lost with the thread)
            self._fail(error)

    def _follow(self, events: Events) -> None:
        command: Command | None = None
        try:
            while True:
                event = events.send(command)
                self.progress.feed(event)
                command = None if self._noticed else self._obey(event)
        except StopIteration:
            return
        finally:
            events.close()

    def _obey(self, event: Event) -> Command | None:
        """Rest as long as the person wishes; the order that the run itself must hear, if there is one."""
        with self._change:
            if isinstance(event, Stepped):
                self._single = False
            while self._paused and not (self._single or self._waits() or self.progress.ended):
                self.progress.set_paused(paused=True)
                self._change.wait()
            if not self._paused or self._single or self._stop:
                self.progress.set_paused(paused=False)
            return self._next_command()

    def _next_command(self) -> Command | None:
        command: Command | None = self._stop or (self._changes.popleft() if self._changes else self._watch)
        if command is self._stop:
            self._stop = None
        elif command is self._watch:
            self._watch = None
        self._noticed = not (self._paused or self._waits())
        return command

    def _waits(self) -> bool:
        """Whether the run has not heard all that it must hear."""
        return bool(self._stop or self._changes or self._watch)

    def _fail(self, error: Exception) -> None:
        message = str(error) if isinstance(error, NetloomError) else f"{type(error).__name__}: {error}"
        node = error.node if isinstance(error, NetloomError) else None
        done, started = self.progress, self.progress.started
        run = started.run if started else ""
        self.progress.feed(
            RunEnded(run, "failed", len(done.epochs), done.step, 0.0, {}, {}, (), message=message, node=node)
        )
