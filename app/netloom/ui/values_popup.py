"""The parameters of a node, set where it stands on the canvas."""

import itertools

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from netloom.compiler.plan import Plan
from netloom.errors import GraphError
from netloom.graph import Document, Value, edit
from netloom.layers import custom, ports
from netloom.layers.custom_edit import set_code
from netloom.ui.panels.node_form import NodeForm
from netloom.ui.panels.texts import Words
from netloom.ui.popup import Popup
from netloom.ui.widgets import SectionTitle

WIDTH, TALLEST, GAP = 288, 420, 6


class ValuesPopup(Popup):
    """A form under a card. `patch_requested` carries a Patch and a gesture: typing in one field is one step of undo."""

    patch_requested = Signal(object, object)
    message_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Values", parent)
        self._document = Document()
        self._node = ""
        self._form: NodeForm | None = None
        self._visits = itertools.count()
        self._visit = 0
        self.title = SectionTitle("", self)
        self._nothing = Words("Nothing to set.", value="3")
        self._scroll = QScrollArea(self)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(4)
        for part in (self.title, self._nothing, self._scroll):
            self._column.addWidget(part)

    def open_for(self, document: Document, plan: Plan, node: str, card: QRect) -> None:
        """Come up under a card, given in places of the screen, with the first field ready for typing."""
        self._document, self._node, self._visit = document, node, next(self._visits)
        record = document.graph.node(node)
        params = ports.params(document.graph, record)
        form = self._form = NodeForm(record.kind, params)
        form.changed.connect(lambda name, value: self._ask({name: value}, ()))
        form.unset.connect(lambda name: self._ask({}, (name,)))
        self._scroll.setWidget(form)
        self.title.setText(record.name)
        self.show_plan(plan)
        form.set_shown(True)
        self._nothing.setVisible(not form.rows)
        self._scroll.setVisible(bool(form.rows))
        self._scroll.setFixedSize(WIDTH, min(form.sizeHint().height(), TALLEST))
        self._stand_by(card)
        self.show()
        self._focus_first(form)

    def _stand_by(self, card: QRect) -> None:
        """Below the card, or above it where the screen ends."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        below, above = card.bottom() + GAP, card.top() - GAP - self.height()
        top = below if below + self.height() <= room.bottom() or above < room.top() else above
        left = min(max(card.left(), room.left()), room.right() - self.width())
        self.move(QPoint(left, top))

    def _focus_first(self, form: NodeForm) -> None:
        rows = [row for row in form.rows.values() if not row.isHidden()]
        rows.sort(key=lambda row: row.param.derived is not None)
        first = rows[0].editor if rows else None
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def show_plan(self, plan: Plan) -> None:
        """Show what is known now; what is being typed stays."""
        node = self._document.graph.nodes.get(self._node)
        if self._form is not None and node is not None:
            self._form.show_node(node, plan.nodes.get(self._node))

    def _ask(self, values: dict[str, Value], unset: tuple[str, ...]) -> None:
        if self._node not in self._document.graph.nodes:
            return
        made = set_code if self._document.graph.node(self._node).kind in custom.KINDS else edit.set_params
        try:
            patch = made(self._document.graph, self._node, values, unset)
        except GraphError as error:
            self.message_requested.emit(str(error))
            return
        self.patch_requested.emit(patch, ("values", self._visit, *values, *unset))

    def hideEvent(self, event: QHideEvent) -> None:
        """Read what is still being typed, and let the form go."""
        super().hideEvent(event)
        if self._form is not None:
            form, self._form = self._form, None
            form.commit()
            self._scroll.takeWidget()
            form.deleteLater()
        self._document = Document()  # a document that is closed later must not stay for this
