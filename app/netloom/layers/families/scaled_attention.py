"""Attention without weights of its own."""

from netloom.layers.declare import FLOAT_OUT, Declaration
from netloom.layers.spec import Param, Port

KINDS = (
    Declaration(
        "ScaledDotProductAttention",
        "attention",
        "function",
        "Each query takes a mixture of the values whose keys fit it. The core of every transformer.",
        "functional.scaled_dot_product_attention",
        (
            Port("query", "any", help="…×length×features, often N×heads×length×features."),
            Port("key", "any"),
            Port("value", "any"),
            Port(
                "attn_mask", "any", optional=True, help="Yes where a query may look, or numbers to add to the scores."
            ),
        ),
        FLOAT_OUT,
        stem="attention",
        keywords=("flash attention", "sdpa", "softmax", "transformer"),
        own=(
            Param("dropout_p", "float", 0.0, "Share of weights that training sets to 0.", minimum=0.0, maximum=0.99),
            Param("is_causal", "bool", False, "Each step sees only itself and those before."),
            Param(
                "scale", "float", None, "Factor of the scores. Empty: one by the root of the features.", optional=True
            ),
        ),
    ),
)
