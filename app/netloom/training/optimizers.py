"""From an optimizer node to the optimizer that steps, and to the weights that it changes."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import LBFGS, Optimizer

from netloom.compiler import goals
from netloom.compiler.goals import OptimizerPlan
from netloom.compiler.module import Compiled
from netloom.errors import TrainingError
from netloom.training.choices import Kernel
from netloom.training.dotted import dotted
from netloom.training.network import Network
from netloom.training.weights import Address, Weights

FUSED_DEVICES = ("cpu", "cuda", "mps")
FACTOR = "factor"
"""In a group of weights: by how much its rate is multiplied."""
KERNELS: dict[Kernel, dict[str, bool]] = {
    "fused": {"fused": True},
    "foreach": {"foreach": True},
    "single": {"foreach": False, "fused": False},
}


class Stepper:
    """An optimizer with the weights that it changes and what is done around its steps. `taken` counts them.

    It gathers `gradients` of its own, since others may change the same weights.
    """

    def __init__(self, plan: OptimizerPlan, optimizer: Optimizer) -> None:
        self.plan = plan
        self.optimizer = optimizer
        self.parameters = [each for group in optimizer.param_groups for each in group["params"]]
        self.gradients: list[Tensor | None] = [None] * len(self.parameters)
        self.taken = 0

    @property
    def searches(self) -> bool:
        """Whether it computes the loss several times in a step."""
        return isinstance(self.optimizer, LBFGS)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is done around its steps."""
        plan = self.plan
        return not (self.searches or plan.warmup_steps or plan.clip_norm or plan.clip_value) and plan.period == 1

    @property
    def rate(self) -> float:
        """The learning rate of the next step; nodes may have a multiple of it."""
        group = self.optimizer.param_groups[0]
        return float(group["lr"]) / float(group.get(FACTOR, 1.0)) * self._warmth()

    def gather(self, found: Sequence[Tensor | None]) -> None:
        """Add the gradients of one more batch."""
        for place, gradient in enumerate(found):
            held = self.gradients[place]
            if gradient is not None:
                self.gradients[place] = gradient if held is None else held + gradient

    def let_go(self) -> None:
        """Forget the gradients that were gathered."""
        self.gradients = [None] * len(self.parameters)

    def step(self, scaler: GradScaler | None = None) -> None:
        """Clip the gradients that were gathered, and take a step."""
        give(self.parameters, self.gradients)
        self.let_go()
        if scaler is not None and all(each.grad is None for each in self.parameters):
            return  # the scaler refuses a step for which it has seen nothing
        if scaler is not None and (self.plan.clip_norm or self.plan.clip_value):
            scaler.unscale_(self.optimizer)
        self.clip()
        with self.warming():
            if scaler is None:
                self.optimizer.step()
            else:
                scaler.step(self.optimizer)
        self.taken += 1

    def clip(self) -> None:
        """Keep the gradients within their bounds."""
        if self.plan.clip_value:
            clip_grad_value_(self.parameters, self.plan.clip_value)
        if self.plan.clip_norm:
            clip_grad_norm_(self.parameters, self.plan.clip_norm)

    @contextmanager
    def warming(self) -> Iterator[None]:
        """Lower rates inside, while it warms up. Schedules see the rates without that."""
        warmth = self._warmth()
        if warmth == 1:
            yield
            return
        groups = self.optimizer.param_groups
        kept = [group["lr"] for group in groups]
        for group in groups:
            group["lr"] = group["lr"] * warmth
        try:
            yield
        finally:
            for group, rate in zip(groups, kept, strict=True):
                group["lr"] = rate

    def _warmth(self) -> float:
        """The share of the rate: 1/n at the first of n steps of warm-up, 1 from the last of them on."""
        return min(1.0, (self.taken + 1) / self.plan.warmup_steps) if self.plan.warmup_steps else 1.0


def give(parameters: Sequence[nn.Parameter], gradients: Sequence[Tensor | None]) -> None:
    """Let these be the gradients of the next step, laid out in memory as the weights are: fused steps rely on it."""
    for parameter, gradient in zip(parameters, gradients, strict=True):
        is_apart = gradient is not None and not gradient.is_sparse and gradient.stride() != parameter.stride()
        parameter.grad = torch.empty_like(parameter).copy_(gradient) if is_apart and gradient is not None else gradient


