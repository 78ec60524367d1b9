"""Whose weights a layer uses: its own, or those of another node of its level."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from netloom.errors import GraphError
from netloom.graph import Graph, Node
from netloom.layers.sharing import TIED, shared
from netloom.layers.spec import Param
from netloom.ui.panels.param_row import FIELD_HEIGHT, LABEL_WIDTH, Field
from netloom.ui.panels.texts import Line
from netloom.ui.panels.value_editors import ChoiceEditor

OWN = "own"
HELP = "Whose weights this uses. Nodes that share weights learn together and count once."


class OwnerChoice(ChoiceEditor):
    """Looks for the choices when they are wanted: in a large network that takes a moment."""

    def __init__(self) -> None:
        super().__init__(Param("weights", "choice", "", HELP))
        self.finder: Callable[[], Sequence[Node]] = tuple

    def showPopup(self) -> None:
        """Look, then open."""
        self._look()
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look before an arrow or a letter chooses."""
        self._look()
        super().keyPressEvent(event)

    def _look(self) -> None:
        self.set_choices([("", OWN), *((node.id, f"of {node.name}") for node in self.finder())])


class WeightsRow(QWidget):
    """`chosen` carries the id of the node whose weights are to be used, or "" for its own."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = OwnerChoice()
        self.editor.setObjectName("weights")
        self.editor.setAccessibleName("Weights")
        self.editor.setToolTip(HELP)
        self.editor.committed.connect(self.chosen.emit)
        label = Line("weights", "body", "text-2")
        label.setFixedSize(LABEL_WIDTH, FIELD_HEIGHT)
        label.set_tip(HELP)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Field(self.editor), 0, 1)

    def show_owner(self, owner: Node | None, find: Callable[[], Sequence[Node]]) -> None:
        """Show whose weights are used, None for its own; `find` gives the nodes whose weights could be."""
        self.editor.finder = find
        self.editor.set_choices([("", OWN), *([(owner.id, f"of {owner.name}")] if owner else [])])
        self.editor.show_value(owner.id if owner else "")


def owners(graph: Graph, node: Node) -> list[Node]:
    """The nodes whose weights this one uses or could use."""
    return [
        each
        for each in graph.level(node.parent)
        if each.id != node.id and not each.share and (each.id == node.share or _fits(graph, node, each))
    ]


def _fits(graph: Graph, node: Node, owner: Node) -> bool:
    if node.kind != owner.kind and (node.kind, owner.kind) != TIED:
        return False
    try:
        shared(graph, node, owner.id)
    except GraphError:
        return False
    return True
