"""What is copied: nodes of one level with the blocks that they show, and what fed them. As text it is a document."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from netloom.errors import DocumentError
from netloom.graph import file
from netloom.graph.document import Document, View
from netloom.graph.model import Graph, Node
from netloom.graph.patch import Change
from netloom.graph.remarks import Point

LARGEST = 64 << 20
"""Letters of the longest text that is looked at."""


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wire that came from outside: the node and output that it came from, and the slot that it filled."""

    source: str
    name: str
    output: str
    target: str
    input: str
    slot: int = 0


class _Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a clip says beside its document."""

    origin: str = ""
    feeds: tuple[Feed, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A document with the copied nodes, frames and notes on its top level, where they stood.

    `origin` is a word for the document that it was taken from: the ids in `feeds` are those of that document.
    """

    document: Document
    feeds: tuple[Feed, ...] = ()
    origin: str = ""


def take(
    document: Document,
    nodes: Collection[str],
    remarks: Collection[str] = (),
    places: Mapping[str, Point] | None = None,
    origin: str = "",
) -> Clip:
    """Copy nodes, frames and notes of one level. `places` are those of nodes that were never placed."""
    chosen = set(nodes)
    graph = _graph(document.graph, chosen)
    view = _view(document, graph, remarks)
    positions = {key: place for key, place in (places or {}).items() if key in chosen} | dict(view.positions)
    copied = Document(graph, view=msgspec.structs.replace(view, positions=positions))
    return Clip(copied, tuple(_feeds(document.graph, chosen)), origin)


def _graph(source: Graph, chosen: set[str]) -> Graph:
    """The chosen nodes at the top, with the definitions that they show and the wires between them."""
    blocks = _held(source, chosen)
    top = (_lifted(source.nodes[key], chosen) for key in sorted(chosen))
    nodes = [*top, *(node for block in blocks for node in source.level(block))]
    keys = {node.id for node in nodes}
    wires = [wire for node in nodes for wire in source.into(node.id) if wire.source in keys]
    graph = Graph()
    changes = [Change("block", key, None, source.blocks[key]) for key in blocks]
    changes += [Change("node", node.id, None, node) for node in nodes]
    graph.apply([*changes, *(Change("wire", wire.key, None, wire) for wire in wires)])
    return graph


def _lifted(node: Node, chosen: set[str]) -> Node:
    """A node as it stands at the top, with weights of its own where it used those of one that stays behind."""
    return msgspec.structs.replace(node, parent="", share=node.share if node.share in chosen else "")


def _held(graph: Graph, chosen: Iterable[str]) -> list[str]:
    """The definitions that these nodes show, and those inside them."""
    found: dict[str, None] = {}
    stack = [graph.nodes[key] for key in chosen]
    while stack:
        block = stack.pop().params.get("block")
        if isinstance(block, str) and block in graph.blocks and block not in found:
            found[block] = None
            stack += graph.level(block)
    return list(found)


def _view(document: Document, graph: Graph, remarks: Collection[str]) -> View:
    """What the view holds of the nodes, wires and definitions of a part of the document."""
    nodes, wires, blocks = graph.nodes, graph.wires, graph.blocks
    framed = {key: msgspec.structs.replace(document.remarks[key], parent="") for key in remarks}
    framed |= {key: each for key, each in document.remarks.items() if each.parent in blocks and key not in framed}
    return View(
        {key: place for key, place in document.positions.items() if key in nodes},
        {key: True for key in document.collapsed if key in nodes},
        {key: text for key, text in document.comments.items() if key in nodes},
        {slot: points for slot, points in document.bends.items() if slot in wires},
        framed,
        directions={key: way for key, way in document.directions.items() if key in blocks},
    )


def _feeds(graph: Graph, chosen: set[str]) -> Iterator[Feed]:
    for key in sorted(chosen):
        for wire in graph.into(key):
            if wire.source not in chosen:
                name = graph.nodes[wire.source].name
                yield Feed(wire.source, name, wire.output, key, wire.input, wire.slot)


def dumps(clip: Clip) -> str:
    """The clip as text: that of its document, with one more key."""
    label = msgspec.to_builtins(_Label(clip.origin, clip.feeds))
    text = file.dumps(clip.document).decode()
    return text.replace("{", f'{{\n  "clip": {json.dumps(label, ensure_ascii=False)},', 1)


def loads(text: str) -> Clip:
    """Read a clip, or the top level of a whole document; DocumentError where the text is neither."""
    if len(text) > LARGEST:
        raise DocumentError(f"longer than {LARGEST >> 20} million letters: nothing that was copied is.")
    try:
        raw = file.parsed(text.encode())
        label = msgspec.convert(raw.pop("clip", {}), _Label)
    except UnicodeEncodeError as error:
        raise DocumentError("a text in it holds half of a character (a lone surrogate).") from error
    except msgspec.ValidationError as error:
        raise DocumentError(f"{error}.", where="clip") from error
    return Clip(file.built(raw), label.feeds, label.origin)
