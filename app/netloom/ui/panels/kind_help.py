"""The card at the foot of the palette: what the kind under the mouse or the keyboard does."""

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netloom.layers.spec import LayerSpec
from netloom.ui import icons, theme
from netloom.ui.panels.palette_model import glyph_name
from netloom.ui.panels.texts import Line, Words

HEIGHT = 140
FLOWS: Mapping[str, str] = {
    "Linear": "N×…×C → N×…×K",
    "Embedding": "N×L → N×L×K",
    "Conv1d": "N×C×L → N×K×L′",
    "Conv2d": "N×C×H×W → N×K×H′×W′",
    "ConvTranspose2d": "N×C×H×W → N×K×H′×W′",
    "MaxPool2d": "N×C×H×W → N×C×H′×W′",
    "AvgPool2d": "N×C×H×W → N×C×H′×W′",
    "AdaptiveAvgPool2d": "N×C×H×W → N×C×h×w",
    "BatchNorm1d": "N×C → N×C",
    "BatchNorm2d": "N×C×H×W → N×C×H×W",
    "LSTM": "N×L×C → N×L×K",
    "GRU": "N×L×C → N×L×K",
    "MultiheadAttention": "N×L×C → N×L×C",
    "TransformerEncoderLayer": "N×L×C → N×L×C",
    "Flatten": "N×C×H×W → N×C·H·W",
    "Permute": "N×L×C → N×C×L",
    "CrossEntropyLoss": "N×K, N → 1",
    "MSELoss": "N×K, N×K → 1",
    "BCEWithLogitsLoss": "N×K, N×K → 1",
    "Accuracy": "N×K, N → %",
}
"""What goes in and comes out of the kinds that change a shape; the others keep it."""


class KindHelp(QWidget):
    """Keeps its height, so that the list above stands still."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._spec: LayerSpec | None = None
        self._tile, self._name = QLabel(), Line("", "strong")
        self._tile.setFixedSize(20, 20)
        self._summary = Words()
        self._flow = Line("", "shape", "text-3")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._tile)
        head.addWidget(self._name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._summary)
        column.addWidget(self._flow)
        column.addStretch(1)
        theme.signals.changed.connect(self._restyle)

    @property
    def kind(self) -> str:
        """The kind that is explained, or nothing."""
        return self._spec.kind if self._spec else ""

    def show_spec(self, spec: LayerSpec) -> None:
        """Explain a kind."""
        self._spec = spec
        self._name.setText(spec.kind)
        self._summary.setText(spec.summary)
        self._flow.setText(FLOWS.get(spec.kind, ""))
        self._flow.setVisible(spec.kind in FLOWS)
        self.setAccessibleName(f"{spec.kind}: {spec.summary}")
        self._restyle()

    def _restyle(self) -> None:
        if self._spec is not None:
            self._tile.setPixmap(icons.tile(glyph_name(self._spec), 20))
