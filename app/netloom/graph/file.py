"""The `.loom` file: JSON in a stable order, a node a line, validated on load; nothing in it is ever executed."""

import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from netloom.errors import DocumentError, GraphError, NewerFormatError
from netloom.graph import atomic
from netloom.graph.document import Document, Training, View
from netloom.graph.model import Block, Graph, Node, Slot, Wire, id_order
from netloom.graph.patch import Change
from netloom.graph.remarks import Bookmark, Direction, Point, Remark, out_of_bounds, too_many

FORMAT = 1
LONGEST_SHOWN = 60
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older format to the next, as functions of the raw JSON object."""
DECIMALS: Mapping[type, Mapping[str, float]] = {
    record: {field.name: field.default for field in msgspec.structs.fields(record) if type(field.default) is float}
    for record in (Node, Training)
}
"""The defaults of records that are decimal numbers."""


class _Graph(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nodes: list[Node] = []
    wires: list[Wire] = []
    blocks: list[Block] = []


class _Bend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The places that the wire of one input slot is led through."""

    target: str
    input: str
    points: tuple[Point, ...]
    slot: int = 0


class _View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    positions: dict[str, Point] = {}
    collapsed: list[str] = []
    comments: dict[str, str] = {}
    bends: list[_Bend] = []
    remarks: list[Remark] = []
    bookmarks: dict[str, Bookmark] = {}
    directions: dict[str, Direction] = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    graph: _Graph
    training: Training = Training()
    view: _View = _View()


def load(path: Path | str) -> Document:
    """Read a document; DocumentError says where in the file it is wrong, and nothing is opened half-way."""
    path = Path(path)
    try:
        return loads(path.read_bytes())
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror or error}", where=path.name) from error
    except DocumentError as error:
        raise type(error)(str(error), where=path.name, node=error.node) from error


def loads(data: bytes) -> Document:
    """Read a document from its bytes."""
    return built(parsed(data))


def built(raw: dict[str, Any]) -> Document:
    """The document that the JSON object of a file describes."""
    raw = _migrated(raw)
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise _pointed(error) from error
    except UnicodeEncodeError as error:
        raise DocumentError("a text in it holds half of a character (a lone surrogate).") from error
    graph = _graph(file.graph)
    return Document(graph, file.training, view=_seen(file.view, graph))


def parsed(data: bytes) -> dict[str, Any]:
    """The JSON object of a file, which names its format; DocumentError where it is none."""
    raw = read_json(data)
    if not isinstance(raw, dict) or not isinstance(raw.get("format"), int) or isinstance(raw["format"], bool):
        raise DocumentError('not a Netloom document: it needs a whole number under "format".')
    return raw


def read_json(data: bytes, parse_float: Callable[[str], float] | None = None) -> Any:
    """What JSON text says; DocumentError where it is none, or has a key twice in one object."""
    hooks: dict[str, Any] = {"object_pairs_hook": _unique_keys, "parse_constant": _no_constant}
    try:
        return json.loads(data.decode("utf-8"), parse_float=parse_float, **hooks)
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8 text: byte {error.start} is wrong. This is not a Netloom document.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(f"not complete JSON: {error.msg}. The file may be cut off.", where=place) from error
    except ValueError as error:
        raise DocumentError("a number has more digits than a document can hold.") from error
    except RecursionError as error:
        raise DocumentError("nested too deeply to be a document.") from error


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise DocumentError(f"the key {_shown(twice)} stands twice in one object.")
    return found


def _shown(key: object) -> str:
    text = repr(key)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _no_constant(name: str) -> float:
    raise DocumentError(f"{name} is not a number that a document can hold.")


def _migrated(raw: dict[str, Any]) -> dict[str, Any]:
    found = raw["format"]
    if found > FORMAT:
        raise NewerFormatError(
            f"written in format {found}; this version of Netloom reads up to {FORMAT}. Update Netloom to open it."
        )
    while raw["format"] < FORMAT:
        step = MIGRATIONS.get(raw["format"])
        if step is None:
            raise DocumentError(f"format {found} is not one that Netloom ever wrote.")
        raw = step(raw) | {"format": raw["format"] + 1}
    return raw


