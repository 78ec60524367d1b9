"""The inspector's page where no node is selected: how the network is trained, and what it costs."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.compiler.forecast import Forecast
from netloom.compiler.goals import scored
from netloom.compiler.plan import Plan
from netloom.graph import Training
from netloom.layers.training_settings import SETTINGS, Group
from netloom.ui import widgets
from netloom.ui.panels.fold import Fold
from netloom.ui.panels.forecast_section import ForecastSection
from netloom.ui.panels.param_row import ParamRow
from netloom.ui.panels.scroll import Scroll
from netloom.ui.panels.texts import Line, Words
from netloom.ui.panels.training_rows import offer_scores, show_training, training_rows

FIRST: Group = "Training"
"""The group that is always open."""


class DocumentPage(QWidget):
    """`changed` carries the name of a training setting and its new value, `focused` the name that got the keyboard."""

    changed = Signal(str, object)
    focused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, ParamRow] = {}
        folded = [group for group in get_args(Group) if group != FIRST]
        self.folds = {group: Fold(group, partial(self._make_rows, group)) for group in folded}
        self.forecast = ForecastSection()
        self._shown = Training()
        self._told: Training | None = None
        self._offered: tuple[Sequence[str], str, bool] = ((), "", False)
        self._devices: Sequence[tuple[str, str]] = ()
        self._lay_out(self._make_rows(FIRST))

    def _make_rows(self, group: Group) -> Collection[ParamRow]:
        """The rows of a group, with all that is known by now."""
        rows = training_rows("training", group)
        self.rows |= rows
        for row in rows.values():
            row.changed.connect(self.changed)
            row.unset.connect(lambda name: self.changed.emit(name, self.rows[name].param.default))
            row.focused.connect(self.focused)
        self._offer_devices()
        self._offer_scores()
        show_training(rows, self._told or self._shown)
        return rows.values()

    def _offer_devices(self) -> None:
        if "device" in self.rows and self._devices:
            self.rows["device"].offer(self._devices)
            self._show("device")

    def _offer_scores(self) -> None:
        if "best_by" in self.rows:
            names, chosen, is_known = self._offered
            offer_scores(self.rows["best_by"], names, chosen, is_known=is_known)
            self._show("best_by")

    def _show(self, name: str) -> None:
        """Show one setting again: what is set may not be among what is offered now."""
        show_training({name: self.rows[name]}, self._told or self._shown)

    def _lay_out(self, first: Collection[QWidget]) -> None:
        training = QVBoxLayout()
        training.setContentsMargins(16, 12, 16, 12)
        training.setSpacing(0)
        training.addWidget(widgets.SectionTitle(FIRST))
        training.addSpacing(4)
        for row in first:
            training.addWidget(row)
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 12)
        head.setSpacing(4)
        head.addWidget(Line("Network", "title"))
        head.addWidget(Words("Select a node to see its settings and what happens inside it.", value="3"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(widgets.Hairline())
        column.addLayout(training)
        for fold in self.folds.values():
            column.addWidget(widgets.Hairline())
            column.addWidget(fold)
        column.addWidget(widgets.Hairline())
        column.addWidget(self.forecast)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroll(body, "document_scroll"))

    def show_training(self, training: Training) -> None:
        """Show how the document is trained; a folded group opens where something in it is set that was not."""
        if training is self._told:  # as after most edits
            return
        self._told = training
        show_training(self.rows, training)
        for group, fold in self.folds.items():
            own = [setting for setting in SETTINGS if setting.group == group]
            given = [each.name for each in own if getattr(training, each.name) != each.param.default]
            fold.title.tell(f"{len(given)} set" if given else "")
            if any(getattr(training, name) != getattr(self._shown, name) for name in given):
                fold.set_open(True)
        self._shown = training

    def show_plan(self, plan: Plan | None, found: Forecast | None, training: Training) -> None:
        """Show what the whole network costs, and offer its metrics and losses."""
        self.forecast.show_plan(plan, found, training)
        is_known = plan is not None and plan.is_valid
        offered = scored(plan) if plan else (), training.best_by, is_known
        if offered != self._offered:
            self._offered = offered
            self._offer_scores()

    def begin(self) -> None:
        """Another document comes: only what is set there is open."""
        self._shown, self._told = Training(), None
        for fold in self.folds.values():
            fold.set_open(False)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices by name and title."""
        self._devices = devices
        self._offer_devices()

    def commit(self) -> None:
        """Read what is still being typed."""
        for row in self.rows.values():
            row.commit()
