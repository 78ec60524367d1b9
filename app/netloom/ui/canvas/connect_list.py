"""What one node can be wired to, as a list beside its card: wiring by the keyboard alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netloom.errors import GraphError
from netloom.graph import Graph, Wire
from netloom.graph.walk import downstream, upstream
from netloom.layers import connect, ports
from netloom.ui import icons
from netloom.ui.canvas import wiring
from netloom.ui.canvas.card import Side
from netloom.ui.canvas.choice_popup import Choice, ChoicePopup
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.canvas.turned import turned

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

AT_ONE_PORT = 24
TRIED = 24
"""So many of the nearest are asked whether the shapes fit; each costs a part of a millisecond."""
BACKWARD, DOWN = 3.0, 2.0
"""How many times further a card seems that stands on the wrong side, or in another row."""
BESIDE = QPoint(12, 0)


def offer(canvas: "Canvas", key: str) -> None:
    """Open the list of what a node can be wired to; say so where there is nothing."""
    finder = _Finder(canvas, key)
    name = canvas.document.graph.node(key).name
    if not finder.choices(""):
        canvas.message_requested.emit(f"Nothing here fits a free port of {name}.")
        return
    canvas.ensure_seen(key)
    popup = ChoicePopup(canvas, f"Wire {name}", "Ports to wire to", finder.choices)
    popup.setObjectName("connect-list")
    popup.chosen.connect(finder.connect)
    popup.closed.connect(canvas.setFocus)
    popup.closed.connect(popup.deleteLater)
    popup.show_at(canvas.mapFromScene(canvas.graph_scene.nodes[key].scene_card().topRight()) + BESIDE)


@dataclass(frozen=True, slots=True)
class _Offer:
    """A wire that could be, between a port of the node and one of another."""

    start: PortSpot
    end: PortSpot
    is_taken: bool


class _Finder:
    """The ports that fit those of one node, the nearest first; those that the shapes speak against at the end."""

    def __init__(self, canvas: "Canvas", key: str) -> None:
        self._canvas, self._key = canvas, key
        self._graph = canvas.document.graph
        self._near = _nearest(canvas, key)
        self._before = upstream(self._graph, (key,))
        self._after = downstream(self._graph, (key,))
        self._suits: dict[_Offer, bool] = {}

    def choices(self, text: str) -> list[Choice]:
        """What can be wired and is called so, best first."""
        words = text.lower().split()
        found = [each for start in self._starts() for each in islice(self._called(start, words), AT_ONE_PORT)]
        judged = [(not self._does_suit(each) if place < TRIED else False, each) for place, each in enumerate(found)]
        judged.sort(key=lambda pair: (pair[0], pair[1].is_taken))
        return [self._choice(each, is_odd=is_odd) for is_odd, each in judged]

    def _starts(self) -> list[PortSpot]:
        """The ports to wire: outputs without a wire, open inputs, and other outputs where all have one."""
        graph, node = self._graph, self._graph.node(self._key)
        used = {wire.output for wire in graph.out_of(self._key)}
        filled = {wire.input for wire in graph.into(self._key)}
        given = [PortSpot(node.id, "output", port.name, 0) for port in ports.outputs(graph, node)]
        free = [spot for spot in given if spot.name not in used]
        taken = (port for port in ports.inputs(graph, node) if port.many or port.name not in filled)
        return [*free, *(PortSpot(node.id, "input", port.name, 0) for port in taken), *([] if free else given)]

    def _called(self, start: PortSpot, words: list[str]) -> Iterator[_Offer]:
        """What a port could be wired to, of what is called so."""
        side: Side = "input" if start.side == "output" else "output"
        return (each for each in self._ends(start, side) if self._is_called(each, words))

    def _ends(self, start: PortSpot, side: Side) -> Iterator[_Offer]:
        graph, closing = self._graph, self._before if side == "input" else self._after
        for key in self._near[side]:
            if key in closing:
                continue
            node = graph.node(key)
            taken = {wire.input for wire in graph.into(key)} if side == "input" else set()
            for port in ports.inputs(graph, node) if side == "input" else ports.outputs(graph, node):
                end = PortSpot(key, side, port.name, 0)
                wire = wiring.wire_between(graph, start, end)
                if connect.end_refusal(graph, wire) is None and not _is_there(graph, wire):
                    yield _Offer(start, end, port.name in taken and not port.many)

    def _does_suit(self, found: _Offer) -> bool:
        """Whether the shapes fit; each wire is asked for once while the list is open."""
        if found not in self._suits:
            wire = wiring.wire_between(self._graph, found.start, found.end)
            problem = self._canvas.check(self._graph, wire) if self._canvas.check else None
            self._suits[found] = problem is None or problem.severity != "error"
        return self._suits[found]

    def _is_called(self, found: _Offer, words: list[str]) -> bool:
        node = self._graph.node(found.end.node)
        text = f"{node.name} {node.kind} {found.end.name}".lower()
        return all(word in text for word in words)

    def _choice(self, found: _Offer, *, is_odd: bool) -> Choice:
        item = self._canvas.graph_scene.nodes[found.end.node]
        way = "to" if found.end.side == "input" else "from"
        but = "shape does not fit" if is_odd else "replaces a wire" if found.is_taken else ""
        own = f"{found.start.name} {way} " if len(self._own(found.start.side)) > 1 else ""
        aside = ", ".join(text for text in (f"{own}{found.end.name}", but) if text)
        return Choice(
            (found.start, found.end), f"{way} {item.facts.name}", aside, icons.glyph_icon(item.facts.category)
        )

    def _own(self, side: Side) -> tuple[object, ...]:
        node = self._graph.node(self._key)
        return ports.outputs(self._graph, node) if side == "output" else ports.inputs(self._graph, node)

    def connect(self, ends: tuple[PortSpot, PortSpot]) -> None:
        """Ask for the wire that was chosen."""
        try:
            self._canvas.ask(wiring.connect_patch(self._canvas.document, *ends))
        except GraphError as error:
            self._canvas.message_requested.emit(str(error))


def _is_there(graph: Graph, wire: Wire) -> bool:
    """Whether these two ports are wired already."""
    return any(
        (each.source, each.output, each.input) == (wire.source, wire.output, wire.input)
        for each in graph.into(wire.target)
    )


def _nearest(canvas: "Canvas", key: str) -> dict[Side, list[str]]:
    """The other cards for wires to their inputs, and to their outputs: the nearest first, and those in the same row.

    Where wires go down a row is a column.

    10,000 take 30 ms, once for a list that a person opened.
    """
    scene = canvas.graph_scene
    corners = {each: item.pos() for each, item in scene.nodes.items()}
    if scene.is_down:
        corners = {each: turned(place) for each, place in corners.items()}
    x, y = corners[key].x(), corners[key].y()
    across = {each: place.x() - x for each, place in corners.items() if each != key}
    down = {each: DOWN * abs(corners[each].y() - y) for each in across}
    right = {each: down[each] + (step if step >= 0 else -BACKWARD * step) for each, step in across.items()}
    left = {each: down[each] + (-step if step <= 0 else BACKWARD * step) for each, step in across.items()}
    return {"input": sorted(right, key=right.__getitem__), "output": sorted(left, key=left.__getitem__)}
