"""How operations are written in `forward`. A kind that is not named here is its target called with everything."""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.calls.text import Expression, Incoming, literal
from netloom.graph.model import Value


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


def _cast(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    return f"{incoming['input'][0]}.to(torch.{arguments['dtype']})"


EXPRESSIONS: Mapping[str, Expression] = {
    "Add": _infix("+"),
    "Multiply": _infix("*"),
    "Reshape": _reshaped,
    "Permute": _permuted,
    "Concatenate": _concatenated,
    "Mean": _mean,
    "Cast": _cast,
}
