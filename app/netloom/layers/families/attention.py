"""Layers in which every position can look at every other."""

from netloom.layers.declare import module
from netloom.layers.spec import Derived, Port

KINDS = (
    module(
        "MultiheadAttention",
        "attention",
        "Lets every position ask all others for what it needs. Each head looks for something else.",
        stem="attention",
        inputs=(
            Port("query", help="What each position asks."),
            Port("key", help="What each position offers to be found by."),
            Port("value", help="What each position hands over."),
        ),
        outputs=(Port("output"), Port("weights", help="How much each position looked at each other one.")),
        keywords=("self attention", "transformer", "mha", "heads", "query"),
        tuned={
            "embed_dim": {"derived": Derived("query", -1), "minimum": 1, "positional": True},
            "kdim": {"type": "int", "minimum": 1},
            "vdim": {"type": "int", "minimum": 1},
        },
    ),
    module(
        "TransformerEncoderLayer",
        "attention",
        "One round of attention followed by a small network at each position. Stack a few to read text or series.",
        stem="encoder",
        keywords=("transformer", "bert", "self attention", "encoder"),
        tuned={
            "d_model": {"derived": Derived("input", -1), "minimum": 1, "positional": True},
            "nhead": {"default": 4, "minimum": 1, "positional": True},
            "dim_feedforward": {"minimum": 1},
            "activation": {"type": "choice", "choices": ("relu", "gelu")},
            "layer_norm_eps": {"minimum": 0.0},
        },
    ),
)
