"""What can be done with the selected nodes where they stand: bypass, freeze, collapse, comment."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QRectF

from netloom.graph import Change, Graph, Patch, edit
from netloom.layers.bypass import refusal
from netloom.ui.canvas.card import BUBBLE, BUBBLE_GAP
from netloom.ui.canvas.facts import learning
from netloom.ui.canvas.words_field import WordsField

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def bypass(canvas: "Canvas") -> None:
    """Ask to lead what comes in around the selected nodes, or through them again where all are bypassed."""
    graph = canvas.document.graph
    nodes = [graph.node(key) for key in sorted(canvas.selection)]
    refused = {node.id: reason for node in nodes if (reason := refusal(node)) is not None}
    possible = [node for node in nodes if node.bypassed or node.id not in refused]
    wanted = not possible or not all(node.bypassed for node in possible)
    if wanted and refused:
        canvas.message_requested.emit(next(iter(refused.values())))
    turned = [node for node in possible if node.bypassed != wanted]
    changes = (Change("node", each.id, each, msgspec.structs.replace(each, bypassed=wanted)) for each in turned)
    named = _named(graph, [node.id for node in turned])
    canvas.ask(Patch(f"Bypass {named}" if wanted else f"Use {named} again", tuple(changes)))


def freeze(canvas: "Canvas") -> None:
    """Ask to keep the weights of the selected nodes as they are, or to let them learn where all are frozen."""
    graph = canvas.document.graph
    nodes = [graph.node(key) for key in sorted(canvas.selection)]
    cards = canvas.graph_scene.nodes
    able = [found for node in nodes if (found := learning(graph, node)).frozen or cards[node.id].facts.learns]
    if nodes and not able:
        these = f"{nodes[0].name} has" if len(nodes) == 1 else "These nodes have"
        canvas.message_requested.emit(f"{these} no weights to freeze.")
    wanted = not all(node.frozen for node in able)
    canvas.ask(edit.freeze(graph, [node.id for node in able], frozen=wanted))


def collapse(canvas: "Canvas") -> None:
    """Ask to show the selected nodes as headers only, or whole again where all are collapsed."""
    known = canvas.document.collapsed
    wanted = None if canvas.selection <= known.keys() else True
    turned = [key for key in sorted(canvas.selection) if known.get(key) != wanted]
    named = _named(canvas.document.graph, turned)
    changes = tuple(Change("collapsed", key, known.get(key), wanted) for key in turned)
    canvas.ask(Patch(f"{'Collapse' if wanted else 'Expand'} {named}", changes))


def _named(graph: Graph, keys: Collection[str]) -> str:
    return graph.node(next(iter(keys))).name if len(keys) == 1 else f"{len(keys)} nodes"


def comment(canvas: "Canvas") -> None:
    """Write a comment over the selected node. All of it is one step of undo."""
    key, document, step = canvas.current, canvas.document, object()
    if key is None or key not in canvas.selection:
        return

    def room() -> QRectF | None:
        item = canvas.graph_scene.nodes.get(key) if canvas.document is document else None
        if item is None:
            return None
        return QRectF(0, -BUBBLE_GAP - BUBBLE, item.card.width, BUBBLE).translated(item.pos())

    def take(text: str) -> None:
        if room() is not None:
            old, new = document.comments.get(key), text.strip() or None
            label = f"Comment on {document.graph.node(key).name}"
            canvas.ask(Patch(label, (Change("comment", key, old, new),) if old != new else ()), step)

    canvas.ensure_seen(key)
    WordsField(canvas, document.comments.get(key, ""), room, take, lambda: None, name="Comment", lines=True, inset=5.0)
