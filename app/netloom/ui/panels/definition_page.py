"""The inspector's page inside a block where no node is selected: the block's definition, and what its uses cost."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.compiler.plan import Plan
from netloom.graph import Block, Graph
from netloom.ui import widgets
from netloom.ui.panels.block_section import BlockSection
from netloom.ui.panels.cost_facts import totals
from netloom.ui.panels.cost_row import CostRow
from netloom.ui.panels.texts import Line, Words


class DefinitionPage(QWidget):
    """One definition, seen from inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.block = BlockSection()
        self.totals = CostRow()
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 12)
        head.setSpacing(4)
        head.addWidget(Line("Inside a block", "title"))
        head.addWidget(
            Words("Inputs and outputs are its ports. The arrow at a setting shows it on the block.", value="3")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.block)
        column.addWidget(widgets.Hairline())
        column.addWidget(self.totals)
        column.addStretch(1)

    def show_block(self, graph: Graph, block: Block, plan: Plan | None) -> None:
        """Show a definition and what one use of it costs."""
        self.block.show_block(graph, block, is_inside=True)
        self.totals.show_facts(totals(plan))
