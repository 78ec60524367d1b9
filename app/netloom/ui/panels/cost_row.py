"""Three numbers side by side: what they count, how much it is, and the share of the whole."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from netloom.ui.panels.node_facts import Fact
from netloom.ui.panels.texts import Line
from netloom.ui.theme import FontRole


class CostRow(QWidget):
    """The costs of a node or of the network; the columns keep their width, so that numbers can change in place."""

    def __init__(self, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        self._cells = [
            (_line("caption", "text-3"), _line("title", "text"), _line("caption", "text-3")) for _ in range(columns)
        ]
        for column, cells in enumerate(self._cells):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 60)
            for row, cell in enumerate(cells):
                grid.addWidget(cell, row, column)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these numbers; without any there is no row."""
        self.setVisible(bool(facts))
        for cells, fact in zip(self._cells, facts, strict=False):
            for cell, text in zip(cells, (fact.title, fact.value, fact.share), strict=True):
                cell.setText(text)
            cells[2].setVisible(bool(fact.share))
            cells[1].setAccessibleName(f"{fact.title} {fact.value} {fact.share}".strip())
            cells[1].setObjectName(f"fact_{fact.title.lower()}")


def _line(role: FontRole, color: str) -> Line:
    line = Line("", role, color)
    line.setFixedHeight(20 if role == "title" else 16)
    return line
