"""How attention layers are made and called: stacks of layers, masks by name, and the mask of what is causal."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from netloom.compiler.calls.text import Constructor, Incoming, constructor, literal
from netloom.graph.model import Value
from netloom.layers.catalogue import spec

Arguments: TypeAlias = Mapping[str, Value]
Call: TypeAlias = Callable[[Arguments, Incoming], str]

NAMES: Mapping[str, Mapping[str, str]] = {
    "MultiheadAttention": {},
    "TransformerEncoderLayer": {"mask": "src_mask", "key_padding_mask": "src_key_padding_mask"},
    "TransformerEncoder": {"key_padding_mask": "src_key_padding_mask"},
    "TransformerDecoderLayer": {"mask": "tgt_mask", "key_padding_mask": "tgt_key_padding_mask"},
    "TransformerDecoder": {"mask": "tgt_mask", "key_padding_mask": "tgt_key_padding_mask"},
    "Transformer": {},
}
"""What torch calls the masks that have another name on the canvas."""

HINTS: Mapping[str, tuple[str, str, str, str]] = {
    "MultiheadAttention": ("query", "key_padding_mask", "attn_mask", ""),
    "TransformerEncoderLayer": ("input", "key_padding_mask", "src_mask", "is_causal"),
    "TransformerEncoder": ("input", "key_padding_mask", "mask", "is_causal"),
    "TransformerDecoderLayer": ("input", "key_padding_mask", "tgt_mask", "tgt_is_causal"),
    "TransformerDecoder": ("input", "key_padding_mask", "tgt_mask", "tgt_is_causal"),
    "Transformer": ("tgt", "tgt_key_padding_mask", "tgt_mask", "tgt_is_causal"),
}
"""The ports of the sequence that is causal and of its padding, the argument for its mask, and the one that says so."""


def _call(kind: str) -> Call:
    def written(arguments: Arguments, incoming: Incoming) -> str:
        words = [name for port, names in incoming.items() if "mask" not in port for name in names]
        masks = {port: names[0] for port, names in incoming.items() if "mask" in port and names}
        words += [f"{NAMES[kind].get(port, port)}={name}" for port, name in masks.items()]
        if arguments.get("is_causal"):
            words += _causal(kind, arguments, incoming)
        return ", ".join([*words, *_weights(arguments)])

    return written


def _causal(kind: str, arguments: Arguments, incoming: Incoming) -> Iterable[str]:
    port, padding, mask, hint = HINTS[kind]
    sequence = incoming[port][0]
    steps = f"{sequence}.shape[{1 if arguments['batch_first'] else 0}]"
    # PyTorch wants both masks to be of one type; as a bool, what is minus infinity becomes yes.
    alike = f".to({incoming[padding][0]}.dtype)" if incoming.get(padding) else ""
    yield f"{mask}=nn.Transformer.generate_square_subsequent_mask({steps}, device={sequence}.device){alike}"
    if hint:
        yield f"{hint}=True"


def _weights(arguments: Arguments) -> Iterable[str]:
    """What MultiheadAttention says of its weights."""
    for name in ("need_weights", "average_attn_weights"):
        if not arguments.get(name, True):
            yield f"{name}=False"


CALLS: Mapping[str, Call] = {kind: _call(kind) for kind in NAMES}


def _stack(kind: str) -> Constructor:
    """A stack is made from one layer, which it copies. Nested tensors would change what it puts out."""

    def written(arguments: Arguments) -> str:
        layer = constructor(spec(f"{kind}Layer"), arguments)
        words = [layer, f"num_layers={literal(arguments['num_layers'])}"]
        if arguments["norm"]:
            last = {"normalized_shape": arguments["d_model"], "eps": arguments["layer_norm_eps"]}
            defaults = {param.name: param.default for param in spec("LayerNorm").params}
            words.append(f"norm={constructor(spec('LayerNorm'), defaults | last)}")
        if kind == "TransformerEncoder":
            words.append("enable_nested_tensor=False")
        return f"nn.{kind}({', '.join(words)})"

    return written


CONSTRUCTORS: Mapping[str, Constructor] = {kind: _stack(kind) for kind in ("TransformerEncoder", "TransformerDecoder")}
