"""What the Runs page shows and asks for: the store on its thread, the queue, documents that come back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from netloom.errors import NetloomError
from netloom.runs import RunLine, RunRecord, Store, compare
from netloom.runs.record import fingerprint
from netloom.runs.store import clean_tags
from netloom.ui.action_spec import Condition
from netloom.ui.editor import Editor
from netloom.ui.panels import RunsPanel
from netloom.ui.panels.facts_table import Section, differences_of, facts_of, titles
from netloom.ui.panels.run_cells import QueueLine
from netloom.ui.panels.runs_shelf import Shelf
from netloom.ui.run_controller import Phase, RunController
from netloom.ui.run_queue import RunQueue
from netloom.ui.run_worker import RunWorker
from netloom.ui.strokes import MOST_RUNS
from netloom.ui.words import counted

if TYPE_CHECKING:
    from netloom.ui.plots.compare_card import CompareCard
    from netloom.ui.plots.run_series import RunCurves

EVERY_MS = 1000
"""How often runs that go on are looked at, while they can be seen."""
Field: TypeAlias = Literal["name", "notes", "tags", "pinned", "hidden"]
FIELDS: Mapping[Field, str] = {
    "name": "name",
    "notes": "notes",
    "tags": "tags",
    "pinned": "is_pinned",
    "hidden": "is_hidden",
}
"""What a person sets, and what it is called in a RunLine."""
FIRST = 100
"""So many runs can be seen at once; the others are read after them."""
Details = tuple[Sequence[str], Sequence[Section], Sequence["RunCurves"]]


class RunsDesk(QObject):
    """Keeps the panel equal to the store. `enabled_changed` says that other actions make sense now."""

    enabled_changed = Signal()
    message_requested = Signal(str, str)

    def __init__(self, editor: Editor, controller: RunController, queue: RunQueue, panel: RunsPanel) -> None:
        super().__init__(panel)
        self._editor, self._controller, self._queue = editor, controller, queue
        self.panel = panel
        self.curves: Callable[[], CompareCard | None] = lambda: None
        self.worker = RunWorker(self)
        self._deleted: list[str] = []
        self._is_read = self._is_checked = False
        self._pulse = QTimer(self, interval=EVERY_MS)
        self._pulse.timeout.connect(self._look_at_live)
        self._connect()

    def _connect(self) -> None:
        panel = self.panel
        panel.refresh_requested.connect(self.refresh)
        panel.details_requested.connect(self._read_details)
        panel.changed.connect(lambda key, field, value: self._change([key], field, value))
        panel.picked.connect(self.enabled_changed)
        panel.undo_requested.connect(self.restore)
        panel.graph_wanted.connect(self._follow_graph)
        self._editor.planned.connect(lambda _plan: self._follow_graph(self.panel.here.isChecked()))
        self._queue.changed.connect(self._show_queue)
        self._controller.phase_changed.connect(self._follow_phase)
        self.worker.failed.connect(lambda text: self.message_requested.emit(text, "warning"))
        self.worker.warned.connect(lambda text: self.message_requested.emit(text, "error"))

    @property
    def holding(self) -> dict[Condition, bool]:
        """What holds for the actions on runs."""
        kept, queued = len(self.panel.selected), len(self.panel.queued)
        return {
            "picked": kept + queued > 0,
            "kept": kept > 0,
            "compared": kept > 1,
            "waiting": queued > 0,
            "deleted": bool(self._deleted),
        }

    def refresh(self) -> None:
        """Read all runs, once the page is seen; the whole of a large store is checked after the first time."""
        if not self._is_read:
            self.worker.ask(
                lambda store: Shelf(store.runs(FIRST)), lambda shelf: self.panel.set_shelf(shelf, is_whole=False)
            )
        self.worker.ask(lambda store: Shelf(store.runs()), self._take_shelf)
        if not self._is_checked:
            self._is_checked = True
            self.worker.ask(_checked, self._reread)
        self._pulse.start()

    def _take_shelf(self, shelf: Shelf) -> None:
        self._is_read = True
        self.panel.set_shelf(shelf)

    def _reread(self, found: str) -> None:
        """What the check has found stands in the list now."""
        if found:
            self.refresh()

    def _look_at_live(self) -> None:
        shelf = self.panel.model.shelf
        if not self.panel.isVisible():
            self._pulse.stop()
        elif shelf.live or self._controller.is_active:
            self._news()

    def _news(self, also: Collection[int] = ()) -> None:
        shelf = self.panel.model.shelf
        newest, looked_at = shelf.newest, {*shelf.live, *also, *self._own}
        self.worker.ask(lambda store: store.news(newest, looked_at), self.panel.put)

    @property
    def _own(self) -> Collection[int]:
        """The number of this window's run, which goes on though the list may still say that it was stopped."""
        progress = self._controller.progress
        line = self.panel.model.shelf.get(progress.started.run) if progress and progress.started else None
        return [line.number] if line else []

    def _follow_phase(self, phase: Phase) -> None:
        if self._is_read and phase != "starting":
            self._news()

    def _show_queue(self) -> None:
        lines = [
            QueueLine(each.key, each.name, each.document.training.device, each.document.training.epochs)
            for each in self._queue.waiting
        ]
        self.panel.set_queue(lines)
        self.enabled_changed.emit()

    def _follow_graph(self, is_wanted: bool) -> None:
        wanted = fingerprint(self._editor.document) if is_wanted else ""
        if wanted != self.panel.model.wish.graph:
            self.panel.set_graph(wanted)

    def _read_details(self, lines: Sequence[RunLine]) -> None:
        keys = [line.id for line in lines[:MOST_RUNS]]
        if keys:
            self.worker.ask(lambda store: details(store, keys), lambda found: self._show_details(keys, found))

    def _show_details(self, keys: Sequence[str], found: Details) -> None:
        """Show what was read, if it is still what is selected."""
        if [line.id for line in self.panel.selected[:MOST_RUNS]] == list(keys):
            names, sections, curves = found
            self.panel.details.show_facts(names, sections)
            if (card := self.curves()) is not None:
                card.show_runs(curves)

    def _change(self, keys: Sequence[str], field: Field, value: Any) -> None:
        """Set a field of runs, in the list at once; then in the store, which has the last word."""
        lines = [line for key in keys if (line := self.panel.model.shelf.get(key)) is not None]
        shown = {FIELDS[field]: clean_tags(value) if field == "tags" else value}
        self.panel.put([msgspec.structs.replace(line, **shown) for line in lines])
        self.worker.ask(lambda store: store.change(keys, **{field: value}))
        self._news([line.number for line in lines])

    def pin(self) -> None:
        """Pin the selected runs, or if all are pinned let them go."""
        runs = self.panel.selected
        self._change([run.id for run in runs], "pinned", not all(run.is_pinned for run in runs))

    def hide(self) -> None:
        """Hide the selected runs, or if all are hidden show them."""
        runs = self.panel.selected
        self._change([run.id for run in runs], "hidden", not all(run.is_hidden for run in runs))

    def delete(self) -> None:
        """Delete the selected runs, and take from the queue what is selected there."""
        if self.panel.queued:
            self._queue.remove(self.panel.queued)
        keys = [run.id for run in self.panel.selected]
        if keys:
            self.worker.ask(lambda store: store.delete(keys), self._take_deleted)

    def _take_deleted(self, keys: Sequence[str]) -> None:
        self._deleted += keys
        self.panel.drop(keys)
        self.panel.offer_undo(len(self._deleted))
        self.enabled_changed.emit()

    def restore(self) -> None:
        """Bring back all runs that were deleted in this window."""
        keys, self._deleted = self._deleted, []
        self.panel.offer_undo(0)
        self.worker.ask(lambda store: store.restore(keys))
        self.worker.ask(lambda store: Shelf(store.runs()), lambda shelf: self._back(shelf, keys))
        self.enabled_changed.emit()

    def _back(self, shelf: Shelf, keys: Sequence[str]) -> None:
        self._take_shelf(shelf)
        self.panel.table.select(keys)

    def move(self, steps: int) -> None:
        """Let what is selected of the queue begin earlier or later."""
        self._queue.move(self.panel.queued, steps)

    def open(self) -> None:
        """Open the networks of the selected runs, each in a tab."""
        for run in self.panel.selected[:MOST_RUNS]:
            self._with_record(run, lambda record: self._editor.new(record.document, record.name))

    def resume(self) -> None:
        """Go on with the selected runs, one after the other."""
        for run in self.panel.selected:
            self._with_record(run, self._resume)

    def _resume(self, record: RunRecord) -> None:
        if record.state == "finished":
            done = counted(record.epochs, "epoch")
            told = f"{record.name} has finished all of its {done}. Open its network to train more."
            self.message_requested.emit(told, "info")
            return
        if fingerprint(self._editor.document) != record.fingerprint:
            self._editor.new(record.document, record.name)
        editor = self._editor
        self._queue.add(editor.document, record.name, editor.session, editor.plan, resume=record.id)

    def _with_record(self, run: RunLine, then: Callable[[RunRecord], object]) -> None:
        """Read all of a run, then do something with it."""

        def tell(record: RunRecord) -> None:
            try:
                then(record)
            except NetloomError as error:
                self.message_requested.emit(f"The network of {run.name} cannot be opened: {error}", "warning")

        self.worker.ask(lambda store: store.run(run.id), tell)

    def with_record(self, then: Callable[[RunRecord], object]) -> None:
        """Do something with all of the first selected run."""
        for run in self.panel.selected[:1]:
            self._with_record(run, then)

    def write(self, work: Callable[[Sequence[RunRecord]], str]) -> None:
        """Let the selected runs be written by `work`, on the store's thread; what it returns is told."""
        keys = [run.id for run in self.panel.selected]
        self.worker.ask(
            lambda store: work([store.run(key) for key in keys]), lambda told: self.message_requested.emit(told, "info")
        )

    def close(self) -> None:
        """Keep what was typed, remove for good what was deleted, and end."""
        self.panel.details.commit()
        self._pulse.stop()
        self._queue.clear()
        gone = self._deleted
        if gone:
            self.worker.ask(lambda store: store.purge(gone))
        self.worker.close()


def _checked(store: Store) -> str:
    """Remove what was deleted long ago, and read all of the database; what was wrong with it."""
    store.purge()
    return store.check()


def details(store: Store, keys: Sequence[str]) -> Details:
    """Read runs and put what is known of them into words and curves."""
    from netloom.ui.plots.run_series import curves_of

    runs = [store.run(key) for key in keys]
    curves = [curves_of(run) for run in runs]
    if len(runs) == 1:
        return (), facts_of(runs[0]), curves
    return titles(runs), differences_of(compare(runs)), curves
