"""A small card that opens over the window and goes when something else is clicked."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from netloom.ui.compositing import draw_card, shape


class Popup(QWidget):
    """A popup drawn in the look, round also where the screen mixes no windows."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the corners round."""
        super().resizeEvent(event)
        shape(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card; a see-through window gets none from a style sheet."""
        draw_card(self)
