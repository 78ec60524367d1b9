"""Which node each weight belongs to: addresses that outlive a change of names or of the layers around."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from torch import Tensor, nn

from netloom.compiler import naming
from netloom.compiler.module import Compiled
from netloom.compiler.plan import Plan
from netloom.graph import Node

Address: TypeAlias = tuple[str, ...]
"""Ids of nodes from the top level inwards, with the numbers of repeats, then the name of the tensor in its module."""


class Weights:
    """The parameters and buffers of a compiled network by address."""

    def __init__(self, compiled: Compiled, fixed: frozenset[int] | None = None) -> None:
        """`fixed` are ids of tensors that never learn; without it those that need no gradient now, in a new network."""
        self._compiled = compiled
        own = (value for module in self._modules() for value in module.parameters() if not value.requires_grad)
        self.fixed = frozenset(map(id, own)) if fixed is None else fixed
        self._names: dict[int, dict[str, str]] = {}

    @cached_property
    def parameters(self) -> Mapping[Address, nn.Parameter]:
        """What can learn, each once, also where several nodes use it."""
        return {self._address(name): value for module in self._modules() for name, value in module.named_parameters()}

    @cached_property
    def buffers(self) -> Mapping[Address, Tensor]:
        """What changes without learning, such as running averages."""
        return {self._address(name): value for module in self._modules() for name, value in module.named_buffers()}

    @cached_property
    def by_node(self) -> Mapping[str, list[nn.Parameter]]:
        """The parameters of each node of the top level, also those of parameter nodes and of losses, by node id."""
        found: dict[str, list[nn.Parameter]] = {}
        for address, parameter in self.parameters.items():
            found.setdefault(address[0], []).append(parameter)
        return found

    def is_frozen(self, address: Address) -> bool:
        """Whether the node that holds a weight, or a block around it, is frozen by the person."""
        return any(node.frozen for node in self._nodes(address))

    def rate(self, address: Address) -> float:
        """By how much the learning rate is multiplied for a weight."""
        rate = 1.0
        for node in self._nodes(address):
            rate *= node.rate
        return rate

    def _modules(self) -> tuple[nn.Module, nn.Module]:
        return self._compiled.model, self._compiled.objective

    def _address(self, name: str) -> Address:
        level: Plan | None = self._compiled.plan
        found: list[str] = []
        for part in name.split("."):
            node = self._named(level).get(part) if level is not None else None
            found.append(node or part)
            if level is not None and node is not None:
                level = level.nodes[node].block
        return tuple(found)

    def _named(self, level: Plan) -> Mapping[str, str]:
        """The ids of a level's nodes by the name of their attribute."""
        if id(level) not in self._names:
            self._names[id(level)] = {naming.attribute(item.node.name): key for key, item in level.nodes.items()}
        return self._names[id(level)]

    def _nodes(self, address: Address) -> Iterator[Node]:
        level: Plan | None = self._compiled.plan
        for part in address:
            if level is None:
                return
            if part in level.nodes:
                yield level.nodes[part].node
                level = level.nodes[part].block
