"""Edits that need the catalogue: new nodes, and the checks that every value and every document goes through."""

import math
from collections.abc import Mapping

from netloom.errors import DocumentError, GraphError
from netloom.graph.document import Document, Training
from netloom.graph.edit import free_id, free_name
from netloom.graph.model import Block, Graph, Node, Value, Wire, name_problem
from netloom.layers import ports, training_settings, values
from netloom.layers.catalogue import spec
from netloom.layers.connect import end_refusal
from netloom.layers.promotion import promoted_problem, value_problem
from netloom.layers.sharing import share_problem, shared

LONGEST_ID = 64
LARGEST_RATE = 1e6
DEEPEST = 200
"""Blocks in each other that a file may hold; the plan refuses far fewer, but in words at the node."""


def new_node(
    graph: Graph,
    kind: str,
    name: str | None = None,
    params: Mapping[str, Value] | None = None,
    parent: str = "",
    share: str = "",
) -> Node:
    """A node with a free id and, where none is given, a free name. It is not in the graph yet.

    With `share` it uses the weights of that node and has its parameters.
    GraphError names an unknown kind, a parameter that is unknown or does not suit, and a name that cannot be.
    """
    found = spec(kind)
    given = {param.name: param.start for param in found.params if param.start is not None} | dict(params or {})
    if name is not None and (problem := name_problem(name)):
        raise GraphError(f"Not a name: {problem}.")
    node = Node(free_id(graph), kind, name or free_name(graph, found.stem, parent), given, parent)
    if share:
        node = shared(graph, node, share)
    if problem := _block_problem(graph, node):
        raise GraphError(problem)
    for key, value in node.params.items():
        if problem := value_problem(graph, node, key, value):
            raise GraphError(problem)
    return node


def _block_problem(graph: Graph, node: Node) -> str | None:
    """Why a block node cannot be here: its definition does not exist or would hold itself."""
    if spec(node.kind).role != "block":
        return None
    definition = node.params.get("block")
    if not isinstance(definition, str) or definition not in graph.blocks:
        return f"{node.name} shows block {values.received(definition)}, which does not exist."
    if node.parent and node.parent in held(graph, definition):
        return f"Block {graph.blocks[node.parent].name} would hold itself."
    return None


def held(graph: Graph, definition: str) -> set[str]:
    """The definitions that are somewhere inside this one, itself included."""
    seen, stack = {definition}, [definition]
    while stack:
        for node in graph.level(stack.pop()):
            inner = node.params.get("block") if node.kind == "Block" else None
            if isinstance(inner, str) and inner not in seen:
                seen.add(inner)
                stack.append(inner)
    return seen


def check_document(document: Document) -> None:
    """DocumentError with the place in the file of the first kind, parameter, block, wire or setting that cannot be."""
    graph = document.graph
    for index, block in enumerate(graph.blocks.values()):
        _expect(f"graph.blocks[{index}].id", _id_problem(block.id))
    for index, node in enumerate(graph.nodes.values()):
        _check_kind(graph, node, f"graph.nodes[{index}]")
    _expect("graph.blocks", _depth_problem(graph))
    for index, block in enumerate(graph.blocks.values()):
        _check_block(graph, block, f"graph.blocks[{index}]")
    for index, node in enumerate(graph.nodes.values()):
        _check_values(graph, node, f"graph.nodes[{index}]")
    for index, node in enumerate(graph.nodes.values()):
        _expect(f"graph.nodes[{index}].share", share_problem(graph, node), node.id)
    for index, wire in enumerate(graph.wires.values()):
        _expect(f"graph.wires[{index}]", None if _may_wait(graph, wire) else end_refusal(graph, wire), wire.target)
    _check_training(document)


def _may_wait(graph: Graph, wire: Wire) -> bool:
    """Whether a wire lies at a node whose ports follow from its parameters, and so may fit again after one click.

    The plan tells of such wires; a document that holds one can be saved, so it must open too.
    """
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    varies = callable(spec(source.kind).outputs) or callable(spec(target.kind).inputs)
    named = all(name_problem(name) is None for name in (wire.output, wire.input))
    return varies and named and source.id != target.id and source.parent == target.parent and _ends_vary(graph, wire)


def _ends_vary(graph: Graph, wire: Wire) -> bool:
    """Whether each end is a port that is there, or one of a side whose ports vary."""
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    given, taken = ports.outputs(graph, source), ports.inputs(graph, target)
    slot = ports.port(taken, wire.input)
    begins = callable(spec(source.kind).outputs) or ports.port(given, wire.output) is not None
    ends = callable(spec(target.kind).inputs) if slot is None else slot.many or not wire.slot
    return begins and ends


def _expect(where: str, problem: str | None, node: str | None = None) -> None:
    if problem:
        raise DocumentError(problem, where=where, node=node)


def _id_problem(key: str) -> str | None:
    fits = 0 < len(key) <= LONGEST_ID and key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return (
        None if fits else f"an id is letters, digits, - and _, at most {LONGEST_ID}; received {values.received(key)}."
    )


def _check_kind(graph: Graph, node: Node, where: str) -> None:
    _expect(f"{where}.id", _id_problem(node.id), node.id)
    try:
        spec(node.kind)
    except GraphError as error:
        raise DocumentError(str(error), where=f"{where}.kind", node=node.id) from error
    _expect(f"{where}.params.block", _block_problem(graph, node), node.id)


def _depth_problem(graph: Graph) -> str | None:
    """Why blocks stand too deep in each other for anything that walks down through them."""
    inside: dict[str, set[str]] = {key: set() for key in graph.blocks}
    for node in graph.nodes.values():
        if node.parent and node.kind == "Block":
            inside[node.parent].add(str(node.params["block"]))
    level, depth = set(graph.blocks), 0
    while level and depth <= DEEPEST:
        level, depth = {key for each in level for key in inside[each]}, depth + 1
    return f"blocks stand more than {DEEPEST} deep in each other." if level else None


def _check_block(graph: Graph, block: Block, where: str) -> None:
    for index, key in enumerate(block.ports):
        node = graph.nodes.get(key)
        fits = node is not None and node.parent == block.id and spec(node.kind).role in ("input", "output")
        problem = None if fits else f"{values.received(key)} is no Input or Output of block {block.name}."
        _expect(f"{where}.ports[{index}]", problem)
    twice = len(set(block.ports)) < len(block.ports)
    _expect(f"{where}.ports", f"a port of block {block.name} stands there twice." if twice else None)
    for index, promoted in enumerate(block.params):
        _expect(f"{where}.params[{index}]", promoted_problem(graph, block, promoted))


def _check_values(graph: Graph, node: Node, where: str) -> None:
    _expect(f"{where}.rate", rate_problem(node), node.id)
    for name, value in node.params.items():
        shown = name if name.isidentifier() and name.isascii() and len(name) <= LONGEST_ID else values.received(name)
        _expect(f"{where}.params.{shown}", value_problem(graph, node, name, value), node.id)


def rate_problem(node: Node) -> str | None:
    """What is wrong with the factor of a node's learning rate, or None."""
    fits = math.isfinite(node.rate) and 0 < node.rate <= LARGEST_RATE
    return (
        None if fits else f"expects a number above 0, at most {LARGEST_RATE:g}; received {values.received(node.rate)}."
    )


def _check_training(document: Document) -> None:
    for name in Training.__struct_fields__:
        _expect(f"training.{name}", training_settings.problem(document.training, name))
