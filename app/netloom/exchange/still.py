"""Networks that draw random numbers, without chance: every draw gives the middle, in PyTorch and in an ONNX file.

Two runtimes never draw the same numbers, so that only this way their answers can be compared.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

MIDDLE = 0.5
Draw: TypeAlias = Callable[..., Tensor]

aten = torch.ops.aten


def _new(size: Sequence[int], *_: object, **settings: Any) -> Tensor:
    known = {name: settings[name] for name in ("dtype", "device") if name in settings}
    return torch.full(size, MIDDLE, **known)


def _like(values: Tensor, **settings: Any) -> Tensor:
    return torch.full_like(values, MIDDLE, dtype=settings.get("dtype"))


def _between(values: Tensor, low: float = 0.0, high: float = 1.0, **_: object) -> Tensor:
    return values.fill_(low + MIDDLE * (high - low))


def _between_new(values: Tensor, low: float = 0.0, high: float = 1.0, **_: object) -> Tensor:
    return torch.full_like(values, low + MIDDLE * (high - low))


def _decided(chances: Tensor, *_: object, **__: object) -> Tensor:
    return (chances > MIDDLE).to(chances.dtype)


def _decided_for_all(values: Tensor, p: float = MIDDLE, **_: object) -> Tensor:
    return torch.full_like(values, float(p > MIDDLE))


DRAWS: Mapping[Any, Draw] = {
    aten.rand.default: _new,
    aten.randn.default: _new,
    aten.rand_like.default: _like,
    aten.randn_like.default: _like,
    aten.uniform_.default: _between,
    aten.uniform.default: _between_new,
    aten.bernoulli.default: _decided,
    aten.bernoulli.p: _decided_for_all,
}


class Still(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While it is on, what PyTorch draws in this thread is the middle."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """The operation itself, or the middle."""
        return DRAWS.get(func, func)(*args, **(kwargs or {}))


def stilled(model: "ModelProto") -> "ModelProto":
    """An ONNX model in which nothing is drawn; the model itself where nothing is."""
    if not any(node.op_type in MIDDLES for node in model.graph.node):
        return model
    copy = type(model)()
    copy.CopyFrom(model)
    _replace(copy.graph)
    return copy


def _replace(graph: "GraphProto") -> None:
    nodes = [made for node in graph.node for made in MIDDLES.get(node.op_type, _kept)(node)]
    del graph.node[:]
    graph.node.extend(nodes)


def _kept(node: "NodeProto") -> list["NodeProto"]:
    return [node]


def _filled(node: "NodeProto", value: float) -> list["NodeProto"]:
    """Nodes that give one number in the shape of the drawn ones."""
    from onnx import TensorProto, helper

    shape, output = f"{node.output[0]}_shape", node.output[0]
    dtype = next((each.i for each in node.attribute if each.name == "dtype"), TensorProto.FLOAT)
    number = helper.make_tensor("value", dtype, [1], [value])
    return [
        helper.make_node("Shape", [node.input[0]], [shape]),
        helper.make_node("ConstantOfShape", [shape], [output], value=number),
    ]


def _number(node: "NodeProto", name: str, usual: float) -> float:
    return next((float(each.f) for each in node.attribute if each.name == name), usual)


def _normal(node: "NodeProto") -> list["NodeProto"]:
    return _filled(node, _number(node, "mean", 0.0) + MIDDLE * _number(node, "scale", 1.0))


def _uniform(node: "NodeProto") -> list["NodeProto"]:
    low, high = _number(node, "low", 0.0), _number(node, "high", 1.0)
    return _filled(node, low + MIDDLE * (high - low))


def _chosen(node: "NodeProto") -> list["NodeProto"]:
    """Where a chance is above the middle."""
    from onnx import TensorProto, helper

    middle, above = f"{node.output[0]}_middle", f"{node.output[0]}_above"
    number = helper.make_tensor("value", TensorProto.FLOAT, [], [MIDDLE])
    return [
        helper.make_node("Constant", [], [middle], value=number),
        helper.make_node("Greater", [node.input[0], middle], [above]),
        helper.make_node("CastLike", [above, node.input[0]], [node.output[0]]),
    ]


MIDDLES: Mapping[str, Callable[["NodeProto"], list["NodeProto"]]] = {
    "RandomNormalLike": _normal,
    "RandomUniformLike": _uniform,
    "Bernoulli": _chosen,
}
"""What takes the place of each node that draws."""