def _pointed(error: msgspec.ValidationError) -> DocumentError:
    text = str(error) if str(error).isprintable() else ascii(str(error))[1:-1]
    message, _, where = text.partition(" - at `$")
    return DocumentError(message[0].lower() + message[1:] + ".", where=where.rstrip("`").lstrip(".") or "the document")


def _graph(file: _Graph) -> Graph:
    graph = Graph()
    _refuse_twice("block", ((block.id, f"graph.blocks[{i}]") for i, block in enumerate(file.blocks)))
    _refuse_twice("node", ((node.id, f"graph.nodes[{i}]") for i, node in enumerate(file.nodes)))
    _refuse_twice("input", ((wire.key, f"graph.wires[{i}]") for i, wire in enumerate(file.wires)))
    _refuse_lost_wires(file)
    changes = [Change("block", block.id, None, block) for block in file.blocks]
    changes += [Change("node", node.id, None, node) for node in file.nodes]
    changes += [Change("wire", wire.key, None, wire) for wire in file.wires]
    try:
        graph.apply(changes)
    except GraphError as error:
        index = next((i for i, node in enumerate(file.nodes) if node.id == error.node), None)
        where = "graph" if index is None else f"graph.nodes[{index}]"
        raise DocumentError(str(error), where=where, node=error.node) from error
    return graph


def _refuse_twice(what: str, keys: Iterable[tuple[object, str]]) -> None:
    seen: dict[object, str] = {}
    for key, where in keys:
        if key in seen:
            words = (
                "this input slot is already filled by"
                if what == "input"
                else f"the id {_shown(key)} is already that of"
            )
            raise DocumentError(f"{words} {seen[key]}.", where=where)
        seen[key] = where


def _refuse_lost_wires(file: _Graph) -> None:
    known = {node.id for node in file.nodes}
    for index, wire in enumerate(file.wires):
        for end in (wire.source, wire.target):
            if end not in known:
                raise DocumentError(
                    f"leads to node {_shown(end)}, which does not exist.", where=f"graph.wires[{index}]"
                )


def _seen(view: _View, graph: Graph) -> View:
    """The view, each record of which hangs on something that is there."""
    for name, keys in (("positions", view.positions), ("collapsed", view.collapsed), ("comments", view.comments)):
        _refuse_lost(name, keys, graph.nodes, "node")
    slots = [(bend.target, bend.input, bend.slot) for bend in view.bends]
    _refuse_lost("bends", slots, graph.wires, "wire into")
    levels = {"", *graph.blocks}
    _refuse_lost("remarks", (remark.parent for remark in view.remarks), levels, "block")
    _refuse_lost("directions", view.directions, levels, "block")
    _refuse_twice("remark", ((each.id, f"view.remarks[{i}]") for i, each in enumerate(view.remarks)))
    _refuse_twice("bend", ((slot, f"view.bends[{i}]") for i, slot in enumerate(slots)))
    _refuse_endless(view)
    return View(
        view.positions,
        dict.fromkeys(view.collapsed, True),
        view.comments,
        dict(zip(slots, (bend.points for bend in view.bends), strict=True)),
        {remark.id: remark for remark in view.remarks},
        view.bookmarks,
        view.directions,
    )


def _refuse_lost(name: str, keys: Iterable[object], known: Container[object], what: str) -> None:
    for key in keys:
        if key not in known:
            raise DocumentError(f"names {what} {_shown(key)}, which does not exist.", where=f"view.{name}")


