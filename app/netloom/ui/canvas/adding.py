"""Adding a node where the hand is: alone, wired to a port, or in the middle of a wire, for which a row makes room."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netloom.graph import Node, Wire, edit
from netloom.layers.edit import new_node
from netloom.ui.canvas import placement, wiring
from netloom.ui.canvas.card import card
from netloom.ui.canvas.facts import facts
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.canvas.palette_drop import card_place

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def add_node(canvas: "Canvas", kind: str, place: QPointF, wire: Wire | None, spot: PortSpot | None) -> str:
    """Ask for a new node under a place of the scene, put into a wire or wired to a port, as one step; its id.

    GraphError where it cannot be.
    """
    graph, gesture = canvas.document.graph, object()
    node = new_node(graph, kind, parent=canvas.graph_scene.level)
    corner = card_place(place, card(facts(graph, node)).width)
    canvas.ask(wiring.add_patch(node, corner), gesture)
    if node.id in graph.nodes and wire is not None:
        canvas.ask(wiring.insert_patch(graph, wire, node.id), gesture)
        _make_room(canvas, node, wire, gesture)
    elif node.id in graph.nodes and spot is not None:
        canvas.ask(wiring.attach_patch(canvas.document, spot, node), gesture)
    return node.id


def _make_room(canvas: "Canvas", node: Node, wire: Wire, gesture: object) -> None:
    """Where the wire was too short for the new card, shift the rest of the row to the right."""
    items = canvas.graph_scene.nodes.items()
    cards = {key: (item.x(), item.y(), item.card.width, item.card.height) for key, item in items}
    shifted = placement.room_between(cards, wire.source, node.id, wire.target)
    if shifted:
        canvas.ask(edit.move(canvas.document, shifted), gesture)
