"""The inspector's page where no node is selected: how the network is trained, and what it costs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.compiler.forecast import Forecast
from netloom.compiler.plan import Plan
from netloom.graph import Training
from netloom.layers.spec import Param
from netloom.ui import widgets
from netloom.ui.panels.forecast_section import ForecastSection
from netloom.ui.panels.texts import Line, Words
from netloom.ui.panels.training_rows import show_training_value, training_row, training_rows
from netloom.ui.panels.value_editors import ChoiceEditor

DEVICE = Param("device", "choice", "auto", "Where the network trains. Automatic takes the fastest.", ("auto",))


class DocumentPage(QWidget):
    """`changed` carries the name of a training setting and its new value, `focused` the name that got the keyboard."""

    changed = Signal(str, object)
    focused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {**training_rows("training"), DEVICE.name: training_row("Device", DEVICE, "training")}
        self.forecast = ForecastSection()
        for row in self.rows.values():
            row.changed.connect(self.changed)
            row.unset.connect(lambda name: self.changed.emit(name, self.rows[name].param.default))
            row.focused.connect(self.focused)
        self._lay_out()

    def _lay_out(self) -> None:
        training = QVBoxLayout()
        training.setContentsMargins(16, 12, 16, 12)
        training.setSpacing(0)
        training.addWidget(widgets.SectionTitle("Training"))
        training.addSpacing(4)
        for row in self.rows.values():
            training.addWidget(row)
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 12)
        head.setSpacing(4)
        head.addWidget(Line("Network", "title"))
        head.addWidget(Words("Select a node to see its settings and what happens inside it.", value="3"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(widgets.Hairline())
        column.addLayout(training)
        column.addWidget(widgets.Hairline())
        column.addWidget(self.forecast)
        column.addStretch(1)

    def show_training(self, training: Training) -> None:
        """Show how the document is trained."""
        for name, row in self.rows.items():
            value = getattr(training, name)
            editor = row.editor
            if isinstance(editor, ChoiceEditor) and editor.findData(value) < 0:
                editor.addItem(str(value), value)
            show_training_value(row, value)

    def show_plan(self, plan: Plan | None, found: Forecast | None, training: Training) -> None:
        """Show what the whole network costs."""
        self.forecast.show_plan(plan, found, training)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices by name and title."""
        editor = self.rows["device"].editor
        if isinstance(editor, ChoiceEditor):
            editor.set_choices(list(devices))

    def commit(self) -> None:
        """Read what is still being typed."""
        for row in self.rows.values():
            row.commit()
