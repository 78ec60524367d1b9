"""What the inspector tells of a block: its definition and uses, what to do with it, and its ports in their order."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from netloom.graph import Block, Graph
from netloom.layers import ports
from netloom.ui import levels, theme, widgets
from netloom.ui.panels.node_header import NameEdit
from netloom.ui.panels.param_row import LABEL_WIDTH
from netloom.ui.panels.promoted_list import PromotedList
from netloom.ui.panels.texts import Line, Words

Port = tuple[str, str]
"""The side of a port, input or output, and its name."""


class PortRow(QWidget):
    """One port. `renamed` carries side, old and new name, `moved` side, name and the place it is to take."""

    renamed = Signal(str, str)
    moved = Signal(str, int)
    removed = Signal(str)

    def __init__(self, port: Port, place: int, last: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        side, name = port
        self.name = NameEdit()
        self.name.setObjectName(f"port_{name}")
        self.name.setAccessibleName(f"{side} {name}")
        self.name.setToolTip("The name of the port. Click to change it.")
        self.name.setFont(theme.font("body"))
        self.name.show_name(name)
        self.name.name_requested.connect(lambda text: self._rename(name, text))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        title = Line("in" if side == "input" else "out", "shape", "text-3")
        title.setFixedWidth(28)
        row.addWidget(title)
        row.addWidget(self.name, 1)
        for step, icon, words in ((-1, "arrow-up", "Move up"), (1, "arrow-down", "Move down")) if last else ():
            button = self._button(icon, f"{words}: {name}", 0 <= place + step <= last)
            button.clicked.connect(lambda _checked=False, to=place + step: self.moved.emit(name, to))
            row.addWidget(button)
        remove = self._button("x", f"Remove {side} {name}", True)
        remove.clicked.connect(lambda: self.removed.emit(name))
        row.addWidget(remove)

    def _button(self, icon: str, tip: str, is_there: bool) -> widgets.IconButton:
        button = widgets.IconButton(icon, tip, size=24, parent=self)
        button.setObjectName(tip)
        button.setIconSize(QSize(14, 14))
        button.setEnabled(is_there)
        return button

    def _rename(self, old: str, new: str) -> None:
        if new != old:
            self.renamed.emit(old, new)


class BlockSection(QWidget):
    """Everything about one definition. Signals carry what the person wants; `renamed` is the definition's name."""

    renamed = Signal(str)
    open_requested = Signal()
    unique_requested = Signal()
    save_requested = Signal()
    port_renamed = Signal(str, str)
    port_moved = Signal(str, int)
    port_removed = Signal(str)
    port_added = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Port, ...] = ()
        self._rows: list[PortRow] = []
        self.name = NameEdit()
        self.name.setObjectName("block_name")
        self.name.setAccessibleName("Name of the block's definition")
        self.name.setToolTip("The name of the class in the code. Click to change it.")
        self.name.setFont(theme.font("strong"))
        self.name.name_requested.connect(self.renamed)
        self._uses = Words("", value="3")
        self._uses.setObjectName("block_uses")
        self.open = widgets.Button("Open block", "expand")
        self.open.setObjectName("block_open")
        self.unique = widgets.IconButton("copy", "Make unique: give this block a definition of its own", framed=True)
        self.unique.setObjectName("block_unique")
        self.save = widgets.IconButton("bookmark", "Save to my blocks, for other networks", framed=True)
        self.save.setObjectName("block_save")
        self.open.clicked.connect(self.open_requested)
        self.unique.clicked.connect(self.unique_requested)
        self.save.clicked.connect(self.save_requested)
        self.promoted = PromotedList()
        self._ports = QVBoxLayout()
        self._ports.setSpacing(0)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(widgets.Hairline())
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 12, 16, 12)
        inner.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(0)
        title = Line("definition", "body", "text-2")
        title.setFixedWidth(LABEL_WIDTH)
        line.addWidget(title)
        line.addWidget(self.name, 1)
        inner.addLayout(line)
        inner.addWidget(self._uses)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.open, 1)
        for button in (self.unique, self.save):
            buttons.addWidget(button)
        inner.addSpacing(4)
        inner.addLayout(buttons)
        inner.addSpacing(8)
        inner.addLayout(self._port_head())
        inner.addLayout(self._ports)
        inner.addWidget(self.promoted)
        column.addLayout(inner)

    def _port_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(widgets.SectionTitle("Ports"))
        head.addStretch(1)
        for side in ("input", "output"):
            button = widgets.Button(side.capitalize(), "plus")
            button.setProperty("flat", "true")
            button.setObjectName(f"add_{side}")
            button.setToolTip(f"Give the block another {side}")
            button.clicked.connect(lambda _checked=False, side=side: self.port_added.emit(side))
            head.addWidget(button)
        return head

    def show_block(self, graph: Graph, block: Block | None, *, is_inside: bool = False) -> None:
        """Show a definition; from inside there is nothing to open."""
        self.setVisible(block is not None)
        if block is None:
            return
        uses = levels.count_uses(graph).get(block.id, 0)
        self.name.show_name(block.name)
        self._uses.setText(f"{uses} uses; an edit inside reaches all of them." if uses > 1 else "1 use")
        self.open.setVisible(not is_inside)
        self.unique.setVisible(uses > 1 and not is_inside)
        self.save.setVisible(not is_inside)
        self.promoted.show_block(graph, block)
        self._show_ports(
            [("input", each.name) for each in ports.boundary(graph, block, "input")],
            [("output", each.name) for each in ports.boundary(graph, block, "output")],
        )

    def _show_ports(self, given: Sequence[Port], results: Sequence[Port]) -> None:
        if (*given, *results) == self._shown:
            return
        self._shown = (*given, *results)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._row(port, place, len(side)) for side in (given, results) for place, port in enumerate(side)]
        for row in self._rows:
            self._ports.addWidget(row, 0, Qt.AlignmentFlag.AlignTop)

    def _row(self, port: Port, place: int, count: int) -> PortRow:
        row = PortRow(port, place, count - 1)
        row.renamed.connect(self.port_renamed)
        row.moved.connect(self.port_moved)
        row.removed.connect(self.port_removed)
        return row
