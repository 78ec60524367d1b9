"""How a template draws: what every drawing in Python has, and the document in the end."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside, Place, arranged

__all__ = ["Given", "Level", "Outside", "Place", "drawn"]


def drawn(graph: Graph, training: Training | None = None) -> Document:
    """The document with the nodes of all its levels in their places."""
    return Document(graph, training, arranged(graph, ("", *graph.blocks)))
