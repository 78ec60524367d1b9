"""The ports of a node as it stands in a graph: those of its kind, or for a block those of its definition."""

from netloom.graph.model import Graph, Node
from netloom.layers.catalogue import spec
from netloom.layers.spec import Port, Role


def inputs(graph: Graph, node: Node) -> tuple[Port, ...]:
    """The input ports from top to bottom; GraphError for an unknown kind."""
    found = spec(node.kind)
    return _boundary(graph, node, "input") if found.role == "block" else found.inputs


def outputs(graph: Graph, node: Node) -> tuple[Port, ...]:
    """The output ports from top to bottom; GraphError for an unknown kind or dataset."""
    found = spec(node.kind)
    return _boundary(graph, node, "output") if found.role == "block" else found.outputs_for(node.params)


def port(ports: tuple[Port, ...], name: str) -> Port | None:
    """The port of that name."""
    return next((each for each in ports if each.name == name), None)


def _boundary(graph: Graph, node: Node, role: Role) -> tuple[Port, ...]:
    definition = node.params.get("block")
    if not isinstance(definition, str) or definition not in graph.blocks:
        return ()
    return tuple(Port(each.name, "any") for each in graph.level(definition) if spec(each.kind).role == role)
