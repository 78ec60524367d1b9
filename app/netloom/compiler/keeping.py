"""What waits in memory for the backward pass: which results autograd keeps, and what layers of many operations keep."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from netloom.compiler.plan import NodePlan, Plan

Readers: TypeAlias = Mapping[str, Sequence[NodePlan]]

NUMBER = 4

READS_RESULT = frozenset(
    {
        *("ReLU", "Sigmoid", "Tanh", "Softmax", "Softmax2d", "Softmin", "LogSoftmax"),
        *("Exp", "Expm1", "Sqrt", "Rsqrt", "Reciprocal"),
        *("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"),
    }
)
"""Kinds whose backward pass looks at what they put out, or at a mask of their own, and not at what came in."""
READS_NOTHING = frozenset(
    {"Add", "Subtract", "Negative", "Mean", "Sum", "Concatenate", "Stack", "Floor", "Ceil", "Round", "Sign"}
)
"""Kinds whose backward pass needs no values at all."""
MASKS = 2
"""A dropout keeps its mask beside its result."""


def readers_of(plan: Plan) -> Readers:
    """Which nodes of one level read what each node puts out."""
    found: dict[str, list[NodePlan]] = {}
    for item in plan.nodes.values():
        for key in {wire.source for wire in item.wires}:
            found.setdefault(key, []).append(item)
    return found


def waiting(item: NodePlan, readers: Readers) -> int:
    """Bytes of one sample that a node keeps for the backward pass, where what reads it is known too.

    A result that neither the node itself nor any reader looks at again is let go.
    """
    if item.part == "data" or not item.kept:
        return 0
    if item.block is not None:
        inner = readers_of(item.block)
        return sum(waiting(each, inner) for each in item.block.nodes.values()) * repeats(item)
    if item.node.kind in COMPOSITE:
        return COMPOSITE[item.node.kind](item)
    result = sum(flow.size() for flow in item.outputs.values())
    if item.node.kind not in READS_RESULT and not _is_read_again(item.node.id, readers):
        return max(0, item.kept - result)
    return item.kept * MASKS if "Dropout" in item.node.kind and item.kept == result else item.kept


def _is_read_again(key: str, readers: Readers) -> bool:
    """Whether the backward pass of any reader looks at a node's result; views lead on to their own readers."""
    return key not in readers or any(_looks_back(each, readers) for each in readers[key])


def _looks_back(reader: NodePlan, readers: Readers) -> bool:
    if reader.node.kind in READS_RESULT or reader.node.kind in READS_NOTHING:
        return False
    is_view = not reader.kept and reader.part == "model" and not reader.parameters
    return _is_read_again(reader.node.id, readers) if is_view else True


def repeats(item: NodePlan) -> int:
    """How often a block's definition stands in its node."""
    return cast(int, item.arguments.get("repeat") or 1)


def _numbers(item: NodePlan, port: str) -> int:
    flows = item.inputs.get(port)
    return flows[0].size() // flows[0].item_size if flows else 0


def _width(item: NodePlan, port: str) -> int:
    return int(size) if isinstance(size := item.inputs[port][0].shape[-1], int) else 1


def _recurrent(times: int) -> Callable[[NodePlan], int]:
    """Gates and states at every place of the sequence, in every layer and direction."""

    def found(item: NodePlan) -> int:
        hidden = cast(int, item.arguments["hidden_size"])
        directions = 2 if item.arguments.get("bidirectional") else 1
        layers = cast(int, item.arguments.get("num_layers") or 1) * directions
        places = _numbers(item, "input") // _width(item, "input")
        return NUMBER * times * hidden * places * layers

    return found


def _attention(item: NodePlan) -> int:
    """Query, key, value, their mixture and the result; and the weights where they are asked for."""
    ports = [port if item.inputs.get(port) else "query" for port in ("query", "key", "value")]
    query, key, given = (_numbers(item, port) for port in ports)
    weighed = bool(item.arguments.get("need_weights") or len(item.outputs) > 1 or item.arguments.get("dropout"))
    pairs = _pairs(item, "query", ports[1], "num_heads") if weighed else 0
    return NUMBER * (3 * query + key + given + pairs)


def _pairs(item: NodePlan, one: str, other: str, heads: str) -> int:
    """How many places are weighed against each other, over all heads."""
    places = [_numbers(item, port) // _width(item, port) for port in (one, other)]
    return cast(int, item.arguments.get(heads) or 1) * places[0] * places[1]


def _transformer(values: int, attentions: int, source: str) -> Callable[[NodePlan], int]:
    """A layer of attention and a small network, as measured: results, widened results, weights where some drop out."""

    def found(item: NodePlan) -> int:
        width, size = _width(item, source), _numbers(item, source)
        wide = size // width * cast(int, item.arguments.get("dim_feedforward") or 0)
        drops = attentions * 3 * _pairs(item, source, source, "nhead") if item.arguments.get("dropout") else 0
        layers = cast(int, item.arguments.get("num_layers") or 1)
        return NUMBER * (values * size + 3 * wide + drops) * layers

    return found


COMPOSITE: Mapping[str, Callable[[NodePlan], int]] = {
    "LSTM": _recurrent(17),
    "GRU": _recurrent(8),
    "RNN": _recurrent(2),
    "LSTMCell": _recurrent(6),
    "GRUCell": _recurrent(7),
    "RNNCell": _recurrent(2),
    "MultiheadAttention": _attention,
    "TransformerEncoderLayer": _transformer(12, 1, "input"),
    "TransformerEncoder": _transformer(12, 1, "input"),
    "TransformerDecoderLayer": _transformer(21, 2, "input"),
    "TransformerDecoder": _transformer(21, 2, "input"),
}
"""Bytes of one sample that a layer of many operations keeps, measured on the processor in times of its sizes."""
