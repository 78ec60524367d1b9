"""A transformer that writes on."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.layers.library.positions import learned
from netloom.templates.drawing import drawn
from netloom.templates.transformer import DEPTH, WIDTH, block, self_attention

TITLE = "GPT-2 small"
SUMMARY = "Guesses the next piece of a text from all before it. Its head is its word embedding, read backwards."

VOCABULARY, CONTEXT = 50257, 1024
DROPOUT = 0.1


def build() -> Document:
    """The document."""
    graph = Graph()
    attention = self_attention(graph, "CausalSelfAttention", causal=True, dropout=DROPOUT)
    blocks = block(graph, attention, eps=1e-5, approximate="tanh", dropout=DROPOUT)
    net = Level(graph)
    tokens = net.add("Input", "tokens", shape=("L",), dtype="int64")
    words = net.add("Embedding", "words", tokens, num_embeddings=VOCABULARY, embedding_dim=WIDTH)
    x = net.block(learned(graph), "positions", words, longest=CONTEXT)
    x = net.add("Dropout", "dropout", x, p=DROPOUT)
    x = net.block(blocks, "blocks", x, repeat=DEPTH)
    x = net.add("LayerNorm", "norm", x)
    x = net.again(words, "head", x, kind="Linear")
    net.add("Output", "logits", x)
    return drawn(graph)
