"""Parameters that a block hands to the outside, and whether a value suits a parameter of a node as it stands."""

import difflib
from collections.abc import Iterable, Iterator

import msgspec

from netloom.errors import GraphError
from netloom.graph.draft import Draft, withdraw
from netloom.graph.model import Block, Graph, Node, Promoted, Value, name_problem
from netloom.graph.patch import Change, Patch
from netloom.layers import ports, values
from netloom.layers.catalogue import spec
from netloom.layers.spec import Param

LARGEST_DIM = 64
"""Dimensions that a tensor of PyTorch has at most."""


def value_problem(graph: Graph, node: Node, name: str, value: Value) -> str | None:
    """What is wrong with one parameter of a node, as a sentence, or None. A block's own reach all inner places."""
    block = ports.definition(graph, node)
    own = spec(node.kind).param(name)
    if own is not None or block is None:
        return value_refusal(node.kind, spec(node.kind).params, (own,) if own else (), name, value)
    known = ports.params(graph, node)
    return value_refusal(f"block {block.name}", known, _places(graph, block, name, set()), name, value)


def value_refusal(title: str, known: Iterable[Param], places: Iterable[Param], name: str, value: Value) -> str | None:
    """What is wrong with a value that goes to these places; without any the name is unknown."""
    places = tuple(places)
    if not places:
        near = difflib.get_close_matches(name, [each.name for each in known], 1)
        hint = f" Is {near[0]} meant?" if near else ""
        return f"{title[0].upper()}{title[1:]} has no parameter {values.received(name)}.{hint}"
    for param in places:
        if expected := values.expected(param, value):
            return f"{name} of {title} expects {expected}; received {values.received(value)}."
    return None


def _places(graph: Graph, block: Block, name: str, seen: set[tuple[str, str]]) -> Iterator[Param]:
    """The parameters of layers, however deep inside, that take what is set under this name."""
    if (block.id, name) in seen:
        return
    seen.add((block.id, name))
    for each in block.params:
        inner = graph.nodes.get(each.node)
        if each.name != name or inner is None:
            continue
        held = ports.definition(graph, inner)
        own = spec(inner.kind).param(each.param)
        if own is not None:
            yield own
        elif held is not None:
            yield from _places(graph, held, each.param, seen)


def promoted_problem(graph: Graph, block: Block, promoted: Promoted) -> str | None:
    """Why a block cannot hand out this parameter, as a sentence, or None."""
    name = promoted.name
    if problem := name_problem(name):
        return f"Not a name: {problem}."
    if spec("Block").param(name) is not None:
        return f"{name} is what every block has already; choose another name."
    node = graph.nodes.get(promoted.node)
    if node is None or node.parent != block.id:
        return f"{name} of block {block.name} leads to node {values.received(promoted.node)}, which is not in it."
    if node.share:
        return f"{node.name} uses the weights of {graph.nodes[node.share].name}: hand out the parameter of that node."
    param = ports.param_of(graph, node.id, promoted.param)
    if param is None:
        return f"{node.name} has no parameter {values.received(promoted.param)}."
    if promoted.param == "block" or param.type in ("code", "nodes"):
        return f"{promoted.param} of {node.name} says what it is and cannot be handed out."
    return _type_problem(graph, block, promoted, param) or _source_problem(graph, block, promoted, param)


def _source_problem(graph: Graph, block: Block, promoted: Promoted, param: Param) -> str | None:
    if not promoted.source:
        return None
    source = graph.nodes.get(promoted.source)
    if source is None or source.parent != block.id or spec(source.kind).role != "input":
        return f"{promoted.name} comes from {values.received(promoted.source)}, which is no Input of {block.name}."
    if not -LARGEST_DIM <= promoted.dim <= LARGEST_DIM:
        return f"{promoted.name} comes from dimension {values.received(promoted.dim)}, which no tensor has."
    return None if param.type in ("int", "float", "size") else f"{promoted.name} is no size that a wire could decide."


def _type_problem(graph: Graph, block: Block, promoted: Promoted, param: Param) -> str | None:
    first = next(each for each in (*block.params, promoted) if each.name == promoted.name)
    if first == promoted or first.node not in graph.nodes:
        return None
    other = ports.param_of(graph, first.node, first.param)
    if other is None or other.type == param.type:
        return None
    where = graph.nodes[first.node].name
    return f"{promoted.name} goes to {first.param} of {where} already, which takes another kind of value."


def promote(graph: Graph, node: str, param: str, name: str = "", source: str = "", dim: int = 0) -> Patch:
    """Hand a parameter of a node in a block to the outside, under its own name or another.

    Under a name that the block has already, both places take the same value from now on. With a `source`, an Input of
    the block, dimension `dim` of what comes in there is the value where nothing is set.
    """
    inner = graph.node(node)
    if inner.parent not in graph.blocks:
        raise GraphError(f"{inner.name} is not inside a block.", node=node)
    block = graph.blocks[inner.parent]
    new = Promoted(name or param, node, param, source, dim)
    if problem := promoted_problem(graph, block, new):
        raise GraphError(problem, node=node)
    if any((each.node, each.param) == (node, param) for each in block.params):
        raise GraphError(f"{param} of {inner.name} is a parameter of block {block.name} already.", node=node)
    changes = [*_in_step(graph, block, new), _with_params(block, (*block.params, new))]
    return Patch(f"Make {new.name} a parameter of {block.name}", tuple(changes))


def _in_step(graph: Graph, block: Block, new: Promoted) -> Iterator[Change]:
    """What the definition sets is the block's default, so places with one name begin with one value."""
    first = next((each for each in block.params if each.name == new.name), None)
    if first is None:
        return
    value, node = graph.nodes[first.node].params.get(first.param), graph.nodes[new.node]
    params = {key: each for key, each in node.params.items() if key != new.param}
    if first.param in graph.nodes[first.node].params:
        params[new.param] = value
    if params != node.params:
        yield Change("node", node.id, node, msgspec.structs.replace(node, params=params))


def demote(graph: Graph, block: str, name: str) -> Patch:
    """Take a parameter of a block back inside: what its uses set is dropped."""
    old = graph.blocks[block]
    if all(each.name != name for each in old.params):
        raise GraphError(f"Block {old.name} has no parameter {name[:48]!r}.")
    draft = Draft(graph)
    withdraw(draft, block, lambda each: each.name == name)
    return draft.patch(f"Take {name} back into {old.name}")


def _with_params(block: Block, params: tuple[Promoted, ...]) -> Change:
    return Change("block", block.id, block, msgspec.structs.replace(block, params=params))
