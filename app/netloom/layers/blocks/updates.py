"""Parameters that name other nodes, such as what an optimizer updates, follow nodes that move in and out of blocks."""

from collections.abc import Mapping, Sequence

from netloom.graph.draft import Draft
from netloom.layers.catalogue import spec


def replace_updated(draft: Draft, moved: Mapping[str, Sequence[str]]) -> None:
    """Put those ids that now stand for a node in its place, each once."""
    for node in draft.level(""):
        for param in spec(node.kind).params:
            value = node.params.get(param.name)
            if param.type == "nodes" and isinstance(value, list) and not moved.keys().isdisjoint(value):
                keys = [new for old in value for new in moved.get(old, (old,))]
                draft.set_params(node.id, {**draft.node(node.id).params, param.name: list(dict.fromkeys(keys))})
