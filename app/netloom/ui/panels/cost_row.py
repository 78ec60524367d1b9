"""Numbers side by side: what they count, how much it is, and the share of the whole."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from netloom.ui.panels.cost_facts import Fact
from netloom.ui.panels.texts import Line
from netloom.ui.theme import FontRole

ROW_GAP = 8


class CostRow(QWidget):
    """The costs of a node or of the network; the columns keep their width, so that numbers can change in place."""

    def __init__(self, cells: int = 3, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        self._cells = [
            (_line("caption", "text-3"), _line("title", "text"), _line("caption", "text-3")) for _ in range(cells)
        ]
        for column in range(columns):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 60)
        for index, lines in enumerate(self._cells):
            above, column = divmod(index, columns)
            for row, line in enumerate(lines):
                grid.addWidget(line, 4 * above + row, column)
            if above:
                grid.setRowMinimumHeight(4 * above - 1, ROW_GAP)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these numbers; without any there is no row."""
        self.setVisible(bool(facts))
        for lines, fact in zip(self._cells, facts, strict=False):
            for line, text in zip(lines, (fact.title, fact.value, fact.share), strict=True):
                line.setText(text)
                line.set_tip(fact.tip)
            lines[1].setAccessibleName(f"{fact.title} {fact.value} {fact.share}".strip())
            lines[1].setAccessibleDescription(fact.tip)
            lines[1].setObjectName(f"fact_{fact.title.lower()}")


def _line(role: FontRole, color: str) -> Line:
    line = Line("", role, color)
    line.setFixedHeight(20 if role == "title" else 16)
    return line
