"""Recurrent layers and attention. Parameter counts follow the weights that torch.nn creates."""

import math
from collections.abc import Mapping

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    expect_float,
    flag,
    number,
    one,
    optional,
)

RANK = 3


def _expect_sequence(flow: Flow, port: str = "input") -> None:
    expect_float(flow, port)
    if len(flow.shape) != RANK:
        raise Mismatch(f"{{node}} takes a sequence N×L×D, gets {flow}.", port)


def _expect_width(flow: Flow, name: str, expected: int, port: str = "input") -> None:
    if flow.shape[-1] != expected:
        remedies = [SetParam(f"Use {flow.shape[-1]}", unset=(name,))]
        raise Mismatch(f"{{node}} expects {expected} features, gets {flow.shape[-1]}.", port, remedies)


def recurrent(gates: int, states: tuple[str, ...]) -> Rule:
    """RNN (1 gate), GRU (3) and LSTM (4) over a whole sequence."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        _expect_sequence(flow)
        width, hidden = number(arguments, "input_size"), number(arguments, "hidden_size")
        _expect_width(flow, "input_size", width)
        layers, ways = optional(arguments, "num_layers", 1), 1 + flag(arguments, "bidirectional")
        projected = optional(arguments, "proj_size", 0)
        if projected >= hidden:
            raise Mismatch(
                "proj_size of {node} must be smaller than its hidden_size.", None, [SetParam("Use 0", {"proj_size": 0})]
            )
        put_out = projected or hidden
        weights = _weights(arguments, gates, width, layers, ways)
        batch = flow.shape[0] if flag(arguments, "batch_first") else flow.shape[1]
        state = Flow((layers * ways, batch, put_out), flow.dtype)
        cell = Flow((layers * ways, batch, hidden), flow.dtype)
        shapes = {"hidden": state, "cell": cell}
        _expect_states(inputs, states, shapes)
        outputs = {"output": Flow((*flow.shape[:2], put_out * ways), flow.dtype)} | {
            name: shapes[name] for name in states
        }
        biases = 2 * gates * hidden * ways * layers * flag(arguments, "bias")
        return Answer(outputs, weights + biases, product(flow.shape[:2]) * weights)

    return rule


def _weights(arguments: Arguments, gates: int, width: int, layers: int, ways: int) -> int:
    hidden, projected = number(arguments, "hidden_size"), optional(arguments, "proj_size", 0)
    put_out = projected or hidden
    arriving = width + (layers - 1) * put_out * ways
    return ways * (gates * hidden * (arriving + layers * put_out) + layers * projected * hidden)


def _expect_states(inputs: Inputs, states: tuple[str, ...], shapes: dict[str, Flow]) -> None:
    wired = [name for name in states if inputs.get(name)]
    if wired and len(wired) < len(states):
        missing = next(name for name in states if name not in wired)
        raise Mismatch(f"{{node}} needs {missing} as well when {wired[0]} is wired.", missing)
    for name in wired:
        found = inputs[name][0]
        if found.shape != shapes[name].shape:
            raise Mismatch(f"{name} of {{node}} must be {shapes[name]}, gets {found}.", name)


def attention(arguments: Arguments, inputs: Inputs) -> Answer:
    """MultiheadAttention: queries against keys, which bring values along."""
    query, key, value = (one(inputs, port) for port in ("query", "key", "value"))
    for port, flow in (("query", query), ("key", key), ("value", value)):
        _expect_sequence(flow, port)
    width, heads = number(arguments, "embed_dim"), number(arguments, "num_heads")
    key_width, value_width = optional(arguments, "kdim", width), optional(arguments, "vdim", width)
    _expect_width(query, "embed_dim", width, "query")
    _expect_side("kdim", key, key_width, "key")
    _expect_side("vdim", value, value_width, "value")
    _expect_heads("embed_dim", width, "num_heads", heads)
    first = flag(arguments, "batch_first")
    batch, steps, seen = (
        (query.shape[0], query.shape[1], key.shape[1]) if first else (query.shape[1], query.shape[0], key.shape[0])
    )
    if key.shape[:2] != value.shape[:2]:
        raise Mismatch(f"key and value of {{node}} must have the same length, get {key} and {value}.", "value")
    projections = width * (width + key_width + value_width + width)
    biases = 4 * width * flag(arguments, "bias") + 2 * width * flag(arguments, "add_bias_kv")
    grown = seen + flag(arguments, "add_bias_kv") + flag(arguments, "add_zero_attn")
    macs = batch * (steps * 2 * width * width + seen * width * (key_width + value_width) + steps * grown * width * 2)
    outputs = {"output": Flow(query.shape, query.dtype), "weights": Flow((batch, steps, grown), query.dtype)}
    return Answer(outputs, projections + biases, macs)


def _expect_side(name: str, flow: Flow, expected: int, port: str) -> None:
    if flow.shape[-1] != expected:
        found = flow.shape[-1]
        remedies = [SetParam(f"Set {name} to {found}", {name: found})] if is_fixed(found) else []
        raise Mismatch(f"{{node}} expects {expected} features at {port}, gets {found}.", port, remedies)


def _expect_heads(name: str, width: int, heads_name: str, heads: int) -> None:
    if width % heads:
        small = [each for each in range(1, math.isqrt(width) + 1) if width % each == 0]
        fitting = max(each for each in (*small, *(width // each for each in small)) if each <= heads)
        remedies = [SetParam(f"Use {fitting} heads" if fitting > 1 else "Use 1 head", {heads_name: fitting})]
        raise Mismatch(f"{name} of {{node}} is {width}, which {heads} heads cannot share evenly.", None, remedies)


def encoder_layer(arguments: Arguments, inputs: Inputs) -> Answer:
    """TransformerEncoderLayer: self-attention and two linear layers, each with a normalisation."""
    flow = one(inputs)
    _expect_sequence(flow)
    width, heads, inner = (number(arguments, name) for name in ("d_model", "nhead", "dim_feedforward"))
    _expect_width(flow, "d_model", width)
    _expect_heads("d_model", width, "nhead", heads)
    bias = flag(arguments, "bias")
    weights = 4 * width * width + 2 * width * inner
    biases = (4 * width + inner + width) * bias
    norms = 2 * width * (1 + bias)
    steps: Dim = flow.shape[1] if flag(arguments, "batch_first") else flow.shape[0]
    macs = product(flow.shape[:2]) * (weights + 2 * steps * width)
    return Answer({"output": Flow(flow.shape, flow.dtype)}, weights + biases + norms, macs)


RULES: Mapping[str, Rule] = {
    "LSTM": recurrent(4, ("hidden", "cell")),
    "GRU": recurrent(3, ("hidden",)),
    "MultiheadAttention": attention,
    "TransformerEncoderLayer": encoder_layer,
}
