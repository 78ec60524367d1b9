"""Blocks of transformers. What flows through them is N×L×features."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Given, Level, Outside
from netloom.layers.library.ready import ReadyBlock

FEATURES = -1
"""The dimension of the features."""

HEADS, DROPOUT = Outside("heads", 4), Outside("dropout", 0.1)


def _attend(level: Level, name: str, asked: str, read: str, *, causal: bool = False) -> str:
    """Attention of one sequence to another, or to itself."""
    options: dict[str, Given] = {"num_heads": HEADS, "dropout": DROPOUT, "need_weights": False}
    if causal:
        options["is_causal"] = True
    return level.add("MultiheadAttention", name, asked, read, read, **options)


def _feed(level: Level, x: str, stream: str, curve: str) -> str:
    """The small network at each position; `stream` is the Input whose features it comes back to."""
    x = level.add("Linear", "fc1", x, out_features=Outside("hidden", 256))
    x = level.add("Dropout", "dropout", level.add(curve, "curve", x), p=DROPOUT)
    return level.add("Linear", "fc2", x, out_features=Outside("width", 64, stream, FEATURES))


def _added(level: Level, number: int, x: str, y: str) -> str:
    return level.add("Add", f"add{number}", x, level.add("Dropout", f"dropout{number}", y, p=DROPOUT))


def causal_attention(graph: Graph) -> Level:
    """Attention in which no position sees what comes after it."""
    level = Level(graph, "CausalSelfAttention")
    x = level.add("Input", "x")
    y = _attend(level, "attention", x, x, causal=True)
    level.add("Output", "y", level.add("Dropout", "dropout", y, p=DROPOUT))
    return level


def encoder_pre(graph: Graph) -> Level:
    """Normalises before attention and before the network, so that the stream itself stays as it is."""
    level = Level(graph, "EncoderPreNorm")
    x = stream = level.add("Input", "x")
    normed = level.add("LayerNorm", "norm1", x)
    x = _added(level, 1, x, _attend(level, "attention", normed, normed))
    x = _added(level, 2, x, _feed(level, level.add("LayerNorm", "norm2", x), stream, "GELU"))
    level.add("Output", "y", x)
    return level


def encoder_post(graph: Graph) -> Level:
    """Normalises after attention and after the network, as the first transformers did."""
    level = Level(graph, "EncoderPostNorm")
    x = stream = level.add("Input", "x")
    x = level.add("LayerNorm", "norm1", _added(level, 1, x, _attend(level, "attention", x, x)))
    x = level.add("LayerNorm", "norm2", _added(level, 2, x, _feed(level, x, stream, "ReLU")))
    level.add("Output", "y", x)
    return level


def decoder_pre(graph: Graph) -> Level:
    """A decoder that normalises before each of its three steps."""
    level = Level(graph, "DecoderPreNorm")
    x = stream = level.add("Input", "x")
    memory = level.add("Input", "memory")
    normed = level.add("LayerNorm", "norm1", x)
    x = _added(level, 1, x, _attend(level, "self_attention", normed, normed, causal=True))
    x = _added(level, 2, x, _attend(level, "cross_attention", level.add("LayerNorm", "norm2", x), memory))
    x = _added(level, 3, x, _feed(level, level.add("LayerNorm", "norm3", x), stream, "GELU"))
    level.add("Output", "y", x)
    return level


def decoder_post(graph: Graph) -> Level:
    """A decoder that normalises after each of its three steps."""
    level = Level(graph, "DecoderPostNorm")
    x = stream = level.add("Input", "x")
    memory = level.add("Input", "memory")
    x = level.add("LayerNorm", "norm1", _added(level, 1, x, _attend(level, "self_attention", x, x, causal=True)))
    x = level.add("LayerNorm", "norm2", _added(level, 2, x, _attend(level, "cross_attention", x, memory)))
    x = level.add("LayerNorm", "norm3", _added(level, 3, x, _feed(level, x, stream, "ReLU")))
    level.add("Output", "y", x)
    return level


TRANSFORMERS = "Transformers"
BLOCKS = (
    ReadyBlock(
        "encoder_pre_norm",
        "Transformer encoder, pre-norm",
        "Attention and a small network, each after a normalisation and added to the stream. Trains well when deep.",
        TRANSFORMERS,
        ("vit", "self attention", "bert", "layer norm"),
        encoder_pre,
    ),
    ReadyBlock(
        "encoder_post_norm",
        "Transformer encoder, post-norm",
        "Attention and a small network, each added to the stream and then normalised.",
        TRANSFORMERS,
        ("bert", "self attention", "layer norm", "original"),
        encoder_post,
    ),
    ReadyBlock(
        "decoder_pre_norm",
        "Transformer decoder, pre-norm",
        "Looks back at its own sequence, then at a memory, then thinks; normalises before each step.",
        TRANSFORMERS,
        ("cross attention", "translation", "causal", "seq2seq"),
        decoder_pre,
    ),
    ReadyBlock(
        "decoder_post_norm",
        "Transformer decoder, post-norm",
        "Looks back at its own sequence, then at a memory, then thinks; normalises after each step.",
        TRANSFORMERS,
        ("cross attention", "translation", "causal", "seq2seq", "original"),
        decoder_post,
    ),
    ReadyBlock(
        "causal_self_attention",
        "Causal self-attention",
        "Each position looks at itself and at those before it, as a text that is being written must.",
        TRANSFORMERS,
        ("gpt", "masked", "autoregressive", "multihead"),
        causal_attention,
    ),
)
