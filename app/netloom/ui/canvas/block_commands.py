"""What can be done with blocks on the canvas: make one of a selection, unpack it, make it one of its own."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from netloom.errors import GraphError
from netloom.graph import Graph, Node, Patch, edit
from netloom.graph.draft import first_free
from netloom.layers import ports
from netloom.ui.canvas.adding import unplaced

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

STEM = "Block"


def selected_block(canvas: "Canvas") -> Node | None:
    """The one block that is selected."""
    node = canvas.document.graph.nodes.get(next(iter(canvas.selection))) if len(canvas.selection) == 1 else None
    return node if node is not None and node.kind == "Block" else None


def make_block(canvas: "Canvas") -> None:
    """Ask to put the selected nodes into a new block; it is selected then, and asks for its name."""
    from netloom.layers.blocks import make_block

    names = {block.name for block in canvas.document.graph.blocks.values()}
    name = first_free(STEM, names.__contains__)
    _ask_and_select(canvas, lambda: make_block(canvas.document, canvas.selection, name))
    if selected_block(canvas) is not None:
        canvas.rename_selected()


def renamed(graph: Graph, key: str, name: str) -> Patch:
    """The patch that gives a node another name; a definition that has none of its own yet takes it too."""
    from netloom.layers.blocks import rename_block

    patch, node = edit.rename(graph, key, name), graph.node(key)
    block = ports.definition(graph, node) if node.kind == "Block" else None
    if block is None or not re.fullmatch(rf"{STEM}\d*", block.name):
        return patch
    title = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    try:
        return Patch(patch.label, (*patch.changes, *rename_block(graph, block.id, title).changes))
    except GraphError:
        return patch  # another definition has the name


def unpack(canvas: "Canvas") -> None:
    """Ask to replace the selected block by what it holds; that is selected then."""
    from netloom.layers.blocks import unpack

    node = selected_block(canvas)
    if node is not None:
        _ask_and_select(canvas, lambda: unpack(canvas.document, node.id))


def make_unique(canvas: "Canvas") -> None:
    """Ask to give the selected block a definition that no other block shows."""
    from netloom.layers.blocks import duplicate_definition

    node = selected_block(canvas)
    if node is not None:
        _ask(canvas, lambda: duplicate_definition(canvas.document, node.id))


def unshare(canvas: "Canvas") -> None:
    """Ask to give the selected node weights of its own again."""
    from netloom.layers.blocks import unshare

    for key in canvas.selection:
        if canvas.document.graph.node(key).share:
            _ask(canvas, lambda key=key: unshare(canvas.document.graph, key))  # type: ignore[misc]


def _ask(canvas: "Canvas", change: Callable[[], Patch]) -> None:
    """Ask for an edit that knows where things stand, or tell why it cannot be."""
    try:
        patch, gesture = change(), object()
        if places := unplaced(canvas):
            canvas.ask(Patch(patch.label, edit.move(canvas.document, places).changes), gesture)
            patch = change()
        canvas.ask(patch, gesture)
    except GraphError as error:
        canvas.message_requested.emit(str(error))


def _ask_and_select(canvas: "Canvas", change: Callable[[], Patch]) -> None:
    before = set(canvas.graph_scene.nodes)
    _ask(canvas, change)
    added = canvas.graph_scene.nodes.keys() - before
    if added:
        canvas.set_selection(added)
