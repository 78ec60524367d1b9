"""A transformer that reads a text from both sides."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.templates.drawing import drawn
from netloom.templates.transformer import DEPTH, HEADS, WIDTH, attended

TITLE = "BERT base"
SUMMARY = "Reads a text from both sides; a base for questions, names and moods. Without case, with its pooler."

VOCABULARY, CONTEXT = 30522, 512
DROPOUT, EPS = 0.1, 1e-12
PROJECTIONS = ("query", "key", "value")


def build() -> Document:
    """The document."""
    graph = Graph()
    embeddings, layer = _embeddings(graph), _layer(graph, _attention(graph))
    net = Level(graph)
    tokens = net.add("Input", "tokens", shape=("L",), dtype="int64")
    segments = net.add("Input", "segments", shape=("L",), dtype="int64")
    x = net.block(embeddings, "embeddings", tokens, segments)
    x = net.block(layer, "layers", x, repeat=DEPTH)
    net.add("Output", "sequence", x)
    x = net.add("Select", "first", x, dim=1, index=0)
    x = net.add("Linear", "pooler", x, out_features=WIDTH)
    x = net.add("Tanh", "tanh", x)
    net.add("Output", "pooled", x)
    return drawn(graph)


def _embeddings(graph: Graph) -> Level:
    """What a piece of text is, which of two sentences it is in, and where it stands."""
    level = Level(graph, "Embeddings")
    tokens = level.add("Input", "tokens")
    segments = level.add("Input", "segments")
    words = level.add("Embedding", "words", tokens, num_embeddings=VOCABULARY, embedding_dim=WIDTH, padding_idx=0)
    sentences = level.add("Embedding", "sentences", segments, num_embeddings=2, embedding_dim=WIDTH)
    places = level.add("Arange", "places", tokens)
    places = level.add("Embedding", "positions", places, num_embeddings=CONTEXT, embedding_dim=WIDTH)
    x = level.add("Add", "add", words, sentences, places)
    x = level.add("LayerNorm", "norm", x, eps=EPS)
    x = level.add("Dropout", "dropout", x, p=DROPOUT)
    level.add("Output", "y", x)
    return level


def _attention(graph: Graph) -> Level:
    """Queries, keys and values from a projection each."""
    level = Level(graph, "SelfAttention")
    x = level.add("Input", "x")
    q, k, v = (_heads(level, level.add("Linear", name, x, out_features=WIDTH), name[0]) for name in PROJECTIONS)
    x = attended(level, q, k, v, dropout=DROPOUT)
    level.add("Output", "y", x)
    return level


def _heads(level: Level, x: str, name: str) -> str:
    """From one vector for each place to one for each head and place."""
    x = level.add("Reshape", f"{name}_heads", x, shape=(0, HEADS, WIDTH // HEADS))
    return level.add("Transpose", name, x, dim0=1, dim1=2)


def _layer(graph: Graph, attention: Level) -> Level:
    """Attention and a small network at each place, each added to what came in and normalised after."""
    level = Level(graph, "Layer")
    x = level.add("Input", "x")
    y = level.block(attention, "attention", x)
    y = level.add("Linear", "output", y, out_features=WIDTH)
    y = level.add("Dropout", "dropout1", y, p=DROPOUT)
    x = level.add("Add", "add1", x, y)
    x = level.add("LayerNorm", "norm1", x, eps=EPS)
    y = level.add("Linear", "fc1", x, out_features=4 * WIDTH)
    y = level.add("GELU", "gelu", y)
    y = level.add("Linear", "fc2", y, out_features=WIDTH)
    y = level.add("Dropout", "dropout2", y, p=DROPOUT)
    x = level.add("Add", "add2", x, y)
    x = level.add("LayerNorm", "norm2", x, eps=EPS)
    level.add("Output", "y", x)
    return level
