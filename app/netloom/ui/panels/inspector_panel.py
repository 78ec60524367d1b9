"""The inspector: the settings of the selected node, or of the training where none is selected."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from netloom.compiler.forecast import Forecast
from netloom.compiler.plan import Fix, Plan
from netloom.graph import Document, Node, Patch, Value, edit, id_order, name_problem
from netloom.layers import custom, ports
from netloom.layers.custom_edit import set_code
from netloom.layers.promotion import demote, promote
from netloom.layers.sharing import share, unshare
from netloom.ui import widgets
from netloom.ui.compositing import Menu
from netloom.ui.panels.block_edits import BlockEdits, free_names, outside_names, with_weights
from netloom.ui.panels.definition_page import DefinitionPage
from netloom.ui.panels.document_page import DocumentPage
from netloom.ui.panels.forecaster import Forecaster
from netloom.ui.panels.node_facts import found
from netloom.ui.panels.node_page import NodePage
from netloom.ui.panels.texts import Line, Words
from netloom.ui.panels.weights_row import owners


class SeveralPage(QWidget):
    """What stands there while several nodes are selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = Line("", "title")
        self._count.setObjectName("several_count")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addWidget(self._count)
        column.addWidget(Words("Move or delete them together. Select one to see its settings.", value="3"))
        column.addStretch(1)

    def show_count(self, count: int) -> None:
        """Show how many nodes are selected."""
        self._count.setText(f"{count} nodes")


