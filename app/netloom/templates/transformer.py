"""What the transformers have in common."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level

WIDTH, HEADS, DEPTH = 768, 12, 12


def attended(level: Level, q: str, k: str, v: str, *, causal: bool = False, dropout: float = 0.0) -> str:
    """Each place looks at the others, in each head; the heads are joined again."""
    x = level.add("ScaledDotProductAttention", "attention", q, k, v, is_causal=causal, dropout_p=dropout)
    x = level.add("Transpose", "places", x, dim0=1, dim1=2)
    return level.add("Reshape", "joined", x, shape=(0, WIDTH))


def self_attention(graph: Graph, name: str, *, causal: bool = False, dropout: float = 0.0) -> Level:
    """Queries, keys and values from one projection, and a projection of the answer."""
    level = Level(graph, name)
    x = level.add("Input", "x")
    x = level.add("Linear", "qkv", x, out_features=3 * WIDTH)
    x = level.add("Reshape", "heads", x, shape=(0, 3, HEADS, WIDTH // HEADS))
    x = level.add("Permute", "parts", x, dims=(2, 0, 3, 1, 4))
    q, k, v = (level.add("Select", part, x, dim=0, index=place) for place, part in enumerate("qkv"))
    x = attended(level, q, k, v, causal=causal, dropout=dropout)
    x = level.add("Linear", "proj", x, out_features=WIDTH)
    if dropout:
        x = level.add("Dropout", "dropout", x, p=dropout)
    level.add("Output", "y", x)
    return level


def block(graph: Graph, attention: Level, *, eps: float, approximate: str = "none", dropout: float = 0.0) -> Level:
    """Attention and a small network at each place, each normalised first and added to what came in."""
    level = Level(graph, "TransformerBlock")
    x = level.add("Input", "x")
    y = level.add("LayerNorm", "norm1", x, eps=eps)
    y = level.block(attention, "attn", y)
    x = level.add("Add", "add1", x, y)
    y = level.add("LayerNorm", "norm2", x, eps=eps)
    y = level.add("Linear", "fc1", y, out_features=4 * WIDTH)
    y = level.add("GELU", "gelu", y, approximate=approximate)
    y = level.add("Linear", "fc2", y, out_features=WIDTH)
    if dropout:
        y = level.add("Dropout", "dropout", y, p=dropout)
    x = level.add("Add", "add2", x, y)
    level.add("Output", "y", x)
    return level
