"""The network as PyTorch code, following every edit: the model alone, or a script that trains it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netloom.compiler.source import Source
from netloom.ui import widgets
from netloom.ui.panels.code_colours import Line
from netloom.ui.panels.code_view import CodeView
from netloom.ui.panels.texts import Words

COPIED_MS = 1500
MODEL, SCRIPT = "Model", "Training script"
EMPTY = Source("# The code appears with the first layer.\n", {})


class CodePanel(QWidget):
    """Shows a Source; `node_requested` carries the node of the line that was clicked.

    `page_chosen` carries which of both texts is wanted, `save_requested` that page and its text.
    """

    node_requested = Signal(str)
    page_chosen = Signal(str)
    save_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code_panel")
        self.setAccessibleName("Code")
        widgets.surface(self, "panel")
        self._source = EMPTY
        self._colours: Sequence[Line] | None = None
        self._node: str | None = None
        self._is_turned = False
        self.view = CodeView()
        self.view.line_chosen.connect(self._choose)
        self.pages = widgets.Segmented((MODEL, SCRIPT))
        self.pages.setObjectName("code_pages")
        self.pages.chosen.connect(self._turn)
        self.copy_button = self._button("Copy code", "copy", "copy_code")
        self.copy_button.clicked.connect(self._copy)
        self.save_button = self._button("Save as…", "download", "save_code")
        self.save_button.clicked.connect(lambda: self.save_requested.emit(self.page, self._source.text))
        self.refusal = Words("", role="body")
        self.refusal.setObjectName("code_refusal")
        self.refusal.setContentsMargins(16, 12, 16, 12)
        self.refusal.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._rest = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._rest.timeout.connect(lambda: self._name_button("Copy code", "copy"))
        self._lay_out()

    def _button(self, text: str, icon: str, name: str) -> widgets.Button:
        button = widgets.Button(text, icon, parent=self)
        button.setObjectName(name)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.pages)
        row.addStretch(1)
        row.addWidget(self.copy_button)
        row.addWidget(self.save_button)
        for page in (self.view, self.refusal):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self.setTabOrder(self.save_button, self.view)

    @property
    def page(self) -> str:
        """Which of both texts is wanted."""
        return self.pages.value

    def set_source(self, source: Source, colours: Sequence[Line] | None = None) -> None:
        """Show a text; while the panel is hidden it is only remembered."""
        is_empty = not source.text.strip()
        self._source, self._colours = (EMPTY, None) if is_empty else (source, colours)
        self._enable(is_there=not is_empty)
        self._stack.setCurrentWidget(self.view)
        if self.isVisible():
            self._synchronize()
            if self._is_turned:
                self._show_node()
        self._is_turned = False

    def _turn(self, page: str) -> None:
        self._is_turned = True
        self.page_chosen.emit(page)

    def refuse(self, reason: str) -> None:
        """Say why there is no text yet, and what to do about it."""
        self._source, self._colours = EMPTY, None
        self.refusal.setText(f"The {self.page.lower()} appears once it can be written. {reason}")
        self._enable(is_there=False)
        self._stack.setCurrentWidget(self.refusal)

    def _enable(self, *, is_there: bool) -> None:
        self.copy_button.setEnabled(is_there)
        self.save_button.setEnabled(is_there)

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
        self.view.show_text(self._source.text.rstrip("\n"), self._colours)
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