def _refuse_endless(view: _View) -> None:
    """Places lie near enough to be shown, texts can be read, and there are not too many of them."""
    if excess := too_many(len(view.remarks)):
        raise DocumentError(f"has {excess}.", where="view.remarks")
    for name, key, record in _records(view):
        excess = out_of_bounds(key) or out_of_bounds(record)
        if excess:
            raise DocumentError(f"{_shown(key)} has {excess}.", where=f"view.{name}")


def _records(view: _View) -> Iterator[tuple[str, str, object]]:
    """What in the view may be too much, by the table and the key that it stands under."""
    yield from (("positions", key, place) for key, place in view.positions.items())
    yield from (("comments", key, text) for key, text in view.comments.items())
    yield from (("bends", bend.target, bend.points) for bend in view.bends)
    yield from (("remarks", each.id, each) for each in view.remarks)
    yield from (("bookmarks", key, each) for key, each in view.bookmarks.items())


def save(document: Document, path: Path | str) -> bytes:
    """Write a document; DocumentError where the folder or the disk refuses, and the old file stays as it was.

    What was written.
    """
    data = dumps(document)
    try:
        atomic.write(Path(path), data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(
            f"cannot be saved: {reason}. Choose another folder; nothing is lost.", where=str(path)
        ) from error
    return data


def dumps(document: Document) -> bytes:
    """The document as bytes; the same document always gives the same bytes."""
    graph = document.graph
    nodes = sorted(graph.nodes.values(), key=lambda node: (node.parent, id_order(node.id)))
    wires = sorted(graph.wires.values(), key=lambda wire: (id_order(wire.target), wire.input, wire.slot))
    blocks = sorted(graph.blocks.values(), key=lambda block: id_order(block.id))
    lines = [
        "{",
        f'  "format": {FORMAT},',
        '  "graph": {',
        *_listed("blocks", blocks, end=","),
        *_listed("nodes", nodes, end=","),
        *_listed("wires", wires),
        "  },",
        f'  "training": {_json(document.training)},',
        '  "view": {',
        *_view_lines(document),
        "  }",
        "}",
        "",
    ]
    return "\n".join(lines).encode()


def _view_lines(document: Document) -> list[str]:
    """The tables of the view that hold something; the positions always."""
    bends = [_Bend(*slot[:2], document.bends[slot], slot[2]) for slot in sorted(document.bends, key=_slot_order)]
    remarks = [document.remarks[key] for key in sorted(document.remarks, key=id_order)]
    parts = [_keyed("positions", document.positions)]
    parts += [_keyed("comments", document.comments)] if document.comments else []
    parts += [_keyed("bookmarks", document.bookmarks)] if document.bookmarks else []
    parts += [_keyed("directions", document.directions)] if document.directions else []
    parts += [_listed("collapsed", sorted(document.collapsed, key=id_order))] if document.collapsed else []
    parts += [_listed("bends", bends)] if bends else []
    parts += [_listed("remarks", remarks)] if remarks else []
    for part in parts[:-1]:
        part[-1] += ","
    return [line for part in parts for line in part]


def _slot_order(slot: Slot) -> tuple[tuple[int, str], str, int]:
    return (id_order(slot[0]), *slot[1:])


def _keyed(name: str, records: Mapping[str, Any]) -> list[str]:
    lines = [f"      {_json(key)}: {_json(records[key])}" for key in sorted(records, key=id_order)]
    return [f'    "{name}": {{', *_separated(lines), "    }"]


def _listed(name: str, records: list[Any], end: str = "") -> list[str]:
    if not records:
        return [f'    "{name}": []{end}']
    return [f'    "{name}": [', *_separated([f"      {_json(record)}" for record in records]), f"    ]{end}"]


def _separated(lines: list[str]) -> list[str]:
    return [*(f"{line}," for line in lines[:-1]), *lines[-1:]]


def _json(record: Any) -> str:
    found = msgspec.to_builtins(record)
    for name, default in DECIMALS.get(type(record), {}).items():
        if found.get(name) == default:  # msgspec leaves out a decimal only where it is the very same object
            del found[name]
    return json.dumps(found, ensure_ascii=False)
