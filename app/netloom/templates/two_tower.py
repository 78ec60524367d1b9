"""A recommender."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.templates.drawing import drawn

TITLE = "Two towers"
SUMMARY = "Recommends: users and things become vectors, and who will like what is the product of two."

USERS, ITEMS = 6040, 3706
"""As many as in MovieLens 1M."""


def build() -> Document:
    """The document."""
    graph = Graph()
    tower = _tower(graph)
    net = Level(graph)
    user = net.add("Input", "user", shape=(), dtype="int64")
    item = net.add("Input", "item", shape=(), dtype="int64")
    user = net.block(tower, "user_tower", user, count=USERS)
    item = net.block(tower, "item_tower", item, count=ITEMS)
    x = net.add("Multiply", "product", user, item)
    x = net.add("Sum", "dot", x, dim=(-1,))
    net.add("Output", "score", x)
    return drawn(graph)


def _tower(graph: Graph) -> Level:
    """From a number to a vector."""
    level = Level(graph, "Tower")
    x = level.add("Input", "id")
    x = level.add("Embedding", "embedding", x, num_embeddings=Outside("count", 1000), embedding_dim=64)
    x = level.add("Linear", "hidden", x, out_features=128)
    x = level.add("ReLU", "relu", x)
    x = level.add("Linear", "vector", x, out_features=32)
    level.add("Output", "vector_out", x)
    return level
