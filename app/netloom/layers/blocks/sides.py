"""The outside of a block: its ports and how often it is repeated."""

from typing import Literal

import msgspec

from netloom.errors import GraphError
from netloom.graph import edit
from netloom.graph.document import Document
from netloom.graph.draft import Draft
from netloom.graph.model import Block, Graph, Node, name_problem
from netloom.graph.patch import Patch
from netloom.layers import ports
from netloom.layers.blocks.places import beside
from netloom.layers.catalogue import spec
from netloom.layers.promotion import value_problem

Side = Literal["input", "output"]
KINDS: dict[Side, str] = {"input": "Input", "output": "Output"}


def port_node(graph: Graph, block: str, name: str) -> Node:
    """The Input or Output of a definition that makes the port of this name; GraphError where there is none."""
    node = graph.named(name, block)
    if node is None or spec(node.kind).role not in KINDS:
        raise GraphError(f"Block {graph.blocks[block].name} has no port {name[:48]!r}.")
    return node


def rename_port(graph: Graph, block: str, name: str, new: str) -> Patch:
    """Give a port another name; the wires of all uses follow."""
    return edit.rename(graph, port_node(graph, block, name).id, new)


def move_port(graph: Graph, block: str, name: str, index: int) -> Patch:
    """Put a port at another place among the inputs, or among the outputs, on the outside."""
    node, old = port_node(graph, block, name), graph.blocks[block]
    order = []
    for side in KINDS:
        keys = [each.id for each in ports.boundary(graph, old, side)]
        if node.id in keys:
            keys.remove(node.id)
            keys.insert(max(0, index), node.id)
        order += keys
    draft = Draft(graph)
    draft.put(msgspec.structs.replace(old, ports=tuple(order)))
    return draft.patch(f"Move port {name} of {old.name}")


def add_port(document: Document, block: str, side: Side, name: str = "") -> Patch:
    """Give a block another input or output, behind those that it has."""
    graph, old = document.graph, document.graph.blocks[block]
    stem = spec(KINDS[side]).stem
    if name and (problem := name_problem(name)):
        raise GraphError(f"Not a name: {problem}.")
    draft = Draft(graph)
    node = Node(draft.free_id(), KINDS[side], name or draft.free_name(stem, block), parent=block)
    order = [each.id for each_side in KINDS for each in ports.boundary(graph, old, each_side)]
    draft.put(node, msgspec.structs.replace(old, ports=(*order, node.id)))
    draft.place(node.id, None, beside(document, graph.level(block), side))
    return draft.patch(f"Add port {node.name} to {old.name}")


def remove_port(document: Document, block: str, name: str) -> Patch:
    """Take a port away, with the wires that all uses have there."""
    patch = edit.remove(document, [port_node(document.graph, block, name).id])
    return Patch(f"Remove port {name} of {document.graph.blocks[block].name}", patch.changes)


def set_repeat(graph: Graph, node: str, times: int) -> Patch:
    """Repeat a block so many times in a row."""
    if problem := value_problem(graph, graph.node(node), "repeat", times):
        raise GraphError(problem, node=node)
    return (
        edit.set_params(graph, node, {"repeat": times}) if times != 1 else edit.set_params(graph, node, {}, ["repeat"])
    )


def block_of(graph: Graph, node: str) -> tuple[Node, Block]:
    """A block node and its definition; GraphError where it is none."""
    found = graph.node(node)
    block = ports.definition(graph, found)
    if block is None:
        raise GraphError(f"{found.name} is not a block.", node=node)
    return found, block
