"""The patch that turns one document into another, so that a file from elsewhere can be taken over in one step."""

from collections.abc import Iterator

import msgspec

from netloom.graph.document import VIEW, Document
from netloom.graph.model import Node
from netloom.graph.patch import Change, Patch, Table

GONE_FIRST: tuple[Table, ...] = (*VIEW, "wire", "node", "block")
COME_FIRST: tuple[Table, ...] = ("training", "block", "node", "wire", *VIEW)


def difference(old: Document, new: Document, label: str) -> Patch:
    """What to do to the old document so that it holds what the new one holds."""
    gone = [change for table in GONE_FIRST for change in _changes(old, new, table) if change.new is None]
    kept = [change for table in COME_FIRST for change in _changes(old, new, table) if change.new is not None]
    # The bends of a wire that comes from elsewhere would go by themselves.
    bends = [
        Change("bend", change.key, old.bends[change.key], new.bends[change.key])
        for change in kept
        if change.table == "wire" and change.key in old.bends and old.bends[change.key] == new.bends.get(change.key)
    ]
    return Patch(label, (*gone, *_apart(kept), *bends))


def _changes(old: Document, new: Document, table: Table) -> Iterator[Change]:
    before, after = old.table(table), new.table(table)
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Change(table, key, before.get(key), after.get(key))


def _apart(changes: list[Change]) -> Iterator[Change]:
    """The same changes, with the old names given up before the new ones are taken: nodes may exchange theirs."""
    nameless = {
        change.key: msgspec.structs.replace(change.old, name="")
        for change in changes
        if isinstance(change.old, Node) and (change.old.name, change.old.parent) != (change.new.name, change.new.parent)
    }
    for change in changes:
        if change.table == "node" and change.key in nameless:
            yield Change("node", change.key, change.old, nameless[change.key])
    for change in changes:
        is_node = change.table == "node" and change.key in nameless
        yield Change("node", change.key, nameless[change.key], change.new) if is_node else change
