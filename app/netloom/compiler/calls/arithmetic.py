"""How calculations, comparisons and reductions are written in `forward`."""

from collections.abc import Mapping

from netloom.compiler.calls.text import Expression, Incoming, is_hole, literal
from netloom.compiler.calls.words import call, is_nothing, method, named, said, single, source
from netloom.graph.model import Value


def _is_negative(value: Value) -> bool:
    return isinstance(value, int | float) and value < 0 and not is_hole(value)


def _sum(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    value = arguments["value"]
    words = " + ".join(incoming["inputs"])
    if is_nothing(value):
        return words
    if isinstance(value, int | float) and _is_negative(value):
        return f"{words} - {literal(-value)}"
    return f"{words} + {literal(value)}"


def _product(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    value = arguments["value"]
    return " * ".join([*incoming["inputs"], *([] if is_nothing(value) else [literal(value)])])


def _infix(sign: str) -> Expression:
    """Between two tensors, or a tensor and a number, the other way round where `reverse` says so."""

    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        pair = _pair(arguments, incoming)
        return f" {sign} ".join(pair)

    return expression


def _pair(arguments: Mapping[str, Value], incoming: Incoming) -> list[str]:
    other = incoming.get("other")
    pair = [incoming["input"][0], other[0] if other else literal(arguments["value"])]
    return pair[::-1] if arguments.get("reverse") else pair


def _power(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    base, exponent = _pair(arguments, incoming)
    if arguments["reverse"] and not incoming.get("other") and _is_negative(arguments["value"]):
        return f"({base}) ** {exponent}"
    return f"{base}**{exponent}"


def _negative(_: Mapping[str, Value], incoming: Incoming) -> str:
    return f"-{source(incoming)}"


def _where(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    return f"torch.where({', '.join([incoming['condition'][0], *_pair(arguments, incoming)])})"


def _masked(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    value = arguments["value"]
    text = 'float("-inf")' if is_nothing(value) else literal(value)
    return f"{incoming['input'][0]}.masked_fill({incoming['mask'][0]}, {text})"


def _einsum(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    return f"torch.einsum({', '.join([literal(arguments['equation']), *incoming['inputs']])})"


def _matmul(_: Mapping[str, Value], incoming: Incoming) -> str:
    return f"{incoming['input'][0]} @ {incoming['other'][0]}"


def _reduced(name: str, *, always: bool = False) -> Expression:
    """A method over dimensions; where these must not be left out for `keepdim` to be said, they are None."""
    keep = named("keepdim", unless=False)
    plain = method(name, named("dim", None, single), named("correction", 1) if name in SPREAD else _nothing, keep)
    full = method(name, named("dim", ..., single), named("correction", 1) if name in SPREAD else _nothing, keep)

    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        return (full if always and arguments["keepdim"] else plain)(arguments, incoming)

    return expression


def _nothing(_: Mapping[str, Value]) -> str:
    return ""


def _attention(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    words = [incoming[port][0] for port in ("query", "key", "value")]
    if incoming.get("attn_mask"):
        words.append(f"attn_mask={incoming['attn_mask'][0]}")
    dropout = arguments["dropout_p"]
    if dropout or is_hole(dropout):
        words.append(f"dropout_p={literal(dropout)} if self.training else 0.0")
    if arguments["is_causal"] or is_hole(arguments["is_causal"]):
        words.append(f"is_causal={literal(arguments['is_causal'])}")
    if not is_nothing(arguments["scale"]):
        words.append(f"scale={literal(arguments['scale'])}")
    return f"nn.functional.scaled_dot_product_attention({', '.join(words)})"


SPREAD = ("var", "std")
METHODS = {
    **{kind: kind.lower() for kind in ("Sign", "Square", "Sqrt", "Rsqrt", "Reciprocal", "Exp", "Expm1", "Log")},
    **{kind: kind.lower() for kind in ("Log1p", "Sin", "Cos", "Tan", "Erf", "Floor", "Ceil", "Round")},
    "Absolute": "abs",
}
SIGNS = {
    "Subtract": "-",
    "Divide": "/",
    "FloorDivide": "//",
    "Remainder": "%",
    "Equal": "==",
    "NotEqual": "!=",
    "Greater": ">",
    "GreaterEqual": ">=",
    "Less": "<",
    "LessEqual": "<=",
}
FUNCTIONS = {
    "Maximum": "torch.maximum",
    "Minimum": "torch.minimum",
    "LogicalAnd": "torch.logical_and",
    "LogicalOr": "torch.logical_or",
    "LogicalXor": "torch.logical_xor",
    "LogicalNot": "torch.logical_not",
}
REDUCTIONS = {
    "Sum": "sum",
    "Mean": "mean",
    "Var": "var",
    "Std": "std",
    "Any": "any",
    "All": "all",
}

EXPRESSIONS: Mapping[str, Expression] = {
    "Add": _sum,
    "Multiply": _product,
    "Power": _power,
    "Negative": _negative,
    **{kind: _infix(sign) for kind, sign in SIGNS.items()},
    **{kind: method(name) for kind, name in METHODS.items()},
    **{kind: call(name) for kind, name in FUNCTIONS.items()},
    "Clamp": method("clamp", named("min", None), named("max", None)),
    "Where": _where,
    "MaskedFill": _masked,
    "MatMul": _matmul,
    "Einsum": _einsum,
    "ScaledDotProductAttention": _attention,
    **{kind: _reduced(name, always=True) for kind, name in REDUCTIONS.items()},
    "Max": _reduced("amax"),
    "Min": _reduced("amin"),
    "Prod": _reduced("prod"),
    "LogSumExp": _reduced("logsumexp"),
    "Norm": call(
        "torch.linalg.vector_norm", named("ord", 2.0), named("dim", None, single), named("keepdim", unless=False)
    ),
    "ArgMax": _reduced("argmax"),
    "ArgMin": _reduced("argmin"),
    "TopK": method("topk", said("k"), named("dim", -1), named("largest", unless=True)),
    "Sort": method("sort", named("dim"), named("descending", unless=False)),
    "CumulativeSum": method("cumsum", named("dim")),
    "CumulativeProduct": method("cumprod", named("dim")),
    "Normalize": call("nn.functional.normalize", named("p", 2.0), named("dim"), named("eps", 1e-12)),
}
