"""The popup under the top bar in which epochs, batch size and seed are set."""

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFormLayout, QSpinBox, QVBoxLayout, QWidget

from netloom.graph import Training
from netloom.ui.compositing import draw_card, shape
from netloom.ui.widgets import SectionTitle

FIELDS = (
    ("epochs", "Epochs", 1, 100_000, "How often the network sees every sample."),
    ("batch_size", "Batch size", 1, 65_536, "How many samples make one step."),
    ("seed", "Seed", 0, 2**31 - 1, "The same seed gives the same run."),
)


class RunSettings(QWidget):
    """`training_requested` carries the settings as the person wants them."""

    training_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName("Run settings")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._training = Training()
        self.fields = {name: self._field(name, title, low, high, tip) for name, title, low, high, tip in FIELDS}
        self._lay_out()

    def _field(self, name: str, title: str, low: int, high: int, tip: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(f"run-{name}")
        box.setAccessibleName(title)
        box.setToolTip(tip)
        box.setRange(low, high)
        box.setFixedSize(96, 28)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self._ask(name, value))
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(SectionTitle("Run settings", self))
        form = QFormLayout()
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(24)
        for (_, words, *_rest), box in zip(FIELDS, self.fields.values(), strict=True):
            form.addRow(words, box)
        column.addLayout(form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the corners round."""
        super().resizeEvent(event)
        shape(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card; a see-through window gets none from a style sheet."""
        draw_card(self)

    def set_training(self, training: Training) -> None:
        """Show these settings."""
        self._training = training
        for name, box in self.fields.items():
            box.blockSignals(True)
            box.setValue(getattr(training, name))
            box.blockSignals(False)

    def _ask(self, name: str, value: int) -> None:
        self.training_requested.emit(msgspec.structs.replace(self._training, **{name: value}))

    def open_under(self, button: QWidget) -> None:
        """Show the popup below a button, with the first field ready for typing."""
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 4)))
        self.show()
        first = self.fields["epochs"]
        first.setFocus()
        first.selectAll()
