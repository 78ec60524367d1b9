"""The popup under the top bar in which epochs, batch size, seed and device are set."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLayout, QLineEdit, QVBoxLayout, QWidget

from netloom.graph import Training, Value
from netloom.ui.panels.training_rows import show_training, training_rows
from netloom.ui.popup import Popup
from netloom.ui.widgets import SectionTitle

WIDTH = 272


class RunSettings(Popup):
    """`training_requested` carries the settings as the person wants them."""

    training_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Run settings", parent)
        self._training = Training()
        self.rows = training_rows("run", "Training")
        self._lay_out()
        show_training(self.rows, self._training)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        column.addWidget(SectionTitle("Run settings", self))
        column.addSpacing(4)
        for row in self.rows.values():
            row.setFixedWidth(WIDTH)
            row.field.is_framed = True
            row.changed.connect(self._ask)
            row.unset.connect(lambda name: self._ask(name, self.rows[name].param.default))
            column.addWidget(row)

    def hideEvent(self, event: QHideEvent) -> None:
        """Read what is still being typed; what was refused is not there the next time."""
        super().hideEvent(event)
        for row in self.rows.values():
            row.commit()
            row.forget()

    def set_training(self, training: Training) -> None:
        """Show these settings."""
        if training is not self._training:  # as after most edits
            self._training = training
            show_training(self.rows, training)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices by name and title."""
        self.rows["device"].offer(devices)
        show_training(self.rows, self._training)

    def _ask(self, name: str, value: Value) -> None:
        self.training_requested.emit(msgspec.structs.replace(self._training, **{name: value}))

    def open_under(self, button: QWidget) -> None:
        """Show the popup below a button, with the first field ready for typing."""
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 4)))
        self.show()
        first = self.rows["epochs"].editor
        first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()
