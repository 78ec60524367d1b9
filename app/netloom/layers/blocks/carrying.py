"""What goes along when nodes are copied: the wires between them and all that the view says of them."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import msgspec

from netloom.graph.document import Document
from netloom.graph.draft import Draft
from netloom.graph.model import Graph
from netloom.graph.patch import Table
from netloom.graph.remarks import Point


def carry_wires(draft: Draft, source: Graph, ids: Mapping[str, str]) -> None:
    """Wire copies as the nodes are wired among themselves; `ids` leads from each node to its copy."""
    for key, new in ids.items():
        for wire in source.into(key):
            if wire.source in ids:
                draft.put(msgspec.structs.replace(wire, source=ids[wire.source], target=new))


def carry_view(
    draft: Draft, source: Document, ids: Mapping[str, str], shift: Point = (0.0, 0.0), *, moves: bool = False
) -> None:
    """Let copies be seen as the nodes are, shifted: places, comments, what is collapsed, bends of wires.

    `moves` says that they are these nodes themselves, which go to another level.
    """

    def see(table: Table, old: Any, key: Any, new: Any) -> None:
        draft.see(table, key, old if moves else None, new)

    for key, new in ids.items():
        if place := source.positions.get(key):
            see("position", place, new, _shifted(place, shift))
        if key in source.collapsed:
            see("collapsed", True, new, True)
        if comment := source.comments.get(key):
            see("comment", comment, new, comment)
    for slot, points in source.bends.items():
        if slot[0] in ids and source.graph.wires[slot].source in ids:
            see("bend", points, (ids[slot[0]], *slot[1:]), tuple(_shifted(point, shift) for point in points))


def carry_remarks(
    draft: Draft, source: Document, level: str, parent: str, ids: Iterator[str], shift: Point = (0.0, 0.0)
) -> list[str]:
    """Copy the frames and notes of a level to another under the next of these ids; those ids."""
    made = []
    for remark in source.remarks.values():
        if remark.parent == level:
            key, place = next(ids), _shifted(remark.place, shift)
            draft.see("remark", key, None, msgspec.structs.replace(remark, id=key, place=place, parent=parent))
            made.append(key)
    return made


def free_remarks(document: Document) -> Iterator[str]:
    """Ids that no frame or note has, each once."""
    return (key for key in (f"r{number}" for number in count(len(document.remarks) + 1)) if key not in document.remarks)


def _shifted(place: Point, shift: Point) -> Point:
    return (place[0] + shift[0], place[1] + shift[1])
