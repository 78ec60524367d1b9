"""A person's own blocks: each a document in a folder that holds one block with all that stands in it."""

from dataclasses import dataclass
from pathlib import Path

from netloom.errors import DocumentError, GraphError
from netloom.graph import atomic, file
from netloom.graph.document import Document
from netloom.graph.draft import Draft
from netloom.graph.model import Block, Graph, Node, name_problem
from netloom.graph.patch import Patch
from netloom.graph.remarks import Point
from netloom.layers.blocks.definitions import adopt
from netloom.layers.edit import check_document
from netloom.layers.library import placed

SUFFIX = ".loom"
LARGEST = 16 << 20
"""Bytes of the largest file that is read: no block that a person drew comes near."""


@dataclass(frozen=True, slots=True)
class PersonalBlock:
    """A block in a folder: the document that holds it, and which of its definitions it is."""

    name: str
    path: Path
    document: Document
    block: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A file that cannot be read as a block, and why."""

    path: Path
    reason: str


def personal(folder: Path) -> tuple[list[PersonalBlock], list[Damaged]]:
    """The blocks in a folder by name, and the files there that are none. A folder that is not there is empty."""
    found: list[PersonalBlock] = []
    damaged: list[Damaged] = []
    for path in sorted(folder.glob(f"[!.]*{SUFFIX}")) if folder.is_dir() else ():
        try:
            found.append(read(path))
        except DocumentError as error:
            damaged.append(Damaged(path, str(error)))
    return found, damaged


def read(path: Path) -> PersonalBlock:
    """One block from its file; DocumentError says why it is none. Nothing in it is executed."""
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(f"larger than {LARGEST >> 20} MB: no block is.", where=path.name)
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror or error}", where=path.name) from error
    document = file.load(path)
    check_document(document)
    shown = [node for node in document.graph.level() if node.kind == "Block"]
    if len(shown) != 1 or len(list(document.graph.level())) != 1:
        raise DocumentError("holds no single block. Only blocks that were saved as such belong here.", where=path.name)
    if problem := name_problem(path.stem):
        raise DocumentError(f"the name of the file is no name of a block: {problem}.", where=path.name)
    return PersonalBlock(path.stem, path, document, str(shown[0].params["block"]))


def keep(document: Document, block: str, folder: Path, name: str = "", *, replace: bool = False) -> Path:
    """Save a definition of a document with all that stands in it, under its own name or another.

    GraphError where the name cannot be or is taken, or the folder refuses.
    """
    name = name or document.graph.blocks[block].name
    path = _path(folder, name)
    if not replace and path.exists():
        raise GraphError(f"You have a block called {name} already. Choose another name, or replace it.")
    _write(path, _alone(document, block, name))
    return path


def rename(folder: Path, name: str, new: str) -> Path:
    """Give a block another name; GraphError where it is taken or cannot be."""
    old, path = _path(folder, name), _path(folder, new)
    if path.exists():
        raise GraphError(f"You have a block called {new} already.")
    found = read(old)
    _write(path, _alone(found.document, found.block, new))
    delete(folder, name)
    return path


def delete(folder: Path, name: str) -> None:
    """Delete a block; one that is not there is no error."""
    try:
        _path(folder, name).unlink(missing_ok=True)
    except OSError as error:
        raise GraphError(f"{name} cannot be deleted: {error.strerror or error}.") from error


def insert_personal(document: Document, block: PersonalBlock, at: Point, parent: str = "") -> Patch:
    """Put a block of one's own on a level. Its definition comes along once."""
    return placed(document, block.document, block.block, at, parent)


def _path(folder: Path, name: str) -> Path:
    if problem := name_problem(name):
        raise GraphError(f"Not a name: {problem}.")
    return folder / f"{name}{SUFFIX}"


def _write(path: Path, document: Document) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, file.dumps(document))
    except OSError as error:
        raise GraphError(f"{path.stem} cannot be saved: {error.strerror or error}.") from error


def _alone(document: Document, block: str, name: str) -> Document:
    """A document that holds nothing but this block, under this name."""
    made = Document(Graph())
    draft = Draft(made.graph)
    key = adopt(draft, document, block)
    old = draft.block(key)
    draft.put(Block(key, name, old.ports, old.params), Node(draft.free_id(), "Block", "block", {"block": key}))
    made.apply(draft.patch("Keep"))
    return made
