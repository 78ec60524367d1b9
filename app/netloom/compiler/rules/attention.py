"""Attention and what is built of it. Parameter counts follow the weights that torch.nn creates."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    flag,
    number,
    one,
    optional,
    to_type,
)
from netloom.compiler.rules.sequence import expect_sequence, expect_width

ATTENTION_MASKS = ("attn_mask", "key_padding_mask")
ENCODER_MASKS = ("mask", "key_padding_mask")
MEMORY_MASKS = ("memory_mask", "memory_key_padding_mask")
SOURCE_MASKS = ("src_mask", "src_key_padding_mask")
TARGET_MASKS = ("tgt_mask", "tgt_key_padding_mask")


@dataclass(frozen=True, slots=True)
class Sides:
    """Who looks at whom: batch, steps that look, and steps that are looked at."""

    batch: Dim
    steps: Dim
    seen: Dim


def attention(arguments: Arguments, inputs: Inputs) -> Answer:
    """MultiheadAttention: queries against keys, which bring values along."""
    query, key, value = (one(inputs, port) for port in ("query", "key", "value"))
    for port, flow in (("query", query), ("key", key), ("value", value)):
        expect_sequence(flow, port)
    width, heads = number(arguments, "embed_dim"), number(arguments, "num_heads")
    key_width, value_width = optional(arguments, "kdim", width), optional(arguments, "vdim", width)
    expect_width(query, "embed_dim", width, "query")
    _expect_side("kdim", key, key_width, "key")
    _expect_side("vdim", value, value_width, "value")
    expect_heads("embed_dim", width, "num_heads", heads)
    sides = _sides(arguments, query, key, "key")
    if key.shape[:2] != value.shape[:2]:
        raise Mismatch(f"key and value of {{node}} must have the same length, get {key} and {value}.", "value")
    expect_masks(arguments, inputs, heads, sides, ATTENTION_MASKS)
    parameters = width * (width + key_width + value_width + width)
    parameters += 4 * width * flag(arguments, "bias") + 2 * width * flag(arguments, "add_bias_kv")
    grown = sides.seen + flag(arguments, "add_bias_kv") + flag(arguments, "add_zero_attn")
    projections = sides.steps * 2 * width * width + sides.seen * width * (key_width + value_width)
    macs = sides.batch * (projections + sides.steps * grown * width * 2)
    outputs = {"output": Flow(query.shape)}
    if arguments.get("need_weights", True):
        by_head = () if arguments.get("average_attn_weights", True) else (heads,)
        outputs["weights"] = Flow((sides.batch, *by_head, sides.steps, grown))
    return Answer(outputs, parameters, macs, advice=mixed(inputs, ATTENTION_MASKS))


def _sides(arguments: Arguments, query: Flow, key: Flow, port: str) -> Sides:
    batch, steps = (0, 1) if flag(arguments, "batch_first") else (1, 0)
    if query.shape[batch] != key.shape[batch]:
        raise Mismatch(f"{{node}} looks from {query} at {key}: their batches differ.", port)
    return Sides(query.shape[batch], query.shape[steps], key.shape[steps])


def _expect_side(name: str, flow: Flow, expected: int, port: str) -> None:
    if flow.shape[-1] != expected:
        found = flow.shape[-1]
        remedies = [SetParam(f"Set {name} to {found}", {name: found})] if is_fixed(found) else []
        raise Mismatch(f"{{node}} expects {expected} features at {port}, gets {found}.", port, remedies)


def expect_heads(name: str, width: int, heads_name: str, heads: int) -> None:
    """Refuse heads that cannot share the features evenly."""
    if width % heads:
        small = [each for each in range(1, math.isqrt(width) + 1) if width % each == 0]
        fitting = max(each for each in (*small, *(width // each for each in small)) if each <= heads)
        remedies = [SetParam(f"Use {fitting} heads" if fitting > 1 else "Use 1 head", {heads_name: fitting})]
        raise Mismatch(f"{name} of {{node}} is {width}, which {heads} heads cannot share evenly.", None, remedies)


def expect_masks(
    arguments: Arguments, inputs: Inputs, heads: int, sides: Sides, ports: tuple[str, str], *, causal: bool = True
) -> None:
    """Refuse masks that do not fit the steps, and one where the layer makes its own."""
    mask, padding = ports
    for flow in inputs.get(mask, ()):
        _expect_mask_type(flow, mask)
        fitting = ((sides.steps, sides.seen), (sides.batch * heads, sides.steps, sides.seen))
        if flow.shape not in fitting:
            raise Mismatch(f"{mask} of {{node}} must be {Flow(fitting[0])}, gets {flow}.", mask)
    for flow in inputs.get(padding, ()):
        _expect_mask_type(flow, padding)
        if flow.shape != (sides.batch, sides.seen):
            raise Mismatch(f"{padding} of {{node}} must be {Flow((sides.batch, sides.seen))}, gets {flow}.", padding)
    if causal and flag(arguments, "is_causal"):
        _expect_causal(inputs, sides, mask)


def mixed(inputs: Inputs, *pairs: tuple[str, str]) -> Mismatch | None:
    """The advice where two masks of one attention are of two types, which PyTorch will not take for long."""
    for mask, padding in pairs:
        dtypes = {flow.dtype for port in (mask, padding) for flow in inputs.get(port, ())}
        if len(dtypes) > 1:
            text = f"{mask} and {padding} of {{node}} should be of one type, and are {' and '.join(sorted(dtypes))}."
            return Mismatch(text, padding)
    return None


def _expect_mask_type(flow: Flow, port: str) -> None:
    if flow.dtype not in ("bool", "float32"):
        cast = to_type("bool")
        raise Mismatch(f"{port} of {{node}} is yes and no values or float32, gets {flow.dtype}.", port, [cast])


def _expect_causal(inputs: Inputs, sides: Sides, mask: str) -> None:
    remedies = [SetParam("Set is_causal to false", {"is_causal": False})]
    if inputs.get(mask):
        raise Mismatch("{node} makes the mask itself where is_causal is true, and a mask is wired too.", mask, remedies)
    if sides.steps != sides.seen:
        text = f"{{node}} can only be causal within one sequence, but looks from {sides.steps} steps at {sides.seen}."
        raise Mismatch(text, None, remedies)


def encoder(arguments: Arguments, inputs: Inputs) -> Answer:
    """TransformerEncoderLayer and TransformerEncoder: rounds of self-attention, each with a small network."""
    flow = one(inputs)
    sides = _expect_layer(arguments, flow, flow, "input")
    expect_masks(arguments, inputs, number(arguments, "nhead"), sides, ENCODER_MASKS)
    return _stacked(arguments, inputs, _encoder_layer(arguments, sides))


def decoder(arguments: Arguments, inputs: Inputs) -> Answer:
    """TransformerDecoderLayer and TransformerDecoder: self-attention, attention to a memory, a small network."""
    flow, memory = one(inputs), one(inputs, "memory")
    own = _expect_layer(arguments, flow, flow, "input")
    sides = _expect_layer(arguments, flow, memory, "memory")
    heads = number(arguments, "nhead")
    expect_masks(arguments, inputs, heads, own, ENCODER_MASKS)
    expect_masks(arguments, inputs, heads, sides, MEMORY_MASKS, causal=False)
    return _stacked(arguments, inputs, _decoder_layer(arguments, sides))


def _stacked(arguments: Arguments, inputs: Inputs, layer: tuple[int, Dim]) -> Answer:
    layers = optional(arguments, "num_layers", 1)
    parameters = layers * layer[0] + _last_norm(arguments)
    advice = mixed(inputs, ENCODER_MASKS, MEMORY_MASKS)
    return Answer({"output": Flow(one(inputs).shape)}, parameters, layers * layer[1], advice=advice)


def transformer(arguments: Arguments, inputs: Inputs) -> Answer:
    """Transformer: an encoder reads src, a decoder answers with tgt; each ends with a normalisation."""
    src, tgt = one(inputs, "src"), one(inputs, "tgt")
    reading, writing = _expect_layer(arguments, src, src, "src"), _expect_layer(arguments, tgt, tgt, "tgt")
    sides = _expect_layer(arguments, tgt, src, "src")
    heads = number(arguments, "nhead")
    expect_masks(arguments, inputs, heads, reading, SOURCE_MASKS, causal=False)
    expect_masks(arguments, inputs, heads, writing, TARGET_MASKS)
    expect_masks(arguments, inputs, heads, sides, MEMORY_MASKS, causal=False)
    parameters = 2 * _norm(arguments)
    macs: Dim = 0
    for name, layer, seen in (
        ("num_encoder_layers", _encoder_layer, reading),
        ("num_decoder_layers", _decoder_layer, sides),
    ):
        weights, work = layer(arguments, seen)
        parameters += number(arguments, name) * weights
        macs = macs + number(arguments, name) * work
    advice = mixed(inputs, SOURCE_MASKS, TARGET_MASKS, MEMORY_MASKS)
    return Answer({"output": Flow(tgt.shape)}, parameters, macs, advice=advice)


def _expect_layer(arguments: Arguments, looking: Flow, seen: Flow, port: str) -> Sides:
    width = number(arguments, "d_model")
    expect_sequence(seen, port)
    expect_width(seen, "d_model", width, port)
    expect_heads("d_model", width, "nhead", number(arguments, "nhead"))
    return _sides(arguments, looking, seen, port)


def _norm(arguments: Arguments) -> int:
    return number(arguments, "d_model") * (1 + flag(arguments, "bias"))


def _last_norm(arguments: Arguments) -> int:
    """TransformerEncoder and TransformerDecoder have one more where it is wanted; as made here it has a bias."""
    return 2 * number(arguments, "d_model") * flag(arguments, "norm")


def _attending(arguments: Arguments, sides: Sides) -> tuple[int, Dim]:
    """Parameters and multiply-adds of one attention."""
    width = number(arguments, "d_model")
    macs = sides.batch * (2 * width * width * (sides.steps + sides.seen) + 2 * width * sides.steps * sides.seen)
    return 4 * width * width + 4 * width * flag(arguments, "bias"), macs


def _network(arguments: Arguments, sides: Sides) -> tuple[int, Dim]:
    """Parameters and multiply-adds of the two linear layers."""
    width, inner = number(arguments, "d_model"), number(arguments, "dim_feedforward")
    return 2 * width * inner + (width + inner) * flag(arguments, "bias"), sides.batch * sides.steps * 2 * width * inner


def _encoder_layer(arguments: Arguments, sides: Sides) -> tuple[int, Dim]:
    (looking, first), (working, second) = _attending(arguments, sides), _network(arguments, sides)
    return looking + working + 2 * _norm(arguments), first + second


def _decoder_layer(arguments: Arguments, sides: Sides) -> tuple[int, Dim]:
    own = Sides(sides.batch, sides.steps, sides.steps)
    (looking, first), (working, second) = _attending(arguments, sides), _encoder_layer(arguments, own)
    return looking + working + _norm(arguments), first + second


RULES: Mapping[str, Rule] = {
    "MultiheadAttention": attention,
    **dict.fromkeys(("TransformerEncoderLayer", "TransformerEncoder"), encoder),
    **dict.fromkeys(("TransformerDecoderLayer", "TransformerDecoder"), decoder),
    "Transformer": transformer,
}
