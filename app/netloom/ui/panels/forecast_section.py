"""What training will take, known before it begins: size, memory and time, a line each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from netloom.compiler.forecast import Forecast, too_much
from netloom.compiler.plan import Plan
from netloom.graph import Training
from netloom.ui import widgets
from netloom.ui.panels.cost_facts import Fact, memory_facts, size_facts, time_facts
from netloom.ui.panels.texts import Line, Words

HEIGHT, PART_HEIGHT = 22, 18
INDENT = 12


class FactRow(QWidget):
    """One number with its title; a part of another number is smaller and set in."""

    def __init__(self, *, is_part: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Line("", "caption" if is_part else "body", "text-3" if is_part else "text-2")
        self._value = Line("", "caption" if is_part else "body", "text-3" if is_part else "text")
        self._shown: Fact | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(INDENT if is_part else 0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._value, 0, 1, Qt.AlignmentFlag.AlignRight)
        self.setFixedHeight(PART_HEIGHT if is_part else HEIGHT)

    def show_fact(self, fact: Fact) -> None:
        """Show a number."""
        if fact == self._shown:
            return
        self._shown = fact
        self._title.setText(fact.title)
        self._value.setText(fact.value)
        self._value.setObjectName(f"forecast_{fact.title.split()[-1].lower()}")
        for line in (self._title, self._value):
            line.set_tip(fact.tip)
        self._value.setAccessibleName(f"{fact.title} {fact.value}")
        self._value.setAccessibleDescription(fact.tip)


class ForecastSection(QWidget):
    """All that is known of the cost of a training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = [FactRow() for _ in range(2)]
        self._memory = [FactRow(is_part=index > 0) for index in range(6)]
        self._times = [FactRow() for _ in range(3)]
        self.trouble = Words("", "tone", "error")
        self.trouble.setObjectName("forecast_trouble")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(0)
        column.addWidget(widgets.SectionTitle("Forecast"))
        column.addSpacing(4)
        for row in (*self._sizes, *self._memory):
            column.addWidget(row)
        column.addWidget(self.trouble)
        column.addSpacing(4)
        for row in self._times:
            column.addWidget(row)

    def show_plan(self, plan: Plan | None, found: Forecast | None, training: Training) -> None:
        """Show what a training of this plan takes; without a plan there is nothing to show."""
        self.setVisible(plan is not None)
        if plan is None:
            return
        _show(self._sizes, size_facts(plan))
        _show(self._memory, memory_facts(found, training.batch_size))
        _show(self._times, time_facts(plan, found, training))
        trouble = too_much(plan, training.batch_size, found) if found else None
        self.trouble.setText(trouble or "")
        self.trouble.setVisible(bool(trouble))


def _show(rows: Sequence[FactRow], facts: Sequence[Fact]) -> None:
    for row, fact in zip(rows, facts, strict=True):
        row.show_fact(fact)
