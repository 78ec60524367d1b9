"""The dock's Live page: curves, gradients and answers of the run that goes on, and how fast it goes."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from netloom.compiler.plan import Plan
from netloom.training.events import Changed, EpochEnded, Scores, Split
from netloom.training.progress import Progress
from netloom.ui import theme
from netloom.ui.plots.confusion import ConfusionCard
from netloom.ui.plots.curve_card import CurveCard
from netloom.ui.plots.decision import DecisionCard
from netloom.ui.plots.gradients import GradientCard
from netloom.ui.plots.marks import Mark
from netloom.ui.plots.naming import class_names, fraction_metrics, layer_names
from netloom.ui.plots.numbers import TELL_EVERY, short, time_left
from netloom.ui.plots.title_row import Entry, TitleRow
from netloom.ui.widgets import Hairline, surface
from netloom.ui.words import counted, duration

EMPTY = "Curves appear with the first step. Press Train."
MOST_LOSSES = 2
STATES = {
    "paused": "Paused",
    "stopped": "Stopped",
    "interrupted": "Interrupted",
    "failed": "Failed",
    "finished": "Finished",
}
SPLITS: tuple[Split, Split] = ("train", "val")


class LivePanel(QWidget):
    """Shows one `Progress`. The window calls `refresh` on its timer; only what changed and can be seen is repainted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live-panel")
        self.setAccessibleName("Live plots")
        surface(self, "panel")
        self._progress: Progress | None = None
        self._plan: Plan | None = None
        self._seen = -1
        self._epochs = self._changes = 0
        self._told = 0.0
        self.losses: dict[str, CurveCard] = {}
        self.metrics: dict[str, CurveCard] = {}
        self.gradients = GradientCard()
        self.confusion = ConfusionCard()
        self.decision = DecisionCard()
        self.strip = TitleRow("", "body")
        self._frames: dict[QWidget, QWidget] = {}
        self._row = QHBoxLayout()
        self._stack = self._laid_out()

    def set_plan(self, plan: Plan | None) -> None:
        """Take the names of layers, classes and metrics from the plan of the document that trains."""
        self._plan = plan
        self.gradients.set_names(layer_names(plan) if plan else {})
        self._seen = -1

    def set_progress(self, progress: Progress | None) -> None:
        """Show this run from its beginning; None shows the empty page."""
        if progress is not self._progress:
            self._progress = progress
            self._clear()
            self.refresh()

    def refresh(self) -> None:
        """Show what is new."""
        for show in self.news():
            show()

    def news(self) -> list[Callable[[], None]]:
        """What shows what is new, in parts: none while hidden or while the run has said nothing new."""
        progress = self._progress
        if progress is None or not self.isVisible() or progress.version == self._seen:
            return []
        self._seen = progress.version
        return [self._show_curves, self._show_rest]

    def _show_curves(self) -> None:
        progress = self._progress
        if progress is None:
            return
        if not self.losses and progress.started is not None:
            self._add_cards(progress)
        self._show_losses(progress)
        if len(progress.changes) != self._changes:
            self._show_changes(progress.changes)
        if len(progress.epochs) != self._epochs:
            self._show_epochs(progress.epochs[self._epochs :])
        if progress.state != "running":
            for card in self.cards():
                card.redraw(at_once=True)

    def _show_rest(self) -> None:
        progress = self._progress
        if progress is None:
            return
        if progress.gradient_norms:
            self.gradients.set_norms(progress.gradient_norms)
        if progress.boundary is not None:
            self.decision.set_boundary(progress.boundary)
        self._show_parts(progress)
        now = time.monotonic()
        if now - self._told >= TELL_EVERY or progress.state != "running":
            self._told = now
            self._show_strip(progress)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the page was hidden."""
        super().showEvent(event)
        self.refresh()

    def cards(self) -> Iterator[CurveCard]:
        """All curves, from left to right."""
        return itertools.chain(self.losses.values(), self.metrics.values())

    def _laid_out(self) -> QStackedWidget:
        empty = QLabel(EMPTY)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setFont(theme.font("body"))
        empty.setProperty("level", "3")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._row.setSpacing(0)
        column.addLayout(self._row, 1)
        column.addWidget(Hairline())
        self.strip.setFixedHeight(24)
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 0, 12, 0)
        strip.addWidget(self.strip)
        column.addLayout(strip)
        for card, stretch in ((self.gradients, 27), (self.confusion, 24), (self.decision, 24)):
            self._row.addWidget(self._framed(card), stretch)
        stack = QStackedWidget()
        stack.addWidget(empty)
        stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(stack)
        return stack

    def _framed(self, card: QWidget) -> QWidget:
        """The card with a hairline at its right."""
        frame = self._frames[card] = QWidget()
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(card, 1)
        layout.addWidget(Hairline(Qt.Orientation.Vertical))
        return frame

    def _clear(self) -> None:
        for card in self.cards():
            frame = self._frames.pop(card)
            self._row.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self.losses, self.metrics = {}, {}
        self._seen, self._epochs, self._changes, self._told = -1, 0, 0, 0.0
        self._stack.setCurrentIndex(0)

    def _add_cards(self, progress: Progress) -> None:
        started = progress.started
        if started is None:
            return
        fractions = fraction_metrics(self._plan, started.metrics)
        for name in started.losses[:MOST_LOSSES]:
            self.losses[name] = CurveCard("Loss" if len(started.losses) == 1 else name)
        for name in started.metrics[:1]:
            self.metrics[name] = CurveCard(name[:1].upper() + name[1:], fraction=name in fractions)
        for place, card in enumerate(self.cards()):
            card.hovered.connect(self._show_step)
            self._row.insertWidget(place, self._framed(card), 31 if place == 0 else 28)
        self._stack.setCurrentIndex(1)

    def _show_losses(self, progress: Progress) -> None:
        for name, card in self.losses.items():
            curve = progress.losses.get(name)
            if curve is not None and len(curve) > card.trace.count:
                x, y = curve.points
                card.extend(x[card.trace.count :], y[card.trace.count :])
                card.redraw()

    def _show_changes(self, changes: list[Changed]) -> None:
        """Mark what was changed while the run went on; the words stand in the first plot alone."""
        self._changes = len(changes)
        for place, card in enumerate(self.cards()):
            card.set_changes(Mark(change.step, "" if place else change.title) for change in changes)
            card.redraw(at_once=True)

    def _show_epochs(self, epochs: list[EpochEnded]) -> None:
        """Add epochs that have ended since the last look."""
        self._epochs += len(epochs)
        for epoch in epochs:
            _add_epoch(self.losses, epoch, epoch.losses)
            _add_epoch(self.metrics, epoch, epoch.metrics)
        best = next((epoch.step for epoch in reversed(epochs) if epoch.best), None)
        for card in self.losses.values() if best is not None else ():
            card.set_best(best)
        for card in self.cards():
            card.redraw(at_once=True)
        latest = epochs[-1].confusion
        if latest is not None:
            self.confusion.set_counts(latest, class_names(self._plan, len(latest)))

    def _show_parts(self, progress: Progress) -> None:
        """Give room only to what there is something to show of."""
        has_confusion = any(epoch.confusion is not None for epoch in progress.epochs[-1:])
        decides = progress.boundary is not None
        for card, shown in (
            (self.gradients, bool(progress.gradient_norms)),
            (self.decision, decides),
            (self.confusion, has_confusion and not decides),
        ):
            self._frames[card].setVisible(shown)

    def _show_strip(self, progress: Progress) -> None:
        ended, state = progress.ended, STATES.get(progress.state, "")
        spent = f", {counted(ended.epochs, 'epoch')} in {duration(ended.seconds)}" if ended else ""
        self.strip.set_title(state + spent if state else time_left(progress.seconds_left))
        rates = [
            Entry(f"learning rate {name}" if len(progress.rates) > 1 else "learning rate", short(rate))
            for name, rate in progress.rates.items()
        ]
        tuned = progress.tuned
        gain = (Entry("tuned", f"{tuned.gain:.2f} ×"),) if tuned is not None and tuned.gain > 1 else ()
        self.strip.setToolTip(tuned.text if tuned is not None else "")
        self.strip.set_entries(*rates, *gain, Entry("samples per second", f"{progress.samples_per_second:,.0f}"))

    def _show_step(self, x: float | None) -> None:
        """Read every curve of the dock at the same step."""
        step = None if x is None or self._progress is None else float(np.clip(round(x), 0, self._progress.step))
        for card in self.cards():
            card.show_step(step)


def _add_epoch(cards: Mapping[str, CurveCard], epoch: EpochEnded, scores: Mapping[Split, Scores]) -> None:
    for name, card in cards.items():
        for split in SPLITS:
            if name in scores.get(split, {}):
                card.add_epoch(split, epoch.step, scores[split][name])
