"""How a network is drawn in Python: level by level, a node and the wires into it in one line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from netloom.errors import GraphError
from netloom.graph.layout import Ranks, Size, layered
from netloom.graph.model import Graph as PlainGraph
from netloom.graph.model import Value
from netloom.graph.remarks import Point
from netloom.layers import ports
from netloom.layers.authoring import Graph
from netloom.layers.spec import Port

CARD, INNER_CARD = (160.0, 200.0), (160.0, 136.0)
"""Size of a card with all that it may show; inside a block that is no picture of what flows."""
ROOM = (1340.0, 680.0)
"""What a canvas shows at a comfortable zoom."""

Place: TypeAlias = str | tuple[str, str]
"""What a wire comes from: a node's first output, or a node and one of its outputs."""
Given: TypeAlias = "Value | tuple[Value, ...] | Outside"


@dataclass(frozen=True, slots=True)
class Outside:
    """A parameter that the block hands to the outside under this name; `value` is what it is where nothing is set.

    With a `source`, an Input of the block, that is dimension `dim` of what comes in there.
    """

    name: str
    value: Value | tuple[Value, ...]
    source: str = ""
    dim: int = 0


class Level:
    """The top level of a graph, or with `block` the inside of a new definition of that name."""

    def __init__(self, graph: Graph, block: str = "") -> None:
        self.graph = graph
        self.parent = graph.define(block) if block else ""

    def add(self, kind: str, name: str, *sources: Place | None, **params: Given) -> str:
        """Add a node, and wire what it reads to its inputs from top to bottom; None leaves an input empty.

        Where the last input takes many wires, it takes the rest. The id of the node.
        """
        plain = {key: each.value if isinstance(each, Outside) else each for key, each in params.items()}
        node = self.graph.add(kind, name, self.parent, "", **plain)
        for key, each in params.items():
            if isinstance(each, Outside):
                self.graph.promote(self.parent, each.name, node, key, each.source, each.dim)
        self._read(node, sources)
        return node

    def again(self, owner: str, name: str, *sources: Place | None, kind: str = "") -> str:
        """Add a node that uses the weights of another of its kind, or of the Embedding that a Linear is tied to."""
        first = self.graph.node(owner)
        shown = {"block": first.params["block"]} if "block" in first.params else {}
        node = self.graph.add(kind or first.kind, name, self.parent, owner, **shown)
        self._read(node, sources)
        return node

    def _read(self, node: str, sources: tuple[Place | None, ...]) -> None:
        slots = [port.name for port in ports.inputs(self.graph, self.graph.nodes[node])]
        if len(sources) > len(slots):
            slots += slots[-1:] * (len(sources) - len(slots))
        for source, slot in zip(sources, slots, strict=False):
            if source is not None:
                self.graph.connect(*self._output(source), node, slot)

    def _output(self, source: Place) -> tuple[str, str]:
        if isinstance(source, tuple):
            return source
        found = ports.outputs(self.graph, self.graph.nodes[source])
        if not found:
            raise GraphError(f"{self.graph.nodes[source].name} puts nothing out.", node=source)
        return (source, found[0].name)

    def block(self, definition: "Level", name: str, *sources: Place | None, **params: Given) -> str:
        """Add a node that shows a definition."""
        return self.add("Block", name, *sources, block=definition.parent, **params)


def arranged(graph: PlainGraph, levels: Iterable[str], room: Size = ROOM) -> dict[str, Point]:
    """A place for every node of these levels."""
    positions: dict[str, Point] = {}
    for parent in levels:
        keys = [node.id for node in graph.level(parent)]
        sizes = dict.fromkeys(keys, INNER_CARD if parent else CARD)
        positions |= layered(graph, sizes, room=room, ranks=_ranks(graph, keys))
    return positions


def _ranks(graph: PlainGraph, keys: Iterable[str]) -> Ranks:
    """Where on its side of a card the ports of each wire are, from 0 to 1."""
    wires = [wire for key in keys for wire in graph.into(key)]
    return {
        wire.key: (
            _rank(ports.outputs(graph, graph.node(wire.source)), wire.output),
            _rank(ports.inputs(graph, graph.node(wire.target)), wire.input),
        )
        for wire in wires
    }


def _rank(side: Sequence[Port], name: str) -> float:
    names = [port.name for port in side]
    return (names.index(name) + 0.5) / len(names) if name in names else 0.5
