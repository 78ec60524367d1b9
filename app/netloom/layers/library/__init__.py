"""The library of ready blocks. They are ordinary blocks: once inserted they can be opened and changed."""

from collections.abc import Mapping
from types import MappingProxyType

from netloom.errors import GraphError
from netloom.graph.document import Document
from netloom.graph.draft import Draft
from netloom.graph.model import Node
from netloom.graph.patch import Patch
from netloom.graph.remarks import Point
from netloom.layers.authoring import Graph
from netloom.layers.blocks.definitions import adopt
from netloom.layers.blocks.places import snake
from netloom.layers.drawing import arranged
from netloom.layers.library import attention, branches, positions, residual, sequence, unet
from netloom.layers.library.ready import ReadyBlock

__all__ = ["READY", "ReadyBlock", "drawn", "insert"]

READY: Mapping[str, ReadyBlock] = MappingProxyType(
    {each.name: each for family in (residual, branches, unet, attention, positions, sequence) for each in family.BLOCKS}
)
"""The ready blocks by name, in the order of the palette."""


def drawn(name: str) -> tuple[Document, str]:
    """A document that holds a ready block's definition, laid out, and the definition's id."""
    graph = Graph()
    block = READY[name].build(graph).parent
    return Document(graph, positions=arranged(graph, graph.blocks)), block


def insert(document: Document, name: str, at: Point, parent: str = "") -> Patch:
    """Put a ready block on a level. Its definition comes along once; one that is there already is used again."""
    if name not in READY:
        raise GraphError(f"There is no ready block called {name[:48]!r}.")
    return placed(document, *drawn(name), at, parent)


def placed(document: Document, other: Document, block: str, at: Point, parent: str = "") -> Patch:
    """Put a node on a level that shows a definition of another document."""
    draft = Draft(document.graph)
    key = adopt(draft, other, block, parent)
    title = other.graph.blocks[block].name
    node = Node(draft.free_id(), "Block", draft.free_name(snake(title), parent), {"block": key}, parent)
    draft.put(node)
    draft.place(node.id, None, at)
    return draft.patch(f"Add {node.name}")
