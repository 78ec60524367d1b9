"""What the nodes of one level come to together, kept while they change."""

from netloom.compiler.plan import NodePlan


class Tally:
    """Parameters and multiply-adds of the model, and the nodes at its ends by their kind."""

    def __init__(self) -> None:
        self.parameters = 0
        self.macs = 0
        self.ends: dict[str, set[str]] = {"Input": set(), "Output": set()}

    def add(self, item: NodePlan) -> None:
        """Count a node."""
        self._count(item, 1)
        if item.node.kind in self.ends:
            self.ends[item.node.kind].add(item.node.id)

    def take_away(self, item: NodePlan) -> None:
        """Count a node no more."""
        self._count(item, -1)
        if item.node.kind in self.ends:
            self.ends[item.node.kind].discard(item.node.id)

    def _count(self, item: NodePlan, times: int) -> None:
        if item.part == "model":
            self.parameters += times * item.parameters
            self.macs += times * item.macs
