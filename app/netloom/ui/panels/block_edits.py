"""What the inspector asks of blocks: ports, parameters on the outside, weights that are used together."""

from collections.abc import Callable

from netloom.errors import GraphError
from netloom.graph import Document, Graph, Node, Patch
from netloom.layers import ports
from netloom.layers.catalogue import spec
from netloom.layers.spec import Role
from netloom.ui.panels.block_section import BlockSection

INNER: frozenset[Role] = frozenset({"module", "function", "block"})
"""Nodes whose settings a block can show on its outside."""


class BlockEdits:
    """Asks for the edits of the definition that a section shows; a refusal is told in words."""

    def __init__(self, ask: Callable[[Patch], None], tell: Callable[[str], None]) -> None:
        self._ask, self._tell = ask, tell
        self.document = Document()
        self.block = ""

    def attend(self, section: BlockSection) -> None:
        """Do what the person wants in a section."""
        from netloom.layers import blocks

        def attempt(edit: Callable[[], Patch]) -> None:
            if self.block in self._graph.blocks:  # it may have gone between the press on a button and its release
                self.attempt(edit)

        section.renamed.connect(lambda name: attempt(lambda: self._renamed(name)))
        section.port_renamed.connect(
            lambda old, new: attempt(lambda: blocks.rename_port(self._graph, self.block, old, new))
        )
        section.port_moved.connect(
            lambda name, place: attempt(lambda: blocks.move_port(self._graph, self.block, name, place))
        )
        section.port_removed.connect(lambda name: attempt(lambda: blocks.remove_port(self.document, self.block, name)))
        section.port_added.connect(lambda side: attempt(lambda: blocks.add_port(self.document, self.block, side)))
        section.promoted.taken_back.connect(lambda name: attempt(lambda: blocks.demote(self._graph, self.block, name)))

    @property
    def _graph(self) -> Graph:
        return self.document.graph

    def _renamed(self, name: str) -> Patch:
        from netloom.layers.blocks import rename_block

        if self._graph.blocks[self.block].name == name:
            return Patch("Rename", ())
        return rename_block(self._graph, self.block, name)

    def attempt(self, edit: Callable[[], Patch]) -> None:
        """Ask for an edit, or tell why it cannot be."""
        try:
            self._ask(edit())
        except GraphError as error:
            self._tell(str(error))


def outside_names(graph: Graph, node: Node) -> dict[str, str | None]:
    """For each parameter of a node in a block the name under which the block shows it, or ""; nothing elsewhere."""
    block = graph.blocks.get(node.parent)
    if block is None or node.share or spec(node.kind).role not in INNER:
        return {}
    given = {each.param: each.name for each in block.params if each.node == node.id}
    return {param.name: given.get(param.name, "") for param in ports.params(graph, node)}


def free_names(graph: Graph, node: Node, param: str) -> list[tuple[str, str]]:
    """Under which names a block could show a parameter, each with words; more than one where the first is taken."""
    block = graph.blocks[node.parent]
    others = [graph.node(each.node).name for each in block.params if each.name == param and each.node in graph.nodes]
    if not others:
        return [(param, f"Show as {param}")]
    own = f"{node.name}_{param}"
    return [(param, f"One {param} together with {', '.join(others)}"), (own, f"Its own: {own}")]


def with_weights(graph: Graph, parameters: Callable[[str], int]) -> list[tuple[str, str]]:
    """The nodes of the top level that have weights, with id and name."""
    return [(node.id, node.name) for node in graph.level() if parameters(node.id) and not node.share]
