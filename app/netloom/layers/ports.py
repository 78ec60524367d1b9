"""The ports of a node as it stands in a graph: those of its kind, or for a block those of its definition."""

from dataclasses import replace

from netloom.graph.model import Block, Graph, Node, id_order
from netloom.layers.catalogue import spec
from netloom.layers.spec import Derived, Param, Port, Role


def inputs(graph: Graph, node: Node) -> tuple[Port, ...]:
    """The input ports from top to bottom; GraphError for an unknown kind."""
    found = spec(node.kind)
    return _boundary(graph, node, "input") if found.role == "block" else found.inputs_for(node.params)


def outputs(graph: Graph, node: Node) -> tuple[Port, ...]:
    """The output ports from top to bottom; GraphError for an unknown kind or dataset."""
    found = spec(node.kind)
    return _boundary(graph, node, "output") if found.role == "block" else found.outputs_for(node.params)


def port(ports: tuple[Port, ...], name: str) -> Port | None:
    """The port of that name."""
    return next((each for each in ports if each.name == name), None)


def params(graph: Graph, node: Node) -> tuple[Param, ...]:
    """The parameters of a node: those of its kind, and for a block those that its definition hands to the outside.

    What the definition sets is the default of such a parameter.
    """
    own = spec(node.kind).params
    block = definition(graph, node)
    if block is None:
        return own
    found = (_handed_out(graph, block, name) for name in dict.fromkeys(each.name for each in block.params))
    return (*own, *(param for param in found if param is not None))


def _handed_out(graph: Graph, block: Block, name: str) -> Param | None:
    first = next((each for each in block.params if each.name == name and each.node in graph.nodes), None)
    param = None if first is None else param_of(graph, first.node, first.param)
    if first is None or param is None:
        return None
    source = graph.nodes.get(first.source)
    derived = Derived(source.name, first.dim) if source else None
    return replace(param, name=name, positional=False, derived=derived)


def param_of(graph: Graph, node: str, name: str) -> Param | None:
    """One parameter of a node, with what is set there as its default."""
    inner = graph.nodes[node]
    block = definition(graph, inner)
    param = spec(inner.kind).param(name) or (_handed_out(graph, block, name) if block else None)
    if param is None or name not in inner.params:
        return param
    return replace(param, default=inner.params[name], derived=None)


def definition(graph: Graph, node: Node) -> Block | None:
    """The definition that a block node shows; None for other nodes and for one that shows nothing."""
    block = node.params.get("block") if spec(node.kind).role == "block" else None
    return graph.blocks.get(block) if isinstance(block, str) else None


def boundary(graph: Graph, block: Block, role: Role) -> list[Node]:
    """The Input or Output nodes of a definition in the order of its ports."""
    places = {key: index for index, key in enumerate(block.ports)}
    found = [each for each in graph.level(block.id) if spec(each.kind).role == role]
    return sorted(found, key=lambda each: (places.get(each.id, len(places)), id_order(each.id)))


def _boundary(graph: Graph, node: Node, role: Role) -> tuple[Port, ...]:
    block = definition(graph, node)
    return () if block is None else tuple(Port(each.name, "any") for each in boundary(graph, block, role))
