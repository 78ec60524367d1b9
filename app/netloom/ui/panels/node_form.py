"""The settings of one kind of node, a row for each parameter. A form is made once and shows all nodes of its kind."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.compiler.plan import NodePlan
from netloom.errors import GraphError
from netloom.graph import Node, Value
from netloom.layers.custom import missing_package
from netloom.layers.promotion import value_refusal
from netloom.layers.spec import Param
from netloom.ui.panels.node_facts import setting, taken
from netloom.ui.panels.param_row import ParamRow
from netloom.ui.panels.special_editors import NodesEditor

OWNED = {"Block": "block"}
"""Parameters that say what a node is; no person sets them by hand."""


class NodeForm(QWidget):
    """`changed` carries a parameter's name and new value, `unset` a name, `focused` the name that got the keyboard.

    `hand_out_requested` carries the name of one that the block around is to show, or no longer.
    """

    hand_out_requested = Signal(str)
    changed = Signal(str, object)
    unset = Signal(str)
    focused = Signal(str)

    def __init__(self, kind: str, params: Sequence[Param], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.params = kind, tuple(params)
        self._node = ""
        self.rows = {param.name: self._row(param) for param in params if OWNED.get(kind) != param.name}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)

    def _row(self, param: Param) -> ParamRow:
        row = ParamRow(param, lambda value: self._check(param, value))
        row.hand_out_requested.connect(self.hand_out_requested)
        row.changed.connect(self.changed)
        row.unset.connect(self.unset)
        row.focused.connect(self.focused)
        return row

    def _check(self, param: Param, value: Value) -> None:
        if problem := value_refusal(self.kind, self.params, (param,), param.name, value):
            raise GraphError(problem)

    def show_outside(self, node: Node, item: NodePlan | None, names: Mapping[str, str | None]) -> None:
        """Say under which names the block around shows parameters; those that are not named cannot be shown there."""
        for name, row in self.rows.items():
            row.show_outside(names.get(name), taken(row.param, node, item, names.get(name)))

    def set_nodes(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these nodes, each with its id and name, where a value names nodes."""
        for row in self.rows.values():
            if isinstance(row.editor, NodesEditor):
                row.editor.set_nodes(choices)

    def set_shown(self, is_shown: bool) -> None:
        """Come to the front, or leave it to the form of another kind."""
        for row in self.rows.values():
            row.name_parts(is_shown=is_shown)
        self.setVisible(is_shown)

    def commit(self) -> None:
        """Read what is still being typed."""
        for row in self.rows.values():
            row.commit()

    def show_node(self, node: Node, item: NodePlan | None) -> None:
        """Show a node; what is typed into the fields of this same node stays."""
        is_other = node.id != self._node
        self._node = node.id
        values: dict[str, Value] = {}
        for name, row in self.rows.items():
            if is_other:
                row.forget()
            shown = setting(row.param, node, item)
            values[name] = shown.value
            row.show_setting(shown)
            row.tell(_shortcoming(self.kind, name, shown.value))
        for row in self.rows.values():
            row.setVisible(_matters(row.param, values))


def _matters(param: Param, values: dict[str, Value]) -> bool:
    return param.when is None or values.get(param.when[0]) in param.when[1]


def _shortcoming(kind: str, name: str, value: Value) -> str:
    """What this machine lacks for a value that is right in itself."""
    if (kind, name) != ("Package", "target") or not isinstance(value, str):
        return ""
    missing = missing_package(value)
    return f"{missing} is not installed here." if missing else ""
