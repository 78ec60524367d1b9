"""Tables of vectors, looked up by whole numbers."""

from netloom.layers.declare import Tuning, module
from netloom.layers.spec import Port

TABLE: dict[str, Tuning] = {
    "num_embeddings": {
        "default": 1000,
        "minimum": 1,
        "positional": True,
        "help": "How many different numbers can come in.",
    },
    "embedding_dim": {"default": 64, "minimum": 1, "positional": True},
    "max_norm": {"minimum": 0.0},
    "norm_type": {"minimum": 1.0},
    "scale_grad_by_freq": {"help": "Divide each number's gradient by how often it comes in a batch."},
    "sparse": {
        "help": "Give gradients of only those rows that were looked up. Few optimizers take them: SparseAdam, SGD."
    },
}
WORDS = ("lookup", "word", "token", "vocabulary", "dictionary")

KINDS = (
    module(
        "Embedding",
        "linear",
        "Looks up a learned vector for each whole number, such as a word's place in the dictionary.",
        stem="embedding",
        inputs=(Port("input", "integer"),),
        keywords=WORDS,
        tuned=TABLE,
    ),
    module(
        "EmbeddingBag",
        "linear",
        "Looks up a learned vector for each whole number of a row, and sums or averages them.",
        stem="embedding",
        inputs=(
            Port("input", "integer", help="Rows of whole numbers: N×L."),
            Port("weights", optional=True, help="How much each counts, N×L. Only with the mode sum."),
        ),
        keywords=("bag of words", "features", "recommender", *WORDS),
        tuned=TABLE | {"mode": {"type": "choice", "choices": ("mean", "sum", "max"), "help": "How a row becomes one."}},
        hidden=frozenset({"include_last_offset"}),
    ),
)
