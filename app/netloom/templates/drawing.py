"""The document that a drawing in Python becomes."""

from netloom.graph.document import Document, Training
from netloom.layers.authoring import Graph
from netloom.layers.drawing import arranged


def drawn(graph: Graph, training: Training | None = None) -> Document:
    """The document with the nodes of all its levels in their places."""
    return Document(graph, training, arranged(graph, ("", *graph.blocks)))
