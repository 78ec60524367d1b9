"""Graphs written in Python: the same kinds, checks and rules as in the window."""

from typing import overload

import msgspec

from netloom.errors import GraphError
from netloom.graph import edit as plain
from netloom.graph.draft import Draft
from netloom.graph.model import Block, Value, name_problem
from netloom.graph.model import Graph as PlainGraph
from netloom.graph.patch import Change
from netloom.layers.connect import connect, default_ports
from netloom.layers.edit import new_node
from netloom.layers.promotion import promote


class Graph(PlainGraph):
    """A graph that can be built a line at a time. Every method raises GraphError where the window would refuse."""

    def add(
        self,
        kind: str,
        name: str | None = None,
        parent: str = "",
        share: str = "",
        **params: Value | tuple[Value, ...],
    ) -> str:
        """Add a node and return its id. Tuples may stand for lists; a Block takes the parameters of its definition.

        With `share` it uses the weights of that node.
        """
        given = {key: list(value) if isinstance(value, tuple) else value for key, value in params.items()}
        node = new_node(self, kind, name, given, parent, share)
        self.apply(plain.add(node, f"Add {node.name}").changes)
        return node.id

    @overload
    def connect(self, source: str, output: str, /) -> None: ...
    @overload
    def connect(self, source: str, output: str, target: str, input: str, /) -> None: ...

    def connect(self, source: str, *rest: str) -> None:
        """Wire two nodes as wholes, `connect(source, target)`, or ports, `connect(source, output, target, input)`."""
        if len(rest) == 1:
            output, slot = default_ports(self, source, rest[0])
            rest = (output, rest[0], slot)
        output, target, slot = rest
        self.apply(connect(self, source, output, target, slot).changes)

    def define(self, name: str) -> str:
        """Begin the definition of a block and return its id, which its nodes have as `parent`."""
        problem = name_problem(name)
        if problem:
            raise GraphError(f"Not a name: {problem}.")
        block = Block(Draft(self).free_block_id(), name)
        self.apply([Change("block", block.id, None, block)])
        return block.id

    def promote(self, block: str, name: str, node: str, param: str = "", source: str = "", dim: int = 0) -> None:
        """Hand a parameter of a node in a block to the outside; without `param` the one of the same name.

        Used again with the same name it leads the same value to another place. With a `source`, an Input of the
        block, dimension `dim` of what comes in there is the value where nothing is set.
        """
        if self.node(node).parent != block:
            raise GraphError(f"{self.node(node).name} is not inside this block.", node=node)
        self.apply(promote(self, node, param or name, name, source, dim).changes)

    def order(self, block: str, *nodes: str) -> None:
        """Put the Inputs and Outputs of a block in this order on the outside; those left out follow."""
        old = self.blocks[block]
        self.apply([Change("block", block, old, msgspec.structs.replace(old, ports=nodes))])
