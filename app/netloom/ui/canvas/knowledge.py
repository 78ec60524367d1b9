"""What is known of the nodes and wires of one level: its plan, its problems, and words for the bottom of cards."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from netloom.compiler.flow import Flow
from netloom.compiler.plan import NodePlan, Plan, Problem
from netloom.graph import Graph, Node, Wire
from netloom.layers import ports
from netloom.ui.canvas.facts import Carried, Facts, carried, facts, told_at

TOLD_DTYPES = ("integer", "boolean", "complex")


class Knowledge:
    """The plan of the level that is shown, with its problems by node."""

    def __init__(self) -> None:
        self._plan: Plan | None = None
        self._problems: Mapping[str, tuple[Problem, ...]] = {}
        self._footers: Mapping[str, str] = {}

    def clear(self) -> None:
        """Nothing is known yet."""
        self._plan, self._problems, self._footers = None, {}, {}

    def node(self, key: str) -> NodePlan | None:
        """What the plan knows of a node."""
        return self._plan.nodes.get(key) if self._plan else None

    def problems(self, key: str) -> tuple[Problem, ...]:
        """The problems of a node."""
        return self._problems.get(key, ())

    def flow(self, node: str, output: str) -> Flow | None:
        """What comes out of a port, where it is known."""
        known = self.node(node)
        return known.outputs.get(output) if known else None

    def take(self, graph: Graph, level: str, plan: Plan, keys: Iterable[str]) -> list[str]:
        """Know another plan; those of these nodes of which something else is known now."""
        if plan is self._plan:
            return []
        old, self._plan = self._plan, plan
        before, self._problems = self._problems, told_at(graph, level, plan.problems)
        if old is None:
            return list(keys)
        told = {key for key in before.keys() | self._problems.keys() if before.get(key) != self._problems.get(key)}
        known, nodes = old.nodes.get, plan.nodes.get
        return [key for key in keys if known(key) is not nodes(key) or key in told]

    def take_footers(self, footers: Mapping[str, str]) -> set[str]:
        """Know other words for the bottom of cards; the nodes that have other ones now."""
        before, self._footers = self._footers, dict(footers)
        return {key for key in before.keys() | footers.keys() if before.get(key) != footers.get(key)}

    def facts(self, graph: Graph, node: Node, *, inside: bool) -> Facts:
        """What the card of a node shows.

        A run looks at the top level only, so inside a block no room is kept for pictures that never come.
        """
        found = facts(graph, node, self.node(node.id), self.problems(node.id), self._footers.get(node.id, ""))
        return replace(found, well=None) if inside else found

    def carried(self, graph: Graph, wire: Wire) -> tuple[Carried, str, Flow | None]:
        """What a wire carries, its label, and the flow where that is known."""
        found = ports.port(ports.outputs(graph, graph.node(wire.source)), wire.output)
        flow = self.flow(wire.source, wire.output)
        carries: Carried = carried(found, flow) if found else "float"
        text = "" if flow is None else str(flow)
        label = f"{text} {flow.dtype}" if flow is not None and carries in TOLD_DTYPES else text
        return carries, label, flow