def build(network: Network, plan: OptimizerPlan, kernel: Kernel) -> Stepper:
    """An optimizer over the weights that its losses depend on; TrainingError where it has none or cannot be made."""
    compiled, weights = network.compiled, network.weights
    found = parameters(network, plan)
    if not found:
        raise TrainingError(_nothing(plan, weights), node=plan.node)
    kind = dotted(plan.target)
    arguments = {name: value for name, value in plan.arguments.items() if value is not None}
    arguments |= _kernel(compiled, kind, list(found.values()), kernel)
    try:
        return Stepper(plan, kind(_groups(weights, plan, found), **arguments))
    except (ValueError, RuntimeError, TypeError) as error:
        raise TrainingError(f"{plan.name} cannot be made: {error}", node=plan.node) from error


def _nothing(plan: OptimizerPlan, weights: Weights) -> str:
    if weights.parameters and all(map(weights.is_frozen, weights.parameters)):
        return f"{plan.name} has nothing to train: all layers with weights are frozen."
    ending = " that it updates." if plan.updates else "."
    return f"{plan.name} has nothing to train: no layer before its losses has weights{ending}"


def parameters(network: Network, plan: OptimizerPlan) -> dict[Address, nn.Parameter]:
    """The weights of all nodes that lie before the optimizer's losses, or of those among them that it updates."""
    compiled, weights = network.compiled, network.weights
    everything = len(plan.losses) == len(compiled.losses) and not plan.updates
    chosen = frozenset() if everything else goals.updated(compiled.plan, compiled.plan.nodes[plan.node])
    return {
        address: parameter
        for address, parameter in weights.parameters.items()
        if (everything or address[0] in chosen)
        and not weights.is_frozen(address)
        and id(parameter) not in weights.fixed
    }


def _groups(weights: Weights, plan: OptimizerPlan, found: dict[Address, nn.Parameter]) -> Any:
    """The weights in groups of equal rate and decay; a plain list where all are alike."""
    kinds: dict[tuple[float, bool], list[nn.Parameter]] = {(1.0, False): []}
    for address, parameter in found.items():
        spared = plan.spare_biases and parameter.dim() <= 1
        kinds.setdefault((weights.rate(address), spared), []).append(parameter)
    held = {kind: group for kind, group in kinds.items() if group}
    if [*held] == [(1.0, False)]:
        return held[1.0, False]
    return [_group(plan, kind, group) for kind, group in held.items()]


def _group(plan: OptimizerPlan, kind: tuple[float, bool], parameters: list[nn.Parameter]) -> dict[str, Any]:
    rate, spared = kind
    own: dict[str, Any] = {"params": parameters, "lr": plan.base_rate * rate, FACTOR: rate}
    return own | ({"weight_decay": 0.0} if spared else {})


def _kernel(compiled: Compiled, kind: type[Optimizer], found: list[nn.Parameter], kernel: Kernel) -> dict[str, bool]:
    """What tells an optimizer how to work, as far as it can: that changes rounding only."""
    known = inspect.signature(kind).parameters
    sparse = sparse_tables(compiled)
    if sparse:
        torch.sparse.check_sparse_tensor_invariants.disable()  # type: ignore[no-untyped-call]  # as it is anyway; torch warns unless told
    wanted = dict(KERNELS[kernel])
    fits = found[0].device.type in FUSED_DEVICES and not any(_is_odd(each, sparse) for each in found)
    if wanted.get("fused") and not fits:
        wanted = {"fused": False}
    return {name: value for name, value in wanted.items() if name in known}


def _is_odd(parameter: Tensor, sparse: set[int]) -> bool:
    return parameter.is_complex() or id(parameter) in sparse


def sparse_tables(compiled: Compiled) -> set[int]:
    """The tables of embeddings whose gradients name only the rows that were read."""
    kinds = (nn.Embedding, nn.EmbeddingBag)
    return {id(each.weight) for each in compiled.model.modules() if isinstance(each, kinds) and each.sparse}
