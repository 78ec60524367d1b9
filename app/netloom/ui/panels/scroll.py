"""A page of the inspector that scrolls where it is longer than the panel."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from netloom.ui import theme


class Scroll(QScrollArea):
    """Scrolls up and down; its bar comes over the margin, so that fields keep their width."""

    def __init__(self, body: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._is_widening = False
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        self.verticalScrollBar().rangeChanged.connect(self._keep_width)

    def _keep_width(self, _low: int, high: int) -> None:
        """Where words take a line less by that, the bar would go, and come again without end: it takes its width."""
        if self._is_widening:
            return
        self._is_widening = True
        over = theme.size("scrollbar") if high else 0
        self._body.setContentsMargins(0, 0, -over, 0)
        if high and not self.verticalScrollBar().maximum():
            self._body.setContentsMargins(0, 0, 0, 0)
        self._is_widening = False
