"""The network as PyTorch code, following every edit."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from netloom.compiler.source import Source
from netloom.ui import widgets
from netloom.ui.panels.code_view import CodeView
from netloom.ui.panels.texts import place_in_corner

COPIED_MS = 1500
EMPTY = Source("# The code appears with the first layer.\n", {})


class CodePanel(QWidget):
    """Shows a Source; `node_requested` carries the node of the line that was clicked."""

    node_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code_panel")
        self.setAccessibleName("Code")
        widgets.surface(self, "panel")
        self._source = EMPTY
        self._node: str | None = None
        self.view = CodeView()
        self.view.line_chosen.connect(self._choose)
        self.copy_button = widgets.Button("Copy code", "copy", parent=self)
        self.copy_button.setObjectName("copy_code")
        self.copy_button.clicked.connect(self._copy)
        self._rest = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._rest.timeout.connect(lambda: self._name_button("Copy code", "copy"))
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.copy_button.raise_()
        self.setTabOrder(self.view, self.copy_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in its corner."""
        super().resizeEvent(event)
        place_in_corner(self.copy_button)

    def set_source(self, source: Source) -> None:
        """Show a text; while the panel is hidden it is only remembered."""
        self._source = source if source.text.strip() else EMPTY
        if self.isVisible():
            self._synchronize()

    def highlight_node(self, node: str | None) -> None:
        """Show which lines speak of a node, and bring the first of them in sight."""
        if node != self._node:
            self._node = node
            if self.isVisible():
                self._mark()
                self._show_node()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the panel was hidden."""
        super().showEvent(event)
        self._synchronize()
        self._show_node()

    def _synchronize(self) -> None:
        self.view.show_text(self._source.text.rstrip("\n"))
        self._mark()

    def _lines_of_node(self) -> list[int]:
        return [line for line, node in self._source.lines.items() if node == self._node]

    def _mark(self) -> None:
        self.view.mark_lines(self._lines_of_node())

    def _show_node(self) -> None:
        lines = self._lines_of_node()
        if lines:
            self.view.show_line(min(lines))

    def _choose(self, line: int) -> None:
        node = self._source.lines.get(line)
        if node is not None:
            self.node_requested.emit(node)

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._source.text)
        self._name_button("Copied", "check")
        self._rest.start()

    def _name_button(self, text: str, icon: str) -> None:
        width = self.copy_button.width()
        self.copy_button.setText(text)
        self.copy_button.set_icon(icon)
        self.copy_button.setMinimumWidth(width)
        place_in_corner(self.copy_button)
