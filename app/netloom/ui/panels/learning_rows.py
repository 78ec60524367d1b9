"""How the weights of a node learn: frozen or not, and how fast against the others."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netloom.errors import GraphError
from netloom.graph import Node, Value
from netloom.layers import values
from netloom.layers.training_settings import FROZEN, RATE
from netloom.ui.panels.param_row import ParamRow, Setting

TITLES = {"frozen": "frozen", "rate": "rate ×"}


class LearningRows(QWidget):
    """`changed` carries frozen or rate and its new value, `focused` the name that got the keyboard."""

    changed = Signal(str, object)
    focused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {
            param.name: ParamRow(param, _check, title=TITLES[param.name], prefix="learning") for param in (FROZEN, RATE)
        }
        self._node = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for name, row in self.rows.items():
            row.changed.connect(self.changed)
            row.unset.connect(lambda name=name: self.changed.emit(name, self.rows[name].param.default))
            row.focused.connect(self.focused)
            column.addWidget(row)

    def show_node(self, node: Node) -> None:
        """Show how a node learns; a frozen one has no rate."""
        for name, row in self.rows.items():
            if node.id != self._node:
                row.forget()
            value: Value = getattr(node, name)
            row.show_setting(Setting(value, "default" if value == row.param.default else "typed"))
        self._node = node.id
        self.rows["rate"].setVisible(not node.frozen)

    def commit(self) -> None:
        """Read what is still being typed."""
        for row in self.rows.values():
            row.commit()


def _check(value: Value) -> None:
    if isinstance(value, bool):
        return
    if expected := values.expected(RATE, value):
        raise GraphError(f"Rate expects {expected}; received {values.received(value)}.")
