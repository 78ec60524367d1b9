"""Adding a node: where the hand is, wired to a port, in the middle of a wire, or after another node in its row."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from netloom.errors import GraphError
from netloom.graph import Graph, Node, Patch, Point, Wire, edit
from netloom.layers import connect
from netloom.layers.edit import new_node
from netloom.ui.canvas import placement, wiring
from netloom.ui.canvas.card import card
from netloom.ui.canvas.facts import Facts, PortFacts, facts, headed
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.canvas.placement import card_place
from netloom.ui.offers import is_block

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

EDGE, TOP = 40.0, 56.0
FIRST = QPointF(48, 88)
"""Where the first card of a network comes, in pixels from the top left: it grows to the right."""
ROOM = 144.0
"""The height that is kept free for a new card, whose picture is not there yet."""
AROUND = 800.0


def add_node(canvas: "Canvas", offer: str, place: QPointF, wire: Wire | None, spot: PortSpot | None) -> str:
    """Ask for a new node under a place of the scene, put into a wire or wired to a port, as one step; its id.

    A card that would come to lie on others moves to the nearest free place. GraphError where it cannot be.
    """
    graph, gesture = canvas.document.graph, object()
    size = _size(canvas, offer)
    corner = card_place(place, size[0])
    if wire is None:
        corner = _free(canvas, corner, size)
    patch, node = _addition(canvas, offer, corner)
    canvas.ask(pinned(canvas, patch), gesture)
    if node.id in graph.nodes and wire is not None:
        canvas.ask(wiring.insert_patch(canvas.document, wire, node.id), gesture)
        make_room(canvas, node.id, wire, gesture)
    elif node.id in graph.nodes and spot is not None:
        canvas.ask(wiring.attach_patch(canvas.document, spot, node), gesture)
    item = canvas.graph_scene.nodes.get(node.id)
    if item is not None and not canvas.seen().contains(item.scene_card().center()):
        canvas.ensure_seen(node.id)
    return node.id


def add_beside(canvas: "Canvas", offer: str, key: str | None) -> str:
    """Ask for a new node after another and wired to its free output where it fits, as one step; its id.

    Without another it comes where the first card of a network is best, or in the middle of what is seen.
    """
    graph, gesture = canvas.document.graph, object()
    patch, node = _addition(canvas, offer, _place_beside(canvas, key, _size(canvas, offer)))
    canvas.ask(pinned(canvas, patch), gesture)
    if node.id in graph.nodes and key is not None:
        _wire_after(canvas, key, node.id, gesture)
    return node.id


def _addition(canvas: "Canvas", offer: str, place: Point) -> tuple[Patch, Node]:
    """The patch that adds a node of a kind, or a block with its definition, and the node."""
    level = canvas.graph_scene.level
    if not is_block(offer):
        node = new_node(canvas.document.graph, offer, parent=level)
        return wiring.add_patch(node, place), node
    patch = canvas.offers.insertion(canvas.document, offer, place, level)
    made = (change.new for change in patch.changes if change.table == "node")
    return patch, next(node for node in made if node is not None and node.parent == level)


def unplaced(canvas: "Canvas") -> dict[str, Point]:
    """Where the cards are seen that the document has no place for."""
    known = canvas.document.positions
    return {key: (item.x(), item.y()) for key, item in canvas.graph_scene.nodes.items() if key not in known}


def pinned(canvas: "Canvas", patch: Patch) -> Patch:
    """A patch that adds a card and keeps those that were never placed where they are seen."""
    places = unplaced(canvas)
    return Patch(patch.label, (*edit.move(canvas.document, places).changes, *patch.changes)) if places else patch


def trial_facts(graph: Graph, offer: str) -> Facts:
    """What the card of something that is added by this key will be like, as far as is known before."""
    if not is_block(offer):
        return facts(graph, new_node(graph, offer))
    side = (PortFacts("", "float"),)
    return Facts(offer.partition(":")[2], "Block", "block", "block", side, side, is_block=True)


def _size(canvas: "Canvas", offer: str) -> placement.Size:
    """What a new card takes up, and may soon."""
    found = card(headed(trial_facts(canvas.document.graph, offer), is_down=canvas.graph_scene.is_down))
    return found.width, max(found.height, ROOM)


def _place_beside(canvas: "Canvas", key: str | None, size: placement.Size) -> Point:
    seen, nodes = canvas.seen(), canvas.graph_scene.nodes
    if key in nodes:
        if canvas.graph_scene.is_down:
            return placement.next_below(_cards(canvas), key, size)
        is_seen = seen.intersects(nodes[key].scene_card())
        edge = seen.right() - EDGE / canvas.zoom if is_seen else math.inf
        return placement.next_in_row(_cards(canvas), key, size, edge)
    if not nodes:
        first = seen.topLeft() + FIRST / canvas.zoom
        return placement.snapped(first.x(), first.y())
    middle = card_place(seen.center(), size[0])
    return _free(canvas, middle, size)


def _wire_after(canvas: "Canvas", source: str, target: str, gesture: object) -> None:
    """Wire a new node to another whose output is still free, where the ports and the shapes fit."""
    graph = canvas.document.graph
    try:
        output, into = connect.default_ports(graph, source, target)
    except GraphError:
        return
    start, end = PortSpot(source, "output", output, 0), PortSpot(target, "input", into, 0)
    is_used = any(wire.output == output for wire in graph.out_of(source))
    if not is_used and wiring.verdict(graph, start, end, canvas.check).fits:
        canvas.ask(wiring.connect_patch(canvas.document, start, end), gesture)


def _cards(canvas: "Canvas") -> dict[str, placement.Rect]:
    items = canvas.graph_scene.nodes.items()
    return {key: (item.x(), item.y(), item.card.width, item.card.height) for key, item in items}


def _free(canvas: "Canvas", place: Point, size: placement.Size) -> Point:
    """The place itself, or the nearest one on no other card."""
    area = QRectF(place[0] - AROUND, place[1] - AROUND, 2 * AROUND, 2 * AROUND)
    items = canvas.graph_scene.nodes_in(area)
    cards = [(item.x(), item.y(), item.card.width, item.card.height) for item in items]
    edge = EDGE / canvas.zoom
    seen = canvas.seen().adjusted(edge, TOP / canvas.zoom, -edge, -edge)
    return placement.nearest_free(cards, place, size, (seen.x(), seen.y(), seen.width(), seen.height()))


def make_room(canvas: "Canvas", node: str, wire: Wire, gesture: object) -> None:
    """Where the wire was too short for the new card, shift the rest of its row to the right, or of its column down."""
    cards, is_down = _cards(canvas), canvas.graph_scene.is_down
    if is_down:
        cards = {key: placement.turned_card(each) for key, each in cards.items()}
    shifted = placement.room_between(cards, wire.source, node, wire.target)
    if is_down and shifted:
        shifted = {key: placement.turned(place) for key, place in shifted.items()}
        middle = cards[wire.target][1] + cards[wire.target][3] / 2
        shifted[node] = placement.snapped(middle - cards[node][3] / 2, shifted[node][1])
    if shifted:
        canvas.ask(edit.move(canvas.document, shifted), gesture)
