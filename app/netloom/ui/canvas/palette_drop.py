"""A kind dragged in from the palette: a ghost of its card follows; dropped on a wire it is put in there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF

from netloom.errors import GraphError
from netloom.ui.canvas import wiring
from netloom.ui.canvas.adding import trial_facts
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.placement import card_place
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

MIME = "application/x-netloom-kind"
GHOST = 0.6


class PaletteDrop:
    """The drag in progress, if one is."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._ghost: NodeItem | None = None
        self._wire: WireItem | None = None

    def enter(self, data: QMimeData) -> bool:
        """Begin with what is dragged; whether it is a kind of node."""
        self.leave()
        if not data.hasFormat(MIME):
            return False
        graph = self._canvas.document.graph
        try:
            found = trial_facts(graph, self._kind(data))
        except GraphError:
            return False
        self._ghost = NodeItem("", found, self._canvas.look)
        self._ghost.setOpacity(GHOST)
        self._ghost.setZValue(2)
        self._canvas.graph_scene.addItem(self._ghost)
        return True

    def _kind(self, data: QMimeData) -> str:
        return bytes(data.data(MIME).data()).decode("utf-8", "replace")

    def move(self, place: QPointF, data: QMimeData) -> bool:
        """Show the card where it would come; whether something is dragged that can be dropped."""
        if self._ghost is None:
            return False
        self._ghost.setPos(*card_place(place, self._ghost.card.width))
        self._light(self._canvas.graph_scene.wire_at(place, 8 / self._canvas.zoom), self._kind(data))
        return True

    def _light(self, wire: WireItem | None, kind: str) -> None:
        fits = wire is not None and wiring.can_insert(self._canvas.document.graph, wire.wire, kind)
        found = wire if fits else None
        if self._wire is not None and self._wire is not found:
            self._wire.set_state(hovered=False)
        if found is not None and found is not self._wire:
            found.set_state(hovered=True)
        self._wire = found

    def drop(self, place: QPointF, data: QMimeData) -> bool:
        """Add the node; whether it was one."""
        if not self.move(place, data):
            return False
        wire = self._wire.wire if self._wire else None
        self.leave()
        self._canvas.add_node_at(self._kind(data), place, wire)
        return True

    def leave(self) -> None:
        """End the drag."""
        self._light(None, "")
        if self._ghost is not None:
            self._canvas.graph_scene.removeItem(self._ghost)
            self._ghost = None
