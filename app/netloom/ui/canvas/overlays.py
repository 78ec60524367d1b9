"""What lies over the canvas at its edges: what previews show, and the zoom."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from netloom.ui.widgets import Hairline, IconButton, surface

EDGE = 12
MODES = ("Activations", "Gradients", "Weights", "Off")


class ZoomControl(QFrame):
    """Minus, the zoom in percent, plus, and fit all. The number goes back to 100 %."""

    stepped = Signal(int)
    reset_requested = Signal()
    fit_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("zoom-control")
        surface(self, "overlay")
        self._percent = QPushButton("100 %", self)
        self._percent.setProperty("flat", "true")
        self._percent.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._percent.setAccessibleName("Zoom to 100 %")
        self._percent.setToolTip("Zoom to 100 %")
        self._percent.setFixedWidth(56)
        self._percent.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._percent.setStyleSheet("padding: 0; min-height: 22px;")
        minus, plus = IconButton("minus", "Zoom out", size=24), IconButton("plus", "Zoom in", size=24)
        fit = self.fit = IconButton("maximize", "Show everything", size=24)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for widget in (minus, self._percent, plus, Hairline(Qt.Orientation.Vertical), fit):
            row.addWidget(widget)
        minus.clicked.connect(lambda: self.stepped.emit(-1))
        plus.clicked.connect(lambda: self.stepped.emit(1))
        self._percent.clicked.connect(self.reset_requested)
        fit.clicked.connect(self.fit_requested)

    def show_zoom(self, zoom: float) -> None:
        """Write the zoom in percent."""
        self._percent.setText(f"{zoom * 100:.0f} %")
