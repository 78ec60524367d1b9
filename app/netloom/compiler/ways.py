"""What takes the place of bypassed nodes on one level: where wires begin, and who has the weights."""

import msgspec

from netloom.graph.model import Graph, Node, Wire
from netloom.layers import bypass


class Ways:
    """`led` has the bypassed nodes, and the wire that begins where each finds what it hands on."""

    def __init__(self) -> None:
        self.led: dict[str, Wire | None] = {}
        self._heirs: dict[str, str] = {}

    def forget_heirs(self) -> None:
        """Look anew who has the weights of bypassed nodes."""
        self._heirs.clear()

    def beginning(self, graph: Graph, wire: Wire) -> Wire | None:
        """A wire as it begins before the bypassed nodes that it leaves; None where these hand nothing on.

        One that leaves a bypassed node without any input stays as it is: it waits.
        """
        if wire.source not in self.led:
            return wire
        source, main = graph.nodes[wire.source], self.led[wire.source]
        if not bypass.hands_on(graph, source, wire.output):
            return None
        if main is None:
            return wire if bypass.main_wire(graph, source) is None else None
        return msgspec.structs.replace(wire, source=main.source, output=main.output)

    def owner(self, graph: Graph, node: Node) -> str:
        """The node whose weights a node uses, or "" where it has its own; that of a bypassed owner is its heir."""
        owner = graph.nodes.get(node.share) or node
        if not owner.bypassed:
            return node.share
        if owner.id not in self._heirs:
            self._heirs[owner.id] = bypass.heir(graph, owner)
        heir = self._heirs[owner.id]
        return "" if heir == node.id else heir
