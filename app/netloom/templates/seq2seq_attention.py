"""A recurrent network that translates."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.templates.drawing import drawn

TITLE = "Seq2seq with attention"
SUMMARY = "Translates: one LSTM reads the source, another writes the target and looks back at what was read."

VOCABULARY, WIDTH, HIDDEN, DEPTH = 10000, 256, 512, 2
DROPOUT = 0.2


def build() -> Document:
    """The document."""
    graph = Graph()
    attention = _attention(graph)
    net = Level(graph)
    source = net.add("Input", "source", shape=("S",), dtype="int64")
    target = net.add("Input", "target", shape=("T",), dtype="int64")
    x = net.add("Embedding", "source_words", source, num_embeddings=VOCABULARY, embedding_dim=WIDTH)
    y = net.add("Embedding", "target_words", target, num_embeddings=VOCABULARY, embedding_dim=WIDTH)
    lstm = {"hidden_size": HIDDEN, "num_layers": DEPTH, "batch_first": True, "dropout": DROPOUT}
    x = net.add("LSTM", "encoder", x, **lstm)
    y = net.add("LSTM", "decoder", y, (x, "hidden"), (x, "cell"), **lstm)
    y = net.block(attention, "attention", y, x)
    y = net.add("Linear", "head", y, out_features=VOCABULARY)
    net.add("Output", "logits", y)
    return drawn(graph)


def _attention(graph: Graph) -> Level:
    """Each step of the target looks for the steps of the source that fit it."""
    level = Level(graph, "Attention")
    x = level.add("Input", "steps")
    memory = level.add("Input", "memory")
    keys = level.add("Linear", "align", memory, out_features=HIDDEN, bias=False)
    keys = level.add("Transpose", "keys", keys, dim0=1, dim1=2)
    scores = level.add("MatMul", "scores", x, keys)
    shares = level.add("Softmax", "shares", scores)
    context = level.add("MatMul", "context", shares, memory)
    y = level.add("Concatenate", "concat", context, x, dim=-1)
    y = level.add("Linear", "combine", y, out_features=HIDDEN, bias=False)
    y = level.add("Tanh", "tanh", y)
    level.add("Output", "y", y)
    return level
