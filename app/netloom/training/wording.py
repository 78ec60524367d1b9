"""What a live change is called: two or three words for a mark on the curves, and a line for the log."""

from collections.abc import Iterator

from netloom.graph import Document, Node, Training
from netloom.layers.training_settings import BY_NAME, LIVE

MOST = 6
"""So many single changes are named; of more only their number is."""


def described(before: Document, after: Document) -> tuple[str, str]:
    """Title and text of what is different between two versions of a document."""
    found = [*_settings(before.training, after.training), *_nodes(before, after)]
    if before.graph.wires != after.graph.wires:
        found.append("wires changed")
    if not found:
        return "no change", "Nothing was changed that matters to a run."
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    rest = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return f"{found[0]}{more}", f"Changed: {', '.join(found[:MOST])}{rest}."


def _settings(before: Training, after: Training) -> Iterator[str]:
    for name in LIVE:
        value = getattr(after, name)
        if value != getattr(before, name):
            yield f"{BY_NAME[name].title.lower()} {value}"


def _nodes(before: Document, after: Document) -> Iterator[str]:
    old, new = before.graph.nodes, after.graph.nodes
    for key, node in new.items():
        if key not in old:
            yield f"{node.name} added"
        elif node != old[key]:
            yield from _changes(old[key], node)
    yield from (f"{node.name} removed" for key, node in old.items() if key not in new)


def _changes(before: Node, after: Node) -> Iterator[str]:
    """What is different about one node."""
    if before.frozen != after.frozen:
        yield f"{after.name} {'frozen' if after.frozen else 'unfrozen'}"
    if before.bypassed != after.bypassed:
        yield f"{after.name} {'bypassed' if after.bypassed else 'used again'}"
    if before.rate != after.rate:
        yield f"{after.name} rate × {after.rate:g}"
    for name in dict.fromkeys((*before.params, *after.params)):
        value = after.params.get(name)
        if value != before.params.get(name):
            yield f"{after.name} {name} {'default' if value is None else value}"
    if before.name != after.name:
        yield f"{before.name} is {after.name}"
