"""What tells a transformer where in a sequence or an image something stands."""

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level, Outside
from netloom.layers.library.attention import FEATURES, TRANSFORMERS
from netloom.layers.library.ready import ReadyBlock

STEPS = 1
"""The dimension of the steps."""

LONGEST_WAVE = 10000.0
"""The slowest wave takes about six times as many steps; Vaswani et al. (2017), section 3.5."""


def sinusoidal(graph: Graph) -> Level:
    """Adds waves, from fast to slow, to the features: a sine and a cosine of each rate."""
    level = Level(graph, "SinusoidalPositions")
    x = level.add("Input", "x")
    pairs = level.add("Slice", "pairs", level.add("Arange", "features", x, dim=FEATURES), dim=0, step=2)
    share = level.add("Divide", "share", pairs, value=Outside("width", 64, x, FEATURES))
    slowness = level.add("Power", "slowness", share, value=LONGEST_WAVE, reverse=True)
    steps = level.add("Unsqueeze", "column", level.add("Arange", "steps", x, dim=STEPS), dim=1)
    angle = level.add("Divide", "angle", steps, slowness)
    waves = level.add("Stack", "waves", level.add("Sin", "sin", angle), level.add("Cos", "cos", angle), dim=2)
    level.add("Output", "y", level.add("Add", "add", x, level.add("Flatten", "interleaved", waves, start_dim=1)))
    return level


def learned(graph: Graph) -> Level:
    """Adds a learned vector for each step."""
    level = Level(graph, "LearnedPositions")
    x = level.add("Input", "x")
    steps = level.add("Arange", "steps", x, dim=STEPS)
    width = Outside("width", 64, x, FEATURES)
    table = level.add("Embedding", "table", steps, num_embeddings=Outside("longest", 512), embedding_dim=width)
    level.add("Output", "y", level.add("Add", "add", x, table))
    return level


def patches(graph: Graph) -> Level:
    """Cuts an image into squares and gives each a vector: a sequence for a transformer."""
    level = Level(graph, "PatchEmbedding")
    x = level.add("Input", "image")
    side = Outside("patch", 8)
    x = level.add("Conv2d", "project", x, out_channels=Outside("width", 64), kernel_size=side, stride=side)
    x = level.add("Flatten", "flatten", x, start_dim=2)
    level.add("Output", "y", level.add("Permute", "patches_first", x, dims=(0, 2, 1)))
    return level


BLOCKS = (
    ReadyBlock(
        "sinusoidal_positions",
        "Positions, sinusoidal",
        "Adds waves to a sequence, from which each position can be told. Nothing is learned, any length fits.",
        TRANSFORMERS,
        ("positional encoding", "position", "sine"),
        sinusoidal,
    ),
    ReadyBlock(
        "learned_positions",
        "Positions, learned",
        "Adds a learned vector for each position, up to a longest sequence.",
        TRANSFORMERS,
        ("positional embedding", "position", "bert", "gpt"),
        learned,
    ),
    ReadyBlock(
        "patch_embedding",
        "Patch embedding",
        "Cuts an image into squares and makes a sequence of them, one vector each.",
        TRANSFORMERS,
        ("vit", "vision transformer", "patches", "tokens"),
        patches,
    ),
)
