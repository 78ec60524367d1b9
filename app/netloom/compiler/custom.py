"""What code of the user's own puts out: it is run on tensors without data, at several sizes, to see how shapes follow.

Only code that is trusted gets here.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from netloom.compiler.dims import Dim, letters, symbol
from netloom.compiler.flow import Flow
from netloom.compiler.rules import Answer, Mismatch
from netloom.errors import GraphError
from netloom.graph.model import Value
from netloom.layers import custom

if TYPE_CHECKING:
    from torch import Tensor

Inputs: TypeAlias = Mapping[str, tuple[Flow, ...]]
Asks: TypeAlias = Callable[[str, Mapping[str, Value], Inputs], "Answer | Mismatch | None"]
"""Who knows what custom code puts out; None while that is still being found out."""

Sizes: TypeAlias = dict[str, int]

MOST_LETTERS = 3
SMALL, LARGE, CHECK = 4, 6, 5
LONGEST_REASON = 200
HEAD = "import torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional as F\n"


def ask(kind: str, arguments: Mapping[str, Value], inputs: Inputs) -> Answer | Mismatch:
    """What this code answers to these shapes; imports torch and runs the code."""
    try:
        return _answer(kind, arguments, inputs)
    except Mismatch as mismatch:
        return mismatch
    except GraphError as error:
        return Mismatch(f"The code of {{node}} cannot be read: {error}.", None)
    except Exception as error:  # noqa: BLE001 - whatever the user's code raises is theirs to read
        text = " ".join(str(error).split())[:LONGEST_REASON]
        return Mismatch(f"The code of {{node}} raised {type(error).__name__}: {text}", None)


def _answer(kind: str, arguments: Mapping[str, Value], inputs: Inputs) -> Answer:
    names = sorted(letters(dim for flows in inputs.values() for flow in flows for dim in flow.shape))
    if len(names) > MOST_LETTERS:
        raise Mismatch(f"{{node}} gets {len(names)} free sizes; {MOST_LETTERS} are the most that code can take.", None)
    definition = custom.definition(kind, arguments)
    callable_, parameters = _made(definition, kind, arguments)
    runs = {
        point: _run(callable_, definition, inputs, dict(zip(names, point, strict=True))) for point in _points(names)
    }
    first = next(iter(runs.values()))
    if len(first) != len(definition.outputs):
        raise Mismatch(f"{{node}} has {len(definition.outputs)} outputs, its code returns {len(first)}.", None)
    outputs = {
        port.name: Flow(_shape(names, {point: tuple(found[index].shape) for point, found in runs.items()}), _dtype(one))
        for index, (port, one) in enumerate(zip(definition.outputs, first, strict=True))
    }
    return Answer(outputs, parameters)


def _dtype(tensor: "Tensor") -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _points(names: Sequence[str]) -> Iterable[tuple[int, ...]]:
    """Where the code is tried: all corners of a cube of sizes, and a point inside that checks the formula."""
    return [*itertools.product((SMALL, LARGE), repeat=len(names)), (CHECK,) * len(names)]


def _made(definition: custom.Definition, kind: str, arguments: Mapping[str, Value]) -> tuple[Callable[..., Any], int]:
    """The function, or the module with weights that hold no data, and the number of its parameters."""
    import torch

    settings = custom.keywords(str(arguments.get("arguments", "")))
    found = _defined(definition, kind, arguments)
    if not definition.is_class:
        return lambda *given, **named: found(*given, **named, **settings), 0
    with torch.device("meta"):
        module = found(**settings)
    if not isinstance(module, torch.nn.Module):
        raise Mismatch(f"{definition.name} of {{node}} is no nn.Module.", None)
    return module, sum(weight.numel() for weight in module.parameters())


def _defined(definition: custom.Definition, kind: str, arguments: Mapping[str, Value]) -> Any:
    import importlib

    if kind == "Package":
        return getattr(importlib.import_module(definition.module), definition.name)
    scope: dict[str, Any] = {"__name__": "netloom_custom"}
    exec(compile(HEAD + str(arguments["code"]), "<code of a node>", "exec"), scope)  # noqa: S102 - trusted by the user
    return scope[definition.name]


def _run(
    callable_: Callable[..., Any], definition: custom.Definition, inputs: Inputs, sizes: Sizes
) -> "tuple[Tensor, ...]":
    import torch

    given: dict[str, Tensor] = {}
    for port in definition.inputs:
        for flow in inputs.get(port.name, ()):
            given[port.name] = torch.empty(flow.with_values(sizes), dtype=getattr(torch, flow.dtype), device="meta")
    required = [given[port.name] for port in definition.inputs if not port.optional]
    named = {port.name: given[port.name] for port in definition.inputs if port.optional and port.name in given}
    with torch.device("meta"):
        answer = callable_(*required, **named)
    found = (answer,) if isinstance(answer, torch.Tensor) else answer
    if not isinstance(found, tuple | list) or not all(isinstance(each, torch.Tensor) for each in found):
        raise Mismatch("The code of {node} must return a tensor, or several with commas between them.", None)
    return tuple(found)


def _shape(names: Sequence[str], shapes: Mapping[tuple[int, ...], tuple[int, ...]]) -> tuple[Dim, ...]:
    ranks = {len(shape) for shape in shapes.values()}
    if len(ranks) > 1:
        raise Mismatch("What {node} puts out has another number of dimensions for other sizes.", None)
    return tuple(_dim(names, {point: shape[axis] for point, shape in shapes.items()}) for axis in range(ranks.pop()))


def _dim(names: Sequence[str], seen: Mapping[tuple[int, ...], int]) -> Dim:
    """The product formula of the letters that gives all these sizes, found from the corners and checked inside."""
    total: Dim = 0
    for chosen in itertools.chain.from_iterable(
        itertools.combinations(range(len(names)), n) for n in range(len(names) + 1)
    ):
        factor = _factor(len(names), set(chosen), seen)
        term: Dim = factor
        for index in chosen:
            term = term * symbol(names[index])
        total = total + term
    check = (CHECK,) * len(names)
    value = total if isinstance(total, int) else total.value(dict(zip(names, check, strict=True)))
    if value != seen[check]:
        raise Mismatch(f"A size that {{node}} puts out follows {', '.join(names)} in a way that cannot be told.", None)
    return total


def _factor(count: int, chosen: set[int], seen: Mapping[tuple[int, ...], int]) -> int:
    """How often the product of the chosen letters is in a formula that is linear in each letter.

    Lagrange's interpolation on the corners: each corner's value times the chosen coefficient of its base polynomial.
    """
    total = 0
    for corner in itertools.product((SMALL, LARGE), repeat=count):
        signs = [1 if at == LARGE else -1 for at in corner]
        constants = [LARGE if at == SMALL else -SMALL for at in corner]
        total += seen[corner] * math.prod(signs[i] if i in chosen else constants[i] for i in range(count))
    step: int = (LARGE - SMALL) ** count
    if total % step:
        raise Mismatch("A size that {node} puts out does not follow what comes in evenly.", None)
    return total // step
