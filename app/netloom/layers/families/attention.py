"""Layers in which every position can look at every other."""

from collections.abc import Mapping

from netloom.graph.model import Value
from netloom.layers.declare import FLOAT_OUT, Declaration, Tuning
from netloom.layers.spec import Derived, Param, Port

WIDTH = "Features at each position. The heads share them."
CAUSAL = Param(
    "is_causal",
    "bool",
    False,
    "Let each position look only at itself and at those before it. The mask is made by itself.",
    call=True,
)
ACTIVATION: Tuning = {"type": "choice", "choices": ("relu", "gelu")}
SIZES: dict[str, Tuning] = {
    "nhead": {"default": 4, "minimum": 1, "positional": True},
    "dim_feedforward": {"minimum": 1},
    "activation": ACTIVATION,
    "layer_norm_eps": {"minimum": 0.0},
}


def _mask(name: str, text: str) -> Port:
    return Port(name, "any", optional=True, help=text)


MASK = "Yes where a position must not look, or what is added to the scores: steps×steps."
PADDING = "Yes for positions that only fill up: N×steps."


def _attended(params: Mapping[str, Value]) -> tuple[Port, ...]:
    output = Port("output")
    if params.get("need_weights") is False:
        return (output,)
    return (output, Port("weights", help="How much each position looked at each other one."))


def _layer(
    kind: str, summary: str, stem: str, inputs: tuple[Port, ...], width: Derived, keywords: tuple[str, ...]
) -> Declaration:
    tuned = SIZES | {"d_model": Tuning(derived=width, minimum=1, positional=True)}
    return Declaration(
        kind,
        "attention",
        "module",
        summary,
        f"torch.nn.{kind}",
        inputs,
        FLOAT_OUT,
        stem,
        ("transformer", "self attention", *keywords),
        tuned,
        closing=(CAUSAL,),
    )


def _stack(
    kind: str, summary: str, stem: str, inputs: tuple[Port, ...], hidden: str, keywords: tuple[str, ...]
) -> Declaration:
    return Declaration(
        kind,
        "attention",
        "module",
        summary,
        f"torch.nn.{kind}",
        inputs,
        FLOAT_OUT,
        stem,
        ("transformer", "self attention", "stack", *keywords),
        {"num_layers": {"default": 6, "minimum": 1, "maximum": 999, "help": "How many layers follow each other."}},
        frozenset({hidden, "norm", "enable_nested_tensor", "mask_check"}),
        OF_LAYER,
        (CAUSAL,),
    )


OF_LAYER = (
    Param("d_model", "int", None, WIDTH, minimum=1, derived=Derived("input", -1)),
    Param("nhead", "int", 4, "How many heads look for something of their own.", minimum=1, required=True),
    Param("dim_feedforward", "int", 2048, "Features inside the small network at each position.", minimum=1),
    Param("dropout", "float", 0.1, "Part of the values that is switched off while training.", minimum=0.0, maximum=1.0),
    Param("activation", "choice", "relu", "The curve inside the small network.", ("relu", "gelu")),
    Param("layer_norm_eps", "float", 1e-5, "A small number that keeps divisions finite.", minimum=0.0),
    Param("batch_first", "bool", False, "Whether the batch comes first: N×L×features.", start=True),
    Param("norm_first", "bool", False, "Normalise before attention and network instead of after them."),
    Param("bias", "bool", True, "Whether the layers also learn constants."),
    Param("norm", "bool", False, "Normalise once more after the last layer. Goes well with norm_first."),
)

INPUT = Port("input", help="A sequence: N×L×features with batch_first.")
MEMORY = Port("memory", help="What an encoder has read: N×S×features with batch_first.")
ENCODED = (INPUT, _mask("mask", MASK), _mask("key_padding_mask", PADDING))
DECODED = (
    INPUT,
    MEMORY,
    _mask("mask", MASK),
    _mask("memory_mask", "The same for the memory: steps×its steps."),
    _mask("key_padding_mask", PADDING),
    _mask("memory_key_padding_mask", "Yes for positions of the memory that only fill up."),
)

KINDS = (
    Declaration(
        "MultiheadAttention",
        "attention",
        "module",
        "Lets every position ask all others for what it needs. Each head looks for something else.",
        "torch.nn.MultiheadAttention",
        (
            Port("query", help="What each position asks."),
            Port("key", help="What each position offers to be found by."),
            Port("value", help="What each position hands over."),
            _mask("attn_mask", MASK),
            _mask("key_padding_mask", PADDING),
        ),
        _attended,
        "attention",
        ("self attention", "transformer", "mha", "heads", "query"),
        {
            "embed_dim": {"derived": Derived("query", -1), "minimum": 1, "positional": True},
            "kdim": {"type": "int", "minimum": 1},
            "vdim": {"type": "int", "minimum": 1},
        },
        closing=(
            CAUSAL,
            Param("need_weights", "bool", True, "Put the weights out too. Without them it is faster.", call=True),
            Param("average_attn_weights", "bool", True, "Average the weights over the heads.", call=True),
        ),
    ),
    _layer(
        "TransformerEncoderLayer",
        "One round of attention followed by a small network at each position. Stack a few to read text or series.",
        "encoder",
        ENCODED,
        Derived("input", -1),
        ("bert", "encoder"),
    ),
    _layer(
        "TransformerDecoderLayer",
        "Attention to itself, attention to a memory, and a small network at each position.",
        "decoder",
        DECODED,
        Derived("input", -1),
        ("decoder", "cross attention"),
    ),
    _stack(
        "TransformerEncoder",
        "Several encoder layers one after another.",
        "encoder",
        ENCODED,
        "encoder_layer",
        ("bert", "encoder"),
    ),
    _stack(
        "TransformerDecoder",
        "Several decoder layers one after another, which all look at one memory.",
        "decoder",
        DECODED,
        "decoder_layer",
        ("decoder", "cross attention"),
    ),
    Declaration(
        "Transformer",
        "attention",
        "module",
        "Encoder and decoder in one: reads one sequence and answers with another, as in translation.",
        "torch.nn.Transformer",
        (
            Port("src", help="What is read: N×S×features with batch_first."),
            Port("tgt", help="What has been answered so far: N×L×features with batch_first."),
            _mask("src_mask", "Yes where a position of src must not look: steps×steps."),
            _mask("tgt_mask", MASK),
            _mask("memory_mask", "The same from tgt to src: steps×steps of src."),
            _mask("src_key_padding_mask", "Yes for positions of src that only fill up."),
            _mask("tgt_key_padding_mask", PADDING),
            _mask("memory_key_padding_mask", "Yes for positions of src that tgt must not look at."),
        ),
        FLOAT_OUT,
        "transformer",
        ("seq2seq", "translation", "self attention"),
        SIZES
        | {
            "d_model": {"default": None, "derived": Derived("src", -1), "minimum": 1, "positional": True},
            "num_encoder_layers": {"minimum": 1, "maximum": 999},
            "num_decoder_layers": {"minimum": 1, "maximum": 999},
        },
        frozenset({"custom_encoder", "custom_decoder"}),
        closing=(CAUSAL,),
    ),
)
