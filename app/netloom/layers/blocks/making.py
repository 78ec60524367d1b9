"""A block from a selection: the nodes move in, and each wire that crosses the line passes an Input or Output."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from netloom.errors import GraphError
from netloom.graph.document import Document
from netloom.graph.draft import Draft, first_free, replace_updated
from netloom.graph.model import Block, Graph, Node, Promoted, Wire, id_order, name_problem
from netloom.graph.patch import Patch
from netloom.layers import ports
from netloom.layers.blocks import places
from netloom.layers.catalogue import spec
from netloom.layers.spec import OUTSIDE

PLAIN = ("out", "output")
"""Names of ports that say nothing about what they carry."""

End = tuple[str, str]
"""A node and one of its ports."""


def make_block(document: Document, nodes: Collection[str], name: str) -> Patch:
    """Put nodes of one level into a new block, which stands where they stood.

    GraphError says why a selection cannot be one block.
    """
    graph = document.graph
    chosen = [graph.node(key) for key in sorted(set(nodes), key=id_order)]
    if problem := selection_problem(graph, chosen) or _name_problem(graph, name):
        raise GraphError(problem)
    return _Making(document, chosen, name).patch()


def _name_problem(graph: Graph, name: str) -> str | None:
    if problem := name_problem(name):
        return f"Not a name: {problem}."
    taken = any(block.name == name for block in graph.blocks.values())
    return f"There is already a block called {name}." if taken else None


def selection_problem(graph: Graph, chosen: Sequence[Node]) -> str | None:
    """Why these nodes cannot be one block, as a sentence, or None."""
    if not chosen:
        return "Select the nodes that the block will hold."
    if len({node.parent for node in chosen}) > 1:
        return "A block is made of nodes on one level."
    keys = {node.id for node in chosen}
    problems = (*map(_role_problem, chosen), *(_weights_problem(graph, node, keys) for node in chosen))
    return next((each for each in problems if each), None) or _loop_problem(graph, chosen)


def _role_problem(node: Node) -> str | None:
    role = spec(node.kind).role
    if role in ("module", "function", "block"):
        return None
    if role in ("input", "output"):
        return f"{node.name} is an {node.kind} of this level and stays here. Take it out of the selection."
    words = OUTSIDE.get(role, "code of your own")
    return f"{node.name} is {words}, which cannot stand in a block. Take it out of the selection."


def _weights_problem(graph: Graph, node: Node, chosen: Collection[str]) -> str | None:
    together = [key for key in (node.share, *graph.sharers(node.id)) if key]
    outside = next((graph.nodes[key].name for key in together if key not in chosen), None)
    return outside and f"{node.name} shares weights with {outside}, which stays outside. Select both."


def _loop_problem(graph: Graph, chosen: Sequence[Node]) -> str | None:
    inside = {node.id for node in chosen}
    stack = [wire.target for node in chosen for wire in graph.out_of(node.id) if wire.target not in inside]
    first = dict.fromkeys(stack, "")
    while stack:
        key = stack.pop()
        for wire in graph.out_of(key):
            if wire.target in inside:
                return (
                    f"The block would close a loop: a wire leaves it and comes back through {graph.nodes[key].name}. "
                    f"Select {graph.nodes[key].name} too."
                )
            if wire.target not in first:
                first[wire.target] = key
                stack.append(wire.target)
    return None


class _Making:
    """The draft of one block while it is made."""

    def __init__(self, document: Document, chosen: Sequence[Node], name: str) -> None:
        self.document, self.graph, self.draft = document, document.graph, Draft(document.graph)
        self.chosen, self.parent = chosen, chosen[0].parent
        self.inside = {node.id for node in chosen}
        self.names = {node.name for node in chosen}
        self.block = Block(self.draft.free_block_id(), name)
        stem = first_free(places.snake(name), lambda each: any(n.name == each for n in self._staying()))
        self.node = Node(self.draft.free_id(), "Block", stem, {"block": self.block.id}, self.parent)

    def _staying(self) -> Iterable[Node]:
        return (node for node in self.graph.level(self.parent) if node.id not in self.inside)

    def patch(self) -> Patch:
        entering, leaving = self._crossing()
        self.draft.drop(*(wire for wires in (*entering.values(), *leaving.values()) for wire in wires))
        found = places.of(self.document, self.chosen)
        left, right, top = places.columns(found)
        given = [self._enter(end, wires) for end, wires in entering.items()] or self._free_inputs()
        results = [self._leave(end, wires) for end, wires in leaving.items()] or self._free_outputs()
        for x, side in ((left, given), (right, results)):
            for row, key in enumerate(side):
                self.draft.place(key, None, (x, top + row * places.ROW))
        for node in self.chosen:
            self.draft.put(msgspec.structs.replace(node, parent=self.block.id))
        self.draft.place(self.node.id, None, places.middle(found.values()))
        handed = self._hand_through()
        self.draft.put(self.node, msgspec.structs.replace(self.block, ports=(*given, *results), params=handed))
        replace_updated(self.draft, {node.id: [self.node.id] for node in self.chosen})
        return self.draft.patch(f"Make block {self.block.name}")

    def _crossing(self) -> tuple[dict[End, list[Wire]], dict[End, list[Wire]]]:
        """The wires that cross the line, by the port that they come from."""
        entering: dict[End, list[Wire]] = {}
        leaving: dict[End, list[Wire]] = {}
        for node in sorted(self.chosen, key=self._height):
            for wire in sorted(self.graph.into(node.id), key=lambda each: each.key):
                if wire.source not in self.inside:
                    entering.setdefault((wire.source, wire.output), []).append(wire)
            for wire in sorted(self.graph.out_of(node.id), key=lambda each: each.key):
                if wire.target not in self.inside:
                    leaving.setdefault((wire.source, wire.output), []).append(wire)
        return entering, leaving

    def _height(self, node: Node) -> tuple[float, tuple[int, str]]:
        return (self.document.positions.get(node.id, (0.0, 0.0))[1], id_order(node.id))

    def _boundary(self, kind: str, stem: str) -> Node:
        name = first_free(stem, self.names.__contains__)
        self.names.add(name)
        node = Node(self.draft.free_id(), kind, name, parent=self.block.id)
        self.draft.put(node)
        return node

    def _enter(self, end: End, wires: Iterable[Wire]) -> str:
        source, output = end
        node = self._boundary("Input", self.graph.nodes[source].name if output in PLAIN else output)
        self.draft.put(Wire(source, output, self.node.id, node.name))
        self.draft.put(*(msgspec.structs.replace(wire, source=node.id, output="out") for wire in wires))
        return node.id

    def _leave(self, end: End, wires: Iterable[Wire]) -> str:
        source, output = end
        node = self._boundary("Output", "out" if output in PLAIN else output)
        self.draft.put(Wire(source, output, node.id, "input"))
        self.draft.put(*(msgspec.structs.replace(wire, source=self.node.id, output=node.name) for wire in wires))
        return node.id

    def _free_inputs(self) -> list[str]:
        """A selection that nothing feeds yet gets an Input for each input that waits for a wire."""
        filled = {(wire.target, wire.input) for node in self.chosen for wire in self.graph.into(node.id)}
        waiting = [
            (node, port.name)
            for node in self.chosen
            for port in ports.inputs(self.graph, node)
            if not port.optional and (node.id, port.name) not in filled
        ]
        made = []
        for target, port in waiting:
            node = self._boundary("Input", "x")
            self.draft.put(Wire(node.id, "out", target.id, port))
            made.append(node.id)
        return made

    def _free_outputs(self) -> list[str]:
        """A selection that feeds nothing yet gets an Output for each node at an end."""
        made = []
        for source in self.chosen:
            given = ports.outputs(self.graph, source)
            if given and not self.graph.out_of(source.id):
                node = self._boundary("Output", "out")
                self.draft.put(Wire(source.id, given[0].name, node.id, "input"))
                made.append(node.id)
        return made

    def _hand_through(self) -> tuple[Promoted, ...]:
        """What an outer block hands out from these nodes passes the new block under the same name."""
        if not self.parent:
            return ()
        outer = self.graph.blocks[self.parent]
        moved = tuple(each for each in outer.params if each.node in self.inside)
        led = [
            msgspec.structs.replace(each, node=self.node.id, param=each.name) if each.node in self.inside else each
            for each in outer.params
        ]
        unique = {(each.name, each.node, each.param): each for each in reversed(led)}
        self.draft.put(msgspec.structs.replace(outer, params=tuple(reversed(unique.values()))))
        return tuple(Promoted(each.name, each.node, each.param) for each in moved)
