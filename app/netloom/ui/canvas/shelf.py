"""What a level showed before all of it was deleted, kept for when that is undone."""

from dataclasses import dataclass

from netloom.graph import Patch, Slot
from netloom.ui.canvas.ground import Ground
from netloom.ui.canvas.knowledge import Knowledge
from netloom.ui.canvas.lanes import Lanes
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.wire_item import WireItem


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards and wires that a patch took away, where they were, and what was known of them."""

    patch: Patch
    nodes: dict[str, NodeItem]
    wires: dict[Slot, WireItem]
    ground: Ground[str]
    wired: Ground[Slot]
    lanes: Lanes
    knowledge: Knowledge

    def is_answer(self, patch: Patch) -> bool:
        """Whether a patch takes back exactly what was done."""
        changes = self.patch.changes
        return len(patch.changes) == len(changes) and all(
            one.table == other.table and one.key == other.key and one.old is other.new and one.new is other.old
            for one, other in zip(patch.changes, reversed(changes), strict=True)
        )

    def knew(self, key: str, known: Knowledge) -> bool:
        """Whether the same was known of a node as now."""
        return self.knowledge.node(key) == known.node(key) and self.knowledge.problems(key) == known.problems(key)

    def rested(self) -> set[str]:
        """Take off all that a hand or a run left on the figures; the nodes that showed something of a run."""
        live = {key for key, item in self.nodes.items() if item.rest()}
        for item in self.wires.values():
            item.rest()
        return live
