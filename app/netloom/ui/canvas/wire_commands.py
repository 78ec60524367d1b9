"""What can be done with wires by keys: wiring nodes, taking wires off, bending, cutting, going through them."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF

from netloom.errors import GraphError
from netloom.graph import Graph, Patch, Point, Slot, Wire, edit
from netloom.layers import connect, ports
from netloom.ui.canvas import bends, connect_list
from netloom.ui.canvas.bends import Dot, Places
from netloom.ui.canvas.card import Side
from netloom.ui.canvas.draw_wire import DrawWire, spot_of
from netloom.ui.canvas.gestures import Gesture, Modifiers
from netloom.ui.canvas.lead_wires import LeadWires
from netloom.ui.canvas.stroke import CutStroke
from netloom.ui.canvas.turned import dots_in_lane, longest_piece, piece_at
from netloom.ui.canvas.walk import next_node
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

DOT_REACH = 10.0
"""Pixels of the screen around the middle of a dot."""
END_REACH = 24.0
"""Pixels of the screen at the end of a wire where a drag takes that end off; of a short wire less."""


def wire_selected(canvas: "Canvas") -> None:
    """Ask to wire the selected nodes in a row, or offer what a single one can be wired to."""
    nodes = canvas.graph_scene.nodes
    row = sorted(canvas.selection, key=lambda key: (nodes[key].x(), nodes[key].y(), key))
    if len(row) == 1:
        connect_list.offer(canvas, row[0])
    elif row:
        _wire_row(canvas, row)


def _wire_row(canvas: "Canvas", row: Sequence[str]) -> None:
    """Wire each node to the next one, where a port that fits is free; say why nothing is wired."""
    gesture, graph, made, why = object(), canvas.document.graph, 0, ""
    for source, target in pairwise(row):
        if any(wire.source == source for wire in graph.into(target)):
            why = why or f"{graph.node(source).name} is wired to {graph.node(target).name} already."
            continue
        try:
            patch = _free_wire(graph, source, target)
        except GraphError as error:
            why = str(error)
            continue
        canvas.ask(Patch(f"Wire {len(row)} nodes", patch.changes), gesture)
        made += 1
    if not made:
        canvas.message_requested.emit(why)


def _free_wire(graph: Graph, source: str, target: str) -> Patch:
    """The patch that wires two nodes at an input that is free; GraphError where none is."""
    output, name = connect.default_ports(graph, source, target)
    slot = ports.port(ports.inputs(graph, graph.node(target)), name)
    is_taken = any(wire.input == name for wire in graph.into(target))
    if is_taken and not (slot and slot.many):
        raise GraphError(f"All inputs of {graph.node(target).name} that fit have a wire.", node=target)
    return connect.connect(graph, source, output, target, name)


def disconnect(canvas: "Canvas") -> None:
    """Ask to remove all wires of the selected nodes."""
    graph, chosen = canvas.document.graph, sorted(canvas.selection)
    wires = {wire.key: wire for key in chosen for wire in (*graph.into(key), *graph.out_of(key))}
    if wires:
        what = graph.node(chosen[0]).name if len(chosen) == 1 else f"{len(chosen)} nodes"
        canvas.ask(Patch(f"Disconnect {what}", edit.remove(canvas.document, wires=wires.values()).changes))


def bend(canvas: "Canvas") -> None:
    """Ask for a dot in the middle of each selected wire."""
    document, chosen = canvas.document, canvas.marked.wires
    ways: dict[Slot, Places] = {}
    made: list[Dot] = []
    for slot in sorted(chosen):
        if slot not in ways:
            item = canvas.graph_scene.wires[slot]
            index, middle = longest_piece(item.way)
            if item.way.along_lane:
                middle = item.way.path.pointAtPercent(0.5)
            bent, dot = _with_dot(canvas, item, index, middle)
            ways, made = bent | ways, [*made, dot]
    label = "Bend wire" if len(chosen) == 1 else f"Bend {len(chosen)} wires"
    canvas.ask(bends.patch(document, ways, label))
    if made:
        canvas.select_dots(made, chosen)


def _with_dot(canvas: "Canvas", item: WireItem, index: int, place: QPointF) -> tuple[dict[Slot, Places], Dot]:
    """The bends with a dot at a place of a piece of a wire, and the dot. A wire in a lane stays there."""
    before, behind = dots_in_lane(item.way, place)
    middle = bends.snapped(place.x(), place.y())
    places: list[Point] = [bends.snapped(each.x(), each.y()) for each in (*before, place, *behind)]
    ways = bends.with_dots(canvas.document, item.wire, index, places)
    return ways, Dot(item.wire.source, item.wire.output, middle)


def remove_dots(canvas: "Canvas") -> None:
    """Ask to remove the selected dots; their wires stay."""
    _remove(canvas, canvas.marked.dots)


def _remove(canvas: "Canvas", dots: frozenset[Dot]) -> None:
    label = "Remove dot" if len(dots) == 1 else f"Remove {len(dots)} dots"
    canvas.ask(bends.patch(canvas.document, bends.without(canvas.document, dots), label))


def nudge_dots(canvas: "Canvas", way: Point) -> None:
    """Ask to move the selected dots by a step; such steps in a row are one step of undo."""
    document, dots = canvas.document, canvas.marked.dots
    steps = {dot.place: bends.shifted([dot.place], way)[0] for dot in dots}
    label = "Move dot" if len(dots) == 1 else f"Move {len(dots)} dots"
    wires = canvas.marked.wires
    canvas.ask(bends.patch(document, bends.moved(_ways(canvas, dots), steps), label), ("nudge dots", len(dots)))
    canvas.select_dots([Dot(dot.node, dot.output, steps[dot.place]) for dot in dots], wires)


def _ways(canvas: "Canvas", dots: frozenset[Dot]) -> dict[Slot, Places]:
    """The bends of all wires that have one of these dots."""
    document = canvas.document
    return {wire.key: document.bends[wire.key] for dot in dots for wire in bends.sharing(document, dot)}


def cut_wires(canvas: "Canvas") -> None:
    """Let the next drag cut the wires that it crosses."""
    canvas.pointer.arm(CutStroke)


def next_wire(canvas: "Canvas") -> None:
    """Select the next wire of the node that was selected last, or of the first one."""
    scene = canvas.graph_scene
    chosen = min(canvas.marked.wires, default=None)
    node = canvas.current or (scene.wires[chosen].wire.target if chosen else None)
    node = node if node in scene.nodes else _first(canvas)
    slots = [wire.key for wire in _around(canvas, node)] if node else []
    if slots:
        after = slots.index(chosen) + 1 if chosen in slots else 0
        found = slots[after % len(slots)]
        canvas.select_wires({found})
        canvas.marked.current = node
        canvas.ensureVisible(scene.wires[found].way.path.boundingRect(), 40, 56)


def _first(canvas: "Canvas") -> str | None:
    """The node that arrow keys begin at."""
    cards = {key: item.scene_card() for key, item in canvas.graph_scene.nodes.items()}
    return next_node(canvas.document.graph, cards, None, "right")


def _around(canvas: "Canvas", node: str) -> list[Wire]:
    """The wires of a node as they stand: into it from above or from the left on, then out of it."""
    graph, scene = canvas.document.graph, canvas.graph_scene

    def place(wire: Wire) -> tuple[float, Slot]:
        end = scene.wires[wire.key].way.points[-1]
        return (end.x() if scene.is_down else end.y(), wire.key)

    return [*sorted(graph.into(node), key=place), *sorted(graph.out_of(node), key=place)]


def press_dot(canvas: "Canvas", at: QPoint, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press on a dot of a wire begins; None where there is none.

    A drag moves the dot, with Shift it draws a new wire that branches off there.
    """
    found = _dot_at(canvas, at)
    if found is None:
        return None
    item, dot = found
    if modifiers & Modifiers.ShiftModifier:
        led = canvas.document.bends[item.wire.key]
        along = led[: led.index(dot.place) + 1]
        return DrawWire(canvas, spot_of(canvas.graph_scene, item.wire, "output"), at, along=along)
    if dot not in canvas.marked.dots:
        canvas.select_dots((dot,))
    others = canvas.marked.dots - {dot}
    return LeadWires(canvas, at, (dot, *others), _ways(canvas, canvas.marked.dots))


