"""One case of the battery: a kind between inputs and outputs, and what torch itself answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from netloom.compiler import Plan
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS

BATCH = 3
IMAGE, SEQUENCE, ROW, SERIES, VOLUME = [6, 9, 8], [7, 8], [12], [4, 20], [2, 6, 5, 7]


@dataclass(frozen=True)
class Given:
    """What flows in at one port: the shape of one sample, and the range that its values are drawn from."""

    shape: Sequence[int]
    dtype: str = "float32"
    low: float = -2.0
    high: float = 2.0
    port: str = ""

    def tensor(self) -> Tensor:
        size = (BATCH, *self.shape)
        if self.dtype == "bool":
            return torch.rand(size) < 0.5
        if self.dtype.startswith("int"):
            return torch.randint(int(self.low), int(self.high), size, dtype=getattr(torch, self.dtype))
        return torch.rand(size, dtype=getattr(torch, self.dtype)) * (self.high - self.low) + self.low


def whole(shape: Sequence[int], high: int, port: str = "") -> Given:
    """Whole numbers from 0 to below `high`."""
    return Given(shape, "int64", 0, high, port)


def truth(shape: Sequence[int], port: str = "") -> Given:
    """Yes or no values."""
    return Given(shape, "bool", port=port)


ByHand: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """`inputs` go to the ports in their order, the last port takes the rest where it takes many.

    `by_hand` is what a person would have written, a function of what flows in; modules of torch.nn need none.
    `make` makes a module that is not just called with its parameters, and `call` calls one that takes its inputs
    otherwise than in the order of the ports. `gradient` says that a gradient flows from the output back to every
    decimal input.
    """

    kind: str
    inputs: Sequence[Given | Sequence[int]]
    params: Mapping[str, Any] = field(default_factory=dict)
    by_hand: ByHand | None = None
    gradient: bool = True
    make: Callable[..., nn.Module] | None = None
    call: ByHand | None = None

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={value}' for name, value in self.params.items())})"

    @property
    def given(self) -> list[Given]:
        return [each if isinstance(each, Given) else Given(each) for each in self.inputs]

    def graph(self) -> Graph:
        """The node between its inputs and outputs; the node is called `it`."""
        graph = Graph()
        self.draw(graph)
        return graph

    def draw(self, graph: Graph, suffix: str = "") -> None:
        """The same in a graph in which there is more; the suffix keeps the names apart."""
        node = graph.add(self.kind, f"it{suffix}", **self.params)
        params = graph.nodes[node].params
        entries = SPECS[self.kind].inputs_for(params)
        for index, given in enumerate(self.given):
            entry = graph.add("Input", name=f"in{index}{suffix}", shape=list(given.shape), dtype=given.dtype)
            graph.connect(entry, "out", node, given.port or entries[min(index, len(entries) - 1)].name)
        for port in SPECS[self.kind].outputs_for(params):
            graph.connect(node, port.name, graph.add("Output", name=f"out_{port.name}{suffix}"), "input")

    def tensors(self) -> list[Tensor]:
        torch.manual_seed(1)
        return [each.tensor() for each in self.given]

    def hand_called(self, plan: Plan, model: nn.Module, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """What torch answers to the same tensors, with the weights of the model."""
        if self.by_hand is not None:
            torch.manual_seed(2)
            return flat(self.by_hand(*tensors))
        found = next(item for item in plan.nodes.values() if item.node.name == "it")
        called = {param.name for param in SPECS[self.kind].params if param.call}
        arguments = {name: value for name, value in found.arguments.items() if name not in called}
        module = (self.make or getattr(nn, self.kind))(**arguments)
        module.load_state_dict(dict(model.named_children())["it"].state_dict())
        torch.manual_seed(2)
        return flat(self.call(module, *tensors) if self.call else module(*tensors))


def flat(answer: Any) -> tuple[Tensor, ...]:
    """Tuples in tuples as one."""
    return (
        (answer,)
        if isinstance(answer, Tensor)
        else tuple(each for part in answer if part is not None for each in flat(part))
    )