class InspectorPanel(QWidget):
    """Shows a document's nodes. `patch_requested` asks for a change: a Patch, and the gesture that it belongs to.

    `message_requested` carries why something cannot be; `enter_requested` and `save_block_requested` carry a block.
    """

    patch_requested = Signal(object, object)
    message_requested = Signal(str)
    enter_requested = Signal(str)
    save_block_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        widgets.surface(self, "panel")
        self.setMinimumWidth(256)
        self._document = Document()
        self._plan: Plan | None = None
        self._nodes: tuple[str, ...] = ()
        self._visit = 0
        self._level = ""
        self.node_page, self.document_page, self._several = NodePage(), DocumentPage(), SeveralPage()
        self.definition_page = DefinitionPage()
        self.forecaster = Forecaster(self)
        self._edits = BlockEdits(lambda patch: self._ask(patch, None), self.message_requested.emit)
        self._stack = QStackedWidget()
        for page in (self.document_page, self.node_page, self.definition_page, self._several):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._connect()
        self._synchronize()

    def _connect(self) -> None:
        page = self.node_page
        page.changed.connect(self._set_param)
        page.unset.connect(self._unset_param)
        page.name_requested.connect(self._rename)
        page.fix_requested.connect(self._apply_fix)
        page.hand_out_requested.connect(self._hand_out)
        page.weights.chosen.connect(self._share)
        page.learning.changed.connect(self._set_learning)
        page.block.open_requested.connect(lambda: self._with_node(self.enter_requested.emit))
        page.block.save_requested.connect(lambda: self._with_node(self.save_block_requested.emit))
        page.block.unique_requested.connect(lambda: self._with_node(self._make_unique))
        for section in (page.block, self.definition_page.block):
            self._edits.attend(section)
        self.document_page.changed.connect(self._set_training)
        self.forecaster.changed.connect(self._synchronize)
        for source in (page, self.document_page):
            source.focused.connect(self._begin_visit)

    def _begin_visit(self) -> None:
        self._visit += 1

    def set_document(self, document: Document) -> None:
        """Show another document, nothing selected."""
        self._document = self._edits.document = document
        self._plan = None
        self._nodes, self._level = (), ""
        self.document_page.begin()
        self._synchronize()

    def set_level(self, level: str) -> None:
        """Know the definition that the canvas shows, or "" at the top."""
        self._level = level
        self._synchronize()

    def apply(self, patch: Patch) -> None:
        """Follow a change that the document has made."""
        tables = {change.table for change in patch.changes}
        if "node" in tables:
            self._nodes = tuple(key for key in self._nodes if key in self._document.graph.nodes)
        if tables & {"node", "training", "block"}:
            self._synchronize()

    def set_plan(self, plan: Plan | None) -> None:
        """Show the shapes, derived values, costs and problems of a plan."""
        self._plan = plan
        self._synchronize()

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices, each with its name and title."""
        self.document_page.set_devices(devices)
        self._synchronize()

    def set_inside(self, widget: QWidget) -> None:
        """Put a widget that looks inside the selected node below its settings."""
        self.node_page.set_inside(widget)

    def show_node(self, node: str | None) -> None:
        """Show one node, or the document."""
        self.show_nodes(() if node is None else (node,))

    def show_nodes(self, nodes: Collection[str]) -> None:
        """Show what is selected; what is still being typed is read first."""
        self.commit()
        self._nodes = tuple(sorted((key for key in nodes if key in self._document.graph.nodes), key=id_order))
        self.node_page.header.refuse("")
        self._begin_visit()
        self._synchronize()

    def commit(self) -> None:
        """Read what is still being typed, before something is done that needs it."""
        self.node_page.commit()
        self.document_page.commit()

    @property
    def _node(self) -> Node | None:
        return self._document.graph.nodes.get(self._nodes[0]) if len(self._nodes) == 1 else None

    def _synchronize(self) -> None:
        node = self._node
        if node is not None:
            self._show_one(node)
        elif self._nodes:
            self._several.show_count(len(self._nodes))
            self._stack.setCurrentWidget(self._several)
        elif self._level in self._document.graph.blocks:
            self._edits.block = self._level
            block = self._document.graph.blocks[self._level]
            self.definition_page.show_block(self._document.graph, block, self._plan)
            self._stack.setCurrentWidget(self.definition_page)
        else:
            self.document_page.show_plan(self._plan, self._forecast(), self._document.training)
            self.document_page.show_training(self._document.training)
            self._stack.setCurrentWidget(self.document_page)

    def _forecast(self) -> Forecast | None:
        return self.forecaster.of(self._plan, self._document.training.batch_size)

    def _show_one(self, node: Node) -> None:
        graph, item = self._document.graph, found(self._plan, node.id)
        page = self.node_page
        params = ports.params(graph, node)
        page.show_node(node, params, item)
        page.show_outside(node, item, outside_names(graph, node))
        if any(param.type == "nodes" for param in params):
            page.set_nodes(with_weights(graph, lambda key: each.parameters if (each := found(self._plan, key)) else 0))
        page.weights.setVisible(bool(node.share or (item is not None and item.parameters)))
        learner = graph.nodes.get(node.share, node)
        page.learning.setVisible(not page.weights.isHidden() or learner.frozen or learner.rate != 1)
        page.learning.show_node(learner)
        page.weights.show_owner(graph.nodes.get(node.share), lambda: owners(graph, node))
        block = ports.definition(graph, node)
        self._edits.block = block.id if block else ""
        page.block.show_block(graph, block)
        page.show_costs(self._plan, item, self._forecast(), self._document.training.batch_size)
        problems = self._plan.problems if self._plan else ()
        page.show_problems([problem for problem in problems if problem.node == node.id])
        self._stack.setCurrentWidget(page)

    def _with_node(self, act: Callable[[str], object]) -> None:
        if self._node is not None:
            act(self._node.id)

    def _make_unique(self, node: str) -> None:
        from netloom.layers.blocks import duplicate_definition

        self._edits.attempt(lambda: duplicate_definition(self._document, node))

    def _share(self, owner: str) -> None:
        graph, node = self._document.graph, self._node
        if node is not None and owner != node.share:
            self._edits.attempt(lambda: share(graph, node.id, owner) if owner else unshare(graph, node.id))
            self._synchronize()

    def _hand_out(self, param: str) -> None:
        """Show a parameter on the block around, or take it back; a name that is taken already asks for a choice."""
        graph, node = self._document.graph, self._node
        if node is None:
            return
        given = outside_names(graph, node).get(param)
        names = free_names(graph, node, param)
        if given:
            self._edits.attempt(lambda: demote(graph, node.parent, given))
        elif len(names) == 1:
            self._edits.attempt(lambda: promote(graph, node.id, param))
        else:
            self._choose_name(node, param, names)

    def _choose_name(self, node: Node, param: str, names: Sequence[tuple[str, str]]) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, words in names:
            edit = partial(promote, self._document.graph, node.id, param, name)
            menu.addAction(words).triggered.connect(lambda _checked=False, edit=edit: self._edits.attempt(edit))
        button = self.node_page.form_rows[param].hand_out
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _set_param(self, name: str, value: Value) -> None:
        self._ask_params(name, {name: value}, ())

    def _unset_param(self, name: str) -> None:
        self._ask_params(name, {}, (name,))

    def _ask_params(self, name: str, values: dict[str, Value], unset: tuple[str, ...]) -> None:
        if (node := self._node) is not None:
            made = set_code if node.kind in custom.KINDS else edit.set_params
            self._ask(made(self._document.graph, node.id, values, unset), (node.id, name, self._visit))

    def _set_learning(self, name: str, value: Value) -> None:
        graph, node = self._document.graph, self._node
        if node is not None and name == "frozen":
            self._ask(edit.freeze(graph, [node.id], frozen=bool(value)), None)
        elif node is not None and isinstance(value, int | float):
            self._ask(edit.set_rate(graph, node.id, value), (node.id, name, self._visit))

    def _set_training(self, name: str, value: Value) -> None:
        training = msgspec.structs.replace(self._document.training, **{name: value})
        self._ask(edit.set_training(self._document, training), ("training", name, self._visit))

    def _apply_fix(self, fix: Fix) -> None:
        self._ask(fix.patch, None)

    def _ask(self, patch: Patch, gesture: object) -> None:
        if patch:
            self.patch_requested.emit(patch, gesture)

    def _rename(self, name: str) -> None:
        node = self._node
        if node is None:
            return
        problem = self._name_problem(node, name)
        self.node_page.header.refuse(problem or "")
        if problem is None:
            self._ask(edit.rename(self._document.graph, node.id, name), None)

    def _name_problem(self, node: Node, name: str) -> str | None:
        problem = name_problem(name)
        if problem:
            return f"{problem[0].upper()}{problem[1:]}."
        other = self._document.graph.named(name, node.parent)
        if other is not None and other.id != node.id:
            return f"There is already a node called {name} here."
        return None
