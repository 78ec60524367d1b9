"""Attention, and what is built of it."""

from typing import Any

from tests.compiler.battery.case import SEQUENCE, Case, Given, truth
from torch import Tensor, nn

SMALL = {"nhead": 2, "dim_feedforward": 16, "batch_first": True}
MEMORY = [5, 8]
LAYER = ("d_model", "nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first", "norm_first")


def _causal(steps: int) -> Tensor:
    return nn.Transformer.generate_square_subsequent_mask(steps)


def _last(arguments: dict[str, Any]) -> nn.Module | None:
    return nn.LayerNorm(arguments["d_model"], eps=arguments["layer_norm_eps"]) if arguments["norm"] else None


def _layer(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: arguments[name] for name in (*LAYER, "bias")}


def _encoder(**arguments: Any) -> nn.Module:
    layer = nn.TransformerEncoderLayer(**_layer(arguments))
    return nn.TransformerEncoder(layer, arguments["num_layers"], _last(arguments), enable_nested_tensor=False)


def _decoder(**arguments: Any) -> nn.Module:
    layer = nn.TransformerDecoderLayer(**_layer(arguments))
    return nn.TransformerDecoder(layer, arguments["num_layers"], _last(arguments))


def _padding(steps: int, port: str = "key_padding_mask") -> Given:
    """What is added to the scores: so no position is hidden from all."""
    return Given([steps], port=port)


CASES = [
    Case("MultiheadAttention", [SEQUENCE] * 3, {"num_heads": 2, "batch_first": True}),
    Case(
        "MultiheadAttention",
        [SEQUENCE, [5, 6], [5, 4]],
        {"num_heads": 4, "kdim": 6, "vdim": 4, "batch_first": True, "bias": False},
    ),
    Case(
        "MultiheadAttention",
        [SEQUENCE, MEMORY, MEMORY],
        {
            "num_heads": 2,
            "batch_first": True,
            "add_bias_kv": True,
            "add_zero_attn": True,
            "average_attn_weights": False,
        },
        call=lambda it, q, k, v: it(q, k, v, average_attn_weights=False),
    ),
    Case(
        "MultiheadAttention",
        [*[SEQUENCE] * 3, _padding(7)],
        {"num_heads": 2, "batch_first": True, "need_weights": False, "dropout": 0.25},
        call=lambda it, q, k, v, padding: it(q, k, v, key_padding_mask=padding, need_weights=False),
    ),
    Case(
        "MultiheadAttention",
        [SEQUENCE] * 3,
        {"num_heads": 2, "batch_first": True, "is_causal": True},
        call=lambda it, q, k, v: it(q, k, v, attn_mask=_causal(7)),
    ),
    Case("TransformerEncoderLayer", [SEQUENCE], SMALL),
    Case("TransformerEncoderLayer", [SEQUENCE], {"nhead": 4, "bias": False, "norm_first": True, "activation": "gelu"}),
    Case(
        "TransformerEncoderLayer",
        [SEQUENCE, _padding(7)],
        {**SMALL, "dropout": 0.0, "is_causal": True},
        call=lambda it, x, padding: it(x, _causal(7), padding, is_causal=True),
    ),
    Case("TransformerDecoderLayer", [SEQUENCE, MEMORY], SMALL),
    Case(
        "TransformerDecoderLayer",
        [SEQUENCE, MEMORY, _padding(5, "memory_key_padding_mask")],
        {**SMALL, "norm_first": True, "bias": False, "is_causal": True},
        call=lambda it, x, memory, padding: it(
            x, memory, _causal(7), memory_key_padding_mask=padding, tgt_is_causal=True
        ),
    ),
    Case("TransformerEncoder", [SEQUENCE], {**SMALL, "num_layers": 2}, make=_encoder),
    Case(
        "TransformerEncoder",
        [SEQUENCE, truth([7], "key_padding_mask")],
        {**SMALL, "num_layers": 3, "norm": True, "norm_first": True, "layer_norm_eps": 1e-3},
        make=_encoder,
        call=lambda it, x, padding: it(x, src_key_padding_mask=padding),
    ),
    Case(
        "TransformerEncoder",
        [SEQUENCE],
        {**SMALL, "num_layers": 1, "is_causal": True, "activation": "gelu"},
        make=_encoder,
        call=lambda it, x: it(x, _causal(7), is_causal=True),
    ),
    Case("TransformerDecoder", [SEQUENCE, MEMORY], {**SMALL, "num_layers": 2, "norm": True}, make=_decoder),
    Case(
        "TransformerDecoder",
        [SEQUENCE, MEMORY, _padding(7)],
        {**SMALL, "num_layers": 1, "is_causal": True, "dropout": 0.0, "bias": False},
        make=_decoder,
        call=lambda it, x, memory, padding: it(x, memory, _causal(7), tgt_key_padding_mask=padding, tgt_is_causal=True),
    ),
    Case("Transformer", [MEMORY, SEQUENCE], {**SMALL, "num_encoder_layers": 1, "num_decoder_layers": 2}),
    Case(
        "Transformer",
        [MEMORY, SEQUENCE, _padding(5, "src_key_padding_mask")],
        {"nhead": 4, "batch_first": True, "num_encoder_layers": 1, "num_decoder_layers": 1, "is_causal": True}
        | {"dim_feedforward": 12, "layer_norm_eps": 1e-3, "activation": "gelu"},
        call=lambda it, src, tgt, padding: it(
            src, tgt, tgt_mask=_causal(7), src_key_padding_mask=padding, tgt_is_causal=True
        ),
    ),
]
