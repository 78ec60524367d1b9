"""Recurrent layers and attention."""

from tests.compiler.battery.case import SEQUENCE, Case

CASES = [
    Case("LSTM", [SEQUENCE], {"hidden_size": 5, "batch_first": True}),
    Case(
        "LSTM",
        [SEQUENCE],
        {"hidden_size": 5, "num_layers": 3, "bidirectional": True, "proj_size": 2, "batch_first": True},
    ),
    Case("GRU", [SEQUENCE], {"hidden_size": 6, "num_layers": 2, "bias": False, "bidirectional": True}),
    Case("MultiheadAttention", [SEQUENCE, SEQUENCE, SEQUENCE], {"num_heads": 2, "batch_first": True}),
    Case(
        "MultiheadAttention",
        [SEQUENCE, [5, 6], [5, 4]],
        {"num_heads": 4, "kdim": 6, "vdim": 4, "batch_first": True, "bias": False},
    ),
    Case("TransformerEncoderLayer", [SEQUENCE], {"nhead": 2, "dim_feedforward": 16, "batch_first": True}),
    Case("TransformerEncoderLayer", [SEQUENCE], {"nhead": 4, "bias": False, "norm_first": True, "activation": "gelu"}),
]
