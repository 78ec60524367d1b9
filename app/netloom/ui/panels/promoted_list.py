"""The parameters that a block shows on its outside, each with the places inside that take it."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from netloom.graph import Block, Graph
from netloom.ui import widgets
from netloom.ui.panels.texts import Line

Shown = tuple[tuple[str, str], ...]


class PromotedList(QWidget):
    """`taken_back` carries the name of a parameter that the block is not to show any more."""

    taken_back = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Shown = ()
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(widgets.SectionTitle("Shown on the block"))
        self._column.addSpacing(4)

    def show_block(self, graph: Graph, block: Block) -> None:
        """Show what a definition hands out; without anything there is no list."""
        places: dict[str, list[str]] = {}
        for each in block.params:
            if each.node in graph.nodes:
                places.setdefault(each.name, []).append(f"{graph.node(each.node).name}.{each.param}")
        shown = tuple((name, ", ".join(where)) for name, where in places.items())
        self.setVisible(bool(shown))
        if shown != self._shown:
            self._shown = shown
            self._fill()

    def _fill(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._row(name, where) for name, where in self._shown]
        for row in self._rows:
            self._column.addWidget(row)

    def _row(self, name: str, where: str) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Line(name, "body", "text"))
        line.addWidget(Line(where, "shape", "text-3"), 1)
        button = widgets.IconButton("x", f"Take {name} back inside", size=24, parent=row)
        button.setObjectName(f"take_back_{name}")
        button.setIconSize(QSize(14, 14))
        button.clicked.connect(lambda: self.taken_back.emit(name))
        line.addWidget(button)
        return row