def _dot_at(canvas: "Canvas", at: QPoint) -> tuple[WireItem, Dot] | None:
    place, reach = canvas.mapToScene(at), DOT_REACH / canvas.zoom
    for item in _wires_at(canvas, place, reach):
        spot = item.dot_at(place, reach)
        if spot is not None:
            return item, Dot(item.wire.source, item.wire.output, (spot.x(), spot.y()))
    return None


def _wires_at(canvas: "Canvas", place: QPointF, reach: float) -> Iterator[WireItem]:
    """The wires that come near a place, the uppermost first."""
    found = canvas.graph_scene.wires_in(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))
    seen = (item for item in found if item.isVisible())
    return iter(sorted(seen, key=lambda item: (item.zValue(), item.serial), reverse=True))


def press_wire(canvas: "Canvas", item: WireItem, at: QPoint, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press on a wire begins: a click selects it, a drag near an end takes that end off, a drag in
    the middle bends it.
    """
    canvas.select_wires({item.wire.key}, adding=bool(modifiers & (Modifiers.ShiftModifier | Modifiers.ControlModifier)))
    place = canvas.mapToScene(at)
    end = end_at(item, place, canvas.zoom)
    if end is not None:
        kept = spot_of(canvas.graph_scene, item.wire, "input" if end == "output" else "output")
        return DrawWire(canvas, kept, at, item.wire)
    ways, dot = _with_dot(canvas, item, piece_at(item.way, place), place)
    return LeadWires(canvas, at, (dot,), ways)


def end_at(item: WireItem, place: QPointF, zoom: float) -> Side | None:
    """The end of a wire that a drag from a place on it takes off: at its output or its input, or none."""
    start, *_, end = item.way.points
    gaps: dict[Side, float] = {"output": _gap(start, place), "input": _gap(end, place)}
    near = min(gaps, key=gaps.__getitem__)
    return near if gaps[near] <= min(END_REACH / zoom, item.way.path.length() / 3) else None


def _gap(start: QPointF, end: QPointF) -> float:
    return math.hypot(end.x() - start.x(), end.y() - start.y())


def double(canvas: "Canvas", item: WireItem, at: QPoint) -> None:
    """Put a dot where a wire was double clicked, or take away the one that is there."""
    found = _dot_at(canvas, at)
    if found is not None:
        _remove(canvas, frozenset({found[1]}))
        return
    place = canvas.mapToScene(at)
    ways, dot = _with_dot(canvas, item, piece_at(item.way, place), place)
    canvas.ask(bends.patch(canvas.document, ways, "Bend wire"))
    canvas.select_dots((dot,))
