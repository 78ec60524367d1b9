"""How each kind is written in Python: a literal, a constructor call, an expression over what flows in."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from netloom.errors import BuildError
from netloom.graph.model import Value
from netloom.layers.spec import LayerSpec, Param

Incoming: TypeAlias = Mapping[str, Sequence[str]]
Expression: TypeAlias = Callable[[Mapping[str, Value], Incoming], str]


def literal(value: Value) -> str:
    """A parameter's value as Python; only plain values get this far, so nothing in the text can run."""
    if isinstance(value, list):
        return tuple_of([literal(item) for item in value])
    if value is None or type(value) in (bool, int, float):
        return repr(value)
    if isinstance(value, str):
        return '"' + value.encode("unicode_escape").decode("ascii").replace('"', '\\"') + '"'
    raise BuildError(f"{type(value).__name__} is not a value that a parameter can have.")


def tuple_of(words: Sequence[str]) -> str:
    """Expressions as a tuple."""
    return f"({', '.join(words)}{',' if len(words) == 1 else ''})"


def target_name(target: str) -> str:
    """torch.nn.Conv2d as nn.Conv2d."""
    return target.replace("torch.nn.", "nn.", 1) if target.startswith("torch.nn.") else target


def constructor(spec: LayerSpec, arguments: Mapping[str, Value]) -> str:
    """The call that makes a module: what is always said by position, what differs from its default by name."""
    return f"{target_name(spec.target)}({', '.join(_written(spec, arguments))})"


def _written(spec: LayerSpec, arguments: Mapping[str, Value]) -> list[str]:
    words: list[str] = []
    by_position = True
    for param in spec.params:
        value = _plain(param, arguments[param.name])
        by_position &= param.positional
        if by_position:
            words.append(literal(value))
        elif param.required or value != param.default:
            words.append(f"{param.name}={literal(value)}")
    return words


def _plain(param: Param, value: Value) -> Value:
    """A size with the same number everywhere as that one number."""
    if param.type == "size" and isinstance(value, list) and len(set(cast(list[int], value))) == 1:
        return cast(int, value[0])
    return value


def module_call(name: str, incoming: Incoming, kind: str) -> str:
    """The call of a module in `forward`."""
    return f"self.{name}({CALL_ARGUMENTS.get(kind, _all_inputs)(incoming)})"


def _all_inputs(incoming: Incoming) -> str:
    return ", ".join(name for names in incoming.values() for name in names)


def _with_states(incoming: Incoming) -> str:
    states = [incoming[port][0] for port in ("hidden", "cell") if incoming.get(port)]
    sequence = incoming["input"][0]
    if not states:
        return sequence
    return f"{sequence}, {states[0]}" if len(states) == 1 else f"{sequence}, ({', '.join(states)})"


CALL_ARGUMENTS: Mapping[str, Callable[[Incoming], str]] = {
    "LSTM": _with_states,
    "GRU": _with_states,
}

RESULTS = {
    "LSTM": "{output}, ({hidden}, {cell})",
    "GRU": "{output}, {hidden}",
    "MultiheadAttention": "{output}, {weights}",
}
"""How the result of a call with several outputs is taken apart."""


def _infix(sign: str) -> Expression:
    def expression(_: Mapping[str, Value], incoming: Incoming) -> str:
        return f" {sign} ".join(incoming["inputs"])

    return expression


def _reshaped(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    source = incoming["input"][0]
    shape = cast(list[int], arguments["shape"])
    batch = f"{source}.shape[0]" if -1 in shape else "-1"
    return f"{source}.reshape({', '.join([batch, *map(literal, shape)])})"


def _permuted(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    return f"{incoming['input'][0]}.permute({', '.join(map(literal, cast(list[Value], arguments['dims'])))})"


def _concatenated(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    return f"torch.cat([{', '.join(incoming['inputs'])}], dim={literal(arguments['dim'])})"


def _mean(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    keep = ", keepdim=True" if arguments.get("keepdim") else ""
    return f"{incoming['input'][0]}.mean(dim={literal(arguments['dim'])}{keep})"


EXPRESSIONS: Mapping[str, Expression] = {
    "Add": _infix("+"),
    "Multiply": _infix("*"),
    "Reshape": _reshaped,
    "Permute": _permuted,
    "Concatenate": _concatenated,
    "Mean": _mean,
}
