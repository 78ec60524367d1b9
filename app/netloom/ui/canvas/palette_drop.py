"""A kind dragged in from the palette: a ghost of its card follows; dropped on a wire it is put in there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from netloom.errors import GraphError
from netloom.graph import Wire
from netloom.ui.canvas import wiring
from netloom.ui.canvas.adding import trial_facts
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.placement import card_place
from netloom.ui.canvas.wire_drop import WireDrop

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

MIME = "application/x-netloom-kind"
GHOST = 0.6


class PaletteDrop(QObject):
    """The drag in progress, if one is. It hears of drags as a filter of the viewport's events."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._ghost: NodeItem | None = None
        self._offer = ""
        self._wires = WireDrop(canvas, self._fits)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take drags over the canvas; all other events go on."""
        if isinstance(event, QDragEnterEvent):
            event.setAccepted(self.enter(event.mimeData()))
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            if self.drop(self._canvas.mapToScene(event.position().toPoint())):
                event.acceptProposedAction()
                self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        elif isinstance(event, QDragMoveEvent):
            event.setAccepted(self.move(self._canvas.mapToScene(event.position().toPoint())))
        elif event.type() == QEvent.Type.DragLeave:
            self.leave()
        else:
            return super().eventFilter(watched, event)
        return True

    def enter(self, data: QMimeData) -> bool:
        """Begin with what is dragged; whether it is a kind of node."""
        self.leave()
        if not data.hasFormat(MIME):
            return False
        self._offer = bytes(data.data(MIME).data()).decode("utf-8", "replace")
        try:
            found = trial_facts(self._canvas.document.graph, self._offer)
        except GraphError:
            return False
        self._ghost = NodeItem("", found, self._canvas.look)
        self._ghost.opacity = GHOST
        self._ghost.setZValue(2)
        self._canvas.graph_scene.invite(self._ghost)
        return True

    def move(self, place: QPointF) -> bool:
        """Show the card where it would come; whether something is dragged that can be dropped."""
        if self._ghost is None:
            return False
        self._ghost.setPos(*card_place(place, self._ghost.card.width))
        self._wires.follow(place)
        return True

    def _fits(self, wire: Wire) -> bool:
        return wiring.can_insert(self._canvas.document.graph, wire, self._offer)

    def drop(self, place: QPointF) -> bool:
        """Add the node; whether it was one."""
        if not self.move(place):
            return False
        wire = self._wires.wire
        self.leave()
        self._canvas.add_node_at(self._offer, place, wire)
        return True

    def leave(self) -> None:
        """End the drag."""
        self._wires.clear()
        if self._ghost is not None:
            self._canvas.graph_scene.invite(None)
            self._ghost = None
