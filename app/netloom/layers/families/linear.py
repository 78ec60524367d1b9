"""Layers that mix all features, and tables of vectors."""

from netloom.layers.declare import module
from netloom.layers.spec import Port

KINDS = (
    module(
        "Linear",
        "linear",
        "Weighs all features and adds them up, once for each output.",
        keywords=("fully connected", "dense", "fc", "perceptron", "affine", "head"),
    ),
    module(
        "Embedding",
        "linear",
        "Looks up a learned vector for each whole number, such as a word's place in the dictionary.",
        stem="embedding",
        inputs=(Port("input", "integer"),),
        keywords=("lookup", "word", "token", "vocabulary", "dictionary"),
        tuned={
            "num_embeddings": {
                "default": 1000,
                "minimum": 1,
                "positional": True,
                "help": "How many different numbers can come in.",
            },
            "embedding_dim": {"default": 64, "minimum": 1, "positional": True},
            "padding_idx": {"minimum": 0},
            "max_norm": {"minimum": 0.0},
            "norm_type": {"minimum": 1.0},
        },
    ),
)
