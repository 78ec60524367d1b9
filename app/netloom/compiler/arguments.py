"""The value of every parameter of a node: what a person set, what a wire decides, or the default."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from netloom.compiler.dims import is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.plan import Plan
from netloom.compiler.rules import Mismatch
from netloom.graph.model import Node, Value
from netloom.layers.catalogue import spec
from netloom.layers.spec import Param

Derived: TypeAlias = tuple[dict[str, Value], frozenset[str]]
"""Every argument by its name, and the names of those that a wire decides."""


def arguments_of(
    known: Iterable[Param], params: Mapping[str, Value], inputs: Mapping[str, tuple[Flow, ...]]
) -> Derived:
    """Every parameter's value, and the names of those that a wire decides; Mismatch where a size is not fixed."""
    arguments: dict[str, Value] = {}
    derived = set()
    for param in known:
        if param.name in params:
            arguments[param.name] = params[param.name]
        elif param.derived is not None and _matters(param, arguments) and (flows := inputs.get(param.derived.port)):
            arguments[param.name] = _derived(param.name, flows[0], param.derived.dim, param.derived.port)
            derived.add(param.name)
        else:
            arguments[param.name] = param.default
    return arguments, frozenset(derived)


def _matters(param: Param, arguments: Mapping[str, Value]) -> bool:
    return param.when is None or arguments.get(param.when[0]) in param.when[1]


def _derived(name: str, flow: Flow, dim: int, port: str) -> int:
    if not -len(flow.shape) <= dim < len(flow.shape):
        raise Mismatch(f"{{node}} takes its {name} from dimension {dim}, but {flow} has no such dimension.", port)
    size = flow.shape[dim]
    if not is_fixed(size):
        raise Mismatch(f"{name} of {{node}} must be a number, but this dimension of {flow} is {size}.", port)
    return size


def tied_arguments(owner: Node, params: Mapping[str, Value]) -> dict[str, Value]:
    """The arguments of a Linear layer that uses the table of an Embedding."""
    found, _ = arguments_of(spec(owner.kind).params, params, {})
    return {"in_features": found["embedding_dim"], "out_features": found["num_embeddings"], "bias": False}


def decided(plan: Plan) -> dict[str, Value]:
    """What wires decide inside a block, by words for the place."""
    found = {
        f"{name} of {item.node.name}": item.arguments[name] for item in plan.nodes.values() for name in item.derived
    }
    for item in plan.nodes.values():
        if item.block is not None:
            found |= {f"{name} in {item.node.name}": value for name, value in decided(item.block).items()}
    return found
