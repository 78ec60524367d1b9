"""The inspector's page for one node: header, problems, settings, costs, and room for a look inside."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.compiler.forecast import Forecast
from netloom.compiler.plan import NodePlan, Plan, Problem
from netloom.graph import Node
from netloom.layers import catalogue
from netloom.layers.spec import Param
from netloom.ui import widgets
from netloom.ui.panels.block_section import BlockSection
from netloom.ui.panels.cost_facts import costs
from netloom.ui.panels.cost_row import CostRow
from netloom.ui.panels.learning_rows import LearningRows
from netloom.ui.panels.node_facts import in_and_out
from netloom.ui.panels.node_form import NodeForm
from netloom.ui.panels.node_header import NodeHeader
from netloom.ui.panels.param_row import ParamRow
from netloom.ui.panels.problem_card import ProblemCard
from netloom.ui.panels.scroll import Scroll
from netloom.ui.panels.texts import Words
from netloom.ui.panels.weights_row import WeightsRow

MARGINS = (16, 12, 16, 12)


def stretched(parts: Sequence[QWidget], margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0) -> QWidget:
    """A column of widgets."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(*margins)
    column.setSpacing(spacing)
    for part in parts:
        column.addWidget(part)
    return holder


class NodePage(QWidget):
    """Shows one node. `changed`, `unset` and `focused` come from its form, `name_requested` from its header."""

    changed = Signal(str, object)
    unset = Signal(str)
    focused = Signal(str)
    name_requested = Signal(str)
    hand_out_requested = Signal(str)
    fix_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms: dict[str, NodeForm] = {}
        self._form: NodeForm | None = None
        self._cards: list[ProblemCard] = []
        self.header = NodeHeader()
        self.header.name_requested.connect(self.name_requested)
        self._problems = stretched((), (16, 12, 16, 0), 8)
        self._nothing = Words("Nothing to set.", value="3")
        self._settings = stretched((widgets.SectionTitle("Settings"), self._nothing), MARGINS, 4)
        self._cost_line = widgets.Hairline()
        self.costs = CostRow(cells=4, columns=2)
        self.weights = WeightsRow()
        self.learning = LearningRows()
        self.learning.focused.connect(self.focused)
        self.block = BlockSection()
        self._inside = stretched((widgets.Hairline(),))
        self._inside.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        for rows in (self.weights, self.learning):
            self._settings.layout().addWidget(rows)  # type: ignore[union-attr]
        parts = (self._problems, self._settings, self.block, self._cost_line, self.costs, self._inside)
        body = stretched(parts)
        body.layout().addStretch(1)  # type: ignore[union-attr]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, widgets.Hairline()):
            column.addWidget(part)
        column.addWidget(Scroll(body, "inspector_scroll"), 1)

    def set_inside(self, widget: QWidget) -> None:
        """Give the room below to a widget that looks inside the node."""
        self._inside.layout().addWidget(widget)  # type: ignore[union-attr]
        self._inside.show()

    def show_outside(self, node: Node, item: NodePlan | None, names: Mapping[str, str | None]) -> None:
        """Say under which names the block around shows parameters of the node, and which values it sets."""
        if self._form is not None:
            self._form.show_outside(node, item, names)

    def set_nodes(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these nodes where a value names nodes."""
        if self._form is not None:
            self._form.set_nodes(choices)

    @property
    def form_rows(self) -> Mapping[str, ParamRow]:
        """The rows of the node that is shown, by parameter."""
        return self._form.rows if self._form is not None else {}

    def commit(self) -> None:
        """Read what is still being typed."""
        self.header.name.commit()
        if self._form is not None:
            self._form.commit()
        self.learning.commit()

    def show_node(self, node: Node, params: Sequence[Param], item: NodePlan | None) -> None:
        """Show a node with its parameters, and what the plan knows of it."""
        spec = catalogue.spec(node.kind)
        category = "io-out" if node.kind == "Output" else spec.category
        self.header.show_node(category, node.name, node.kind, in_and_out(item), spec.summary)
        form = self._form_for(node.kind, params)
        form.show_node(node, item)
        self._nothing.setVisible(not form.rows)

    def _form_for(self, kind: str, params: Sequence[Param]) -> NodeForm:
        form = self._forms.get(kind)
        if form is None or form.params != tuple(params):  # what a block hands out may change
            form = self._forms[kind] = self._new_form(kind, params)
        if form is not self._form:
            if self._form is not None:
                self._form.set_shown(False)
                if self._form not in self._forms.values():
                    self._form.deleteLater()
            form.set_shown(True)
            self._form = form
        return form

    def _new_form(self, kind: str, params: Sequence[Param]) -> NodeForm:
        form = NodeForm(kind, params)
        form.hand_out_requested.connect(self.hand_out_requested)
        form.changed.connect(self.changed)
        form.unset.connect(self.unset)
        form.focused.connect(self.focused)
        rows = self._settings.layout()
        rows.insertWidget(rows.indexOf(self.weights), form)  # type: ignore[union-attr]
        return form

    def show_costs(self, plan: Plan | None, item: NodePlan | None, found: Forecast | None, batch: int) -> None:
        """Show what the node costs, for this many samples in a batch."""
        facts = costs(plan, item, found, batch)
        self.costs.show_facts(facts)
        self._cost_line.setVisible(bool(facts))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong with this node; cards that are still true stay where they are."""
        if [card.problem for card in self._cards] != list(problems):
            for card in self._cards:
                card.hide()
                card.deleteLater()
            self._cards = [self._card(problem) for problem in problems]
        self._problems.setVisible(bool(problems))

    def _card(self, problem: Problem) -> ProblemCard:
        card = ProblemCard(problem)
        card.fix_requested.connect(self.fix_requested)
        self._problems.layout().addWidget(card)  # type: ignore[union-attr]
        return card
