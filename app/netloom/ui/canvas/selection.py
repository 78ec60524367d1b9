"""What is selected on a canvas: nodes with frames and notes, or wires with their dots."""

from collections.abc import Iterable

from netloom.graph import Slot
from netloom.ui.canvas.bends import Dot, sharing
from netloom.ui.canvas.graph_scene import GraphScene


class Selection:
    """Marks what is selected on the items of one scene. `current` is the node that arrow keys go on from."""

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self.nodes: frozenset[str] = frozenset()
        self.remarks: frozenset[str] = frozenset()
        self.wires: frozenset[Slot] = frozenset()
        self.dots: frozenset[Dot] = frozenset()
        self.current: str | None = None

    def __bool__(self) -> bool:
        return bool(self.nodes or self.remarks or self.wires or self.dots)

    def take(self, nodes: Iterable[str], remarks: Iterable[str], current: str | None = None) -> bool:
        """Select these nodes, frames and notes, and no others; whether other nodes than before are selected."""
        scene = self._scene
        found = frozenset(key for key in nodes if key in scene.nodes)
        framed = frozenset(key for key in remarks if key in scene.remarks)
        if found or framed:
            self.take_wires(())
        for key in self.nodes ^ found:
            if key in scene.nodes:
                scene.nodes[key].set_state(selected=key in found)
        for key in self.remarks ^ framed:
            if key in scene.remarks:
                scene.remarks[key].set_state(selected=key in framed)
        changed, self.nodes, self.remarks = found != self.nodes, found, framed
        if current is not None or self.current not in found:
            self.current = current or min(found, default=None)
        return changed

    def take_wires(self, slots: Iterable[Slot]) -> None:
        """Select the wires that fill these slots, no others, and no dots."""
        self.take_dots(())
        wires, found = self._scene.wires, frozenset(slots)
        for slot in self.wires ^ found:
            if slot in wires:
                wires[slot].set_state(selected=slot in found)
        self.wires = found

    def take_dots(self, dots: Iterable[Dot]) -> None:
        """Select these dots of wires beside the wires that are selected, and no other dots."""
        document, before = self._scene.document, self.dots
        self.dots = frozenset(dot for dot in dots if sharing(document, dot))
        for dot in before | self.dots:
            for wire in sharing(document, dot):
                if wire.key in self._scene.wires:
                    own = (each for each in self.dots if (each.node, each.output) == (wire.source, wire.output))
                    self._scene.wires[wire.key].pick(frozenset(each.place for each in own))

    def forget(self) -> None:
        """All items are gone."""
        self.nodes, self.remarks, self.wires, self.current = frozenset(), frozenset(), frozenset(), None
        self.dots = frozenset()

    def follow(self) -> None:
        """Mark wires that were drawn anew, and forget those that went."""
        self.wires &= self._scene.wires.keys()
        for slot in self.wires:
            self._scene.wires[slot].set_state(selected=True)
        self.take_dots(self.dots)
