"""The settings of one kind of node, a row for each parameter. A form is made once and shows all nodes of its kind."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.compiler.plan import NodePlan
from netloom.graph import Node, Value
from netloom.layers.edit import check_params
from netloom.layers.spec import LayerSpec, Param
from netloom.ui.panels.node_facts import setting
from netloom.ui.panels.param_row import ParamRow

OWNED = {"Block": "block"}
"""Parameters that say what a node is; no person sets them by hand."""


class NodeForm(QWidget):
    """`changed` carries a parameter's name and new value, `unset` a name, `focused` the name that got the keyboard."""

    changed = Signal(str, object)
    unset = Signal(str)
    focused = Signal(str)

    def __init__(self, spec: LayerSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._node = ""
        params = (param for param in spec.params if OWNED.get(spec.kind) != param.name)
        self.rows = {param.name: self._row(param) for param in params}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)

    def _row(self, param: Param) -> ParamRow:
        row = ParamRow(param, lambda value: check_params(self.spec, {param.name: value}))
        row.changed.connect(self.changed)
        row.unset.connect(self.unset)
        row.focused.connect(self.focused)
        return row

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
        for row in self.rows.values():
            row.setVisible(_matters(row.param, values))


def _matters(param: Param, values: dict[str, Value]) -> bool:
    return param.when is None or values.get(param.when[0]) in param.when[1]
