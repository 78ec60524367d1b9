"""Train, pause, step and stop, and what the top bar and the status bar say of the run."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from netloom.compiler.plan import Plan, Problem
from netloom.graph.edit import set_training
from netloom.layers import training_settings
from netloom.training.events import EpochEnded, Remedy, RunEnded
from netloom.training.progress import Progress
from netloom.ui.editor import Editor
from netloom.ui.run_controller import RunController
from netloom.ui.run_progress import RunProgress
from netloom.ui.run_queue import RunQueue
from netloom.ui.session import Session
from netloom.ui.status_bar import StatusBar
from netloom.ui.words import best_score, counted, duration

ENDINGS = {"stopped": "Stopped after", "interrupted": "Interrupted after"}


class RunCommands(QObject):
    """What the run buttons do. `problems_requested` leads to what is in the way, `failed` carries RunEnded."""

    problems_requested = Signal()
    failed = Signal(object)
    message_requested = Signal(str, str)

    def __init__(self, editor: Editor, controller: RunController, bar: RunProgress, status: StatusBar) -> None:
        super().__init__(controller)
        self._editor = editor
        self._controller = controller
        self._bar = bar
        self._status = status
        self._has_failed = False
        self.queue = RunQueue(controller)
        self.queue.begun.connect(self._show_beginning)
        self.queue.message_requested.connect(self.message_requested)
        controller.progressed.connect(self.show_progress)
        controller.ended.connect(self._show_end)
        editor.patched.connect(self._note_edit)
        editor.closed.connect(self._leave_run)

    def train(self) -> None:
        """Start, pause or continue."""
        if self._controller.phase == "paused":
            self._controller.resume()
        elif self._controller.is_active:
            self._controller.pause()
        else:
            self._begin(paused=False)

    def step(self) -> None:
        """Make one step and wait; without a run, begin one."""
        if self._controller.is_active:
            self._controller.step()
        else:
            self._begin(paused=True)

    def stop(self) -> None:
        """End the run and keep its weights."""
        self._controller.stop()

    def go_on(self, run: str, remedy: Remedy) -> None:
        """Go on with a run that failed with what helps it; the document gets these settings too, as one step."""
        editor = self._editor
        training = training_settings.changed(editor.document.training, remedy.settings)
        editor.do(set_training(editor.document, training))
        self._show_beginning()
        self._controller.start(editor.document, editor.name, editor.session, resume=run, settings=remedy.settings)

    def enqueue(self) -> None:
        """Train the document as it is now when the runs before it have ended."""
        if self._may_train():
            editor = self._editor
            self.queue.add(editor.document, editor.name, editor.session, editor.plan)

    def _begin(self, *, paused: bool) -> None:
        if self._may_train():
            self._bar.show_progress("Preparing", "loading data and network", "", 0)
            self._controller.start(self._editor.document, self._editor.name, self._editor.session, paused=paused)

    def _may_train(self) -> bool:
        """Whether nothing is wrong with the document; what is, is told."""
        errors = [problem for problem in self._editor.plan.problems if problem.severity == "error"]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            self.message_requested.emit(f"Training waits: {errors[0].message}{more}", "warning")
            self.problems_requested.emit()
        return not errors

    def _show_beginning(self) -> None:
        """A run of the queue begins."""
        self._bar.show_progress("Preparing", "loading data and network", "", 0)

    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        started = progress.started
        if started is None or progress.ended is not None:
            return
        if progress.tried is not None:
            self._bar.show_progress("Tuning", "trying what is fastest here", "", progress.tried)
            return
        time = "paused" if progress.state == "paused" else f"{duration(progress.seconds_left)} left"
        steps = max(started.steps_per_epoch, progress.steps_in_epoch)
        detail = f"of {started.epochs}    Step {progress.steps_in_epoch} of {steps}"
        known = time if progress.epochs or progress.step else ""
        self._bar.show_progress(f"Epoch {max(progress.epoch, 1)}", detail, known, progress.share_done)
        self._status.set_speed(progress.samples_per_second)
        self._status.set_device(started.device.upper(), started.device_reason)

    def _show_end(self, ended: RunEnded) -> None:
        self._status.set_speed(None)
        if ended.state == "failed":
            self._has_failed = True
            self._bar.show_summary("Training failed")
            self.failed.emit(ended)
            return
        progress = self._controller.progress
        self._bar.show_summary(summary(ended, progress.epochs if progress else []))

    def _leave_run(self, session: Session) -> None:
        """A document is closed: its run ends and is kept."""
        if self._controller.home is not session:
            return
        if self._controller.is_active:
            self.message_requested.emit(f"{self._words()} was stopped and kept.", "info")
        self._controller.leave()
        self._bar.show_summary("")
        self._status.set_speed(None)

    def _words(self) -> str:
        """What the run is called."""
        started = self._controller.progress.started if self._controller.progress else None
        return f"Run {started.run}" if started else "The run"

    def _note_edit(self) -> None:
        is_here = self._controller.home is self._editor.session
        if is_here and self._has_failed:
            self._has_failed = False
            self._bar.show_summary("")


def summary(ended: RunEnded, epochs: list[EpochEnded]) -> str:
    """A run that is over, in one line: 20 epochs in 9 s, best 97.8 %."""
    words = f"{counted(ended.epochs, 'epoch')} in {duration(ended.seconds)}"
    best = next((epoch for epoch in reversed(epochs) if epoch.best), None)
    score = best_score(best.metrics.get("val", {})) or best_loss(best) if best else ""
    opening = ENDINGS.get(ended.state)
    return (f"{opening} {words}" if opening else words) + (f", best {score}" if score else "")


def best_loss(epoch: EpochEnded) -> str:
    """The first validation loss of an epoch, where there is no metric."""
    losses = epoch.losses.get("val") or epoch.losses.get("train") or {}
    return f"{next(iter(losses.values())):.4g}" if losses else ""


def with_failure(plan: Plan, ended: RunEnded | None) -> Plan:
    """The plan with a run's failure as one more problem of the node that is to blame."""
    if ended is None or ended.node is None or ended.node not in plan.nodes:
        return plan
    return replace(plan, problems=(*plan.problems, Problem(ended.node, None, "error", ended.message)))
