"""Weights that several nodes use together."""

import msgspec

from netloom.errors import GraphError
from netloom.graph.draft import Draft, withdraw
from netloom.graph.model import Graph, Node, Value
from netloom.graph.patch import Patch
from netloom.layers import ports
from netloom.layers.catalogue import spec

TIED = ("Linear", "Embedding")
"""The one pair of two kinds: a Linear reads the table of an Embedding from the other side."""


def share_problem(graph: Graph, node: Node) -> str | None:
    """Why this node cannot use the weights of the one that it names, as a sentence, or None."""
    if not node.share:
        return None
    owner = graph.nodes.get(node.share)
    if owner is None or owner.parent != node.parent:
        return f"{node.name} uses the weights of a node that is not here."
    if owner.id == node.id or owner.share:
        return f"{node.name} uses the weights of {owner.name}, which has none of its own."
    if (node.kind, owner.kind) == TIED:
        biased = node.params.get("bias", True) is not False
        return (
            f"{node.name} can use the table of {owner.name} only without a bias. Set bias to false." if biased else None
        )
    if spec(node.kind).role not in ("module", "block"):
        return f"{node.name} has no weights to share."
    if node.kind != owner.kind:
        kinds = f"{node.name} is {_a(node.kind)} and {owner.name} is {_a(owner.kind)}"
        return f"{kinds}: weights are shared by nodes of one kind."
    return _form_problem(graph, node, owner)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _form_problem(graph: Graph, node: Node, owner: Node) -> str | None:
    both = f"{node.name} and {owner.name}"
    if node.params.get("block") != owner.params.get("block"):
        return f"{both} show different blocks, so they cannot share weights."
    sides = (ports.inputs, ports.outputs)
    if any(side(graph, node) != side(graph, owner) for side in sides):
        return f"{both} have different ports, so they cannot share weights. Give them the same parameters."
    return None


def shared(graph: Graph, node: Node, owner: str) -> Node:
    """The node as it uses the weights of an owner: with the parameters of that, or as a Linear tied to an Embedding.

    GraphError where it cannot.
    """
    source = graph.node(owner)
    first = graph.node(source.share) if source.share else source
    made = msgspec.structs.replace(node, share=first.id, params=_common_params(node, first))
    if problem := share_problem(graph, made):
        raise GraphError(problem, node=node.id)
    return made


def _common_params(node: Node, owner: Node) -> dict[str, Value]:
    """The owner's parameters; a Linear over an Embedding answers with a score for each row of its table."""
    if node.kind == owner.kind and node.params.get("block") in (None, owner.params.get("block")):
        return dict(owner.params)
    if (node.kind, owner.kind) != TIED:
        return node.params
    rows = owner.params.get("num_embeddings")
    return {"bias": False} if rows is None else {"out_features": rows, "bias": False}


def share(graph: Graph, node: str, owner: str) -> Patch:
    """Let a node use the weights of another; those that used its own follow it.

    What its block handed to the outside from it is taken back: its parameters are the owner's now.
    """
    draft = Draft(graph)
    old = graph.node(node)
    made = shared(graph, old, owner)
    if old.parent:
        withdraw(draft, old.parent, lambda each: each.node == node)
    draft.put(made)
    for key in graph.sharers(node):
        draft.put(shared(graph, graph.node(key), made.share))
    return draft.patch(f"Share the weights of {graph.nodes[made.share].name}")


def unshare(graph: Graph, node: str) -> Patch:
    """Give a node weights of its own again; its parameters stay as they are."""
    old = graph.node(node)
    if not old.share:
        raise GraphError(f"{old.name} has weights of its own.", node=node)
    draft = Draft(graph)
    draft.put(msgspec.structs.replace(old, share=""))
    return draft.patch(f"Give {old.name} weights of its own")
