"""From an optimizer node to the optimizer that steps, and which weights belong to which node."""

import inspect
from collections.abc import Mapping
from typing import TypeAlias

import torch
from torch import nn
from torch.optim import Optimizer

from netloom.compiler import goals, naming
from netloom.compiler.goals import OptimizerPlan
from netloom.compiler.module import Compiled
from netloom.errors import TrainingError
from netloom.training.dotted import dotted

FUSED_DEVICES = ("cpu", "cuda", "mps")

Weights: TypeAlias = Mapping[str, list[nn.Parameter]]


def build(compiled: Compiled, plan: OptimizerPlan, device: torch.device) -> Optimizer:
    """An optimizer over the parameters that its losses depend on, fused where torch can: that changes rounding only."""
    found = parameters(compiled, plan)
    if not found:
        raise TrainingError(
            f"{plan.name} has nothing to train: no layer before its losses has weights"
            + (" that it updates." if plan.updates else "."),
            node=plan.node,
        )
    sparse = _sparse(compiled)
    if sparse:
        torch.sparse.check_sparse_tensor_invariants.disable()  # type: ignore[no-untyped-call]  # as it is anyway; torch warns unless told
    kind = dotted(plan.target)
    arguments = {name: value for name, value in plan.arguments.items() if value is not None}
    if "fused" in inspect.signature(kind).parameters and device.type in FUSED_DEVICES:
        arguments["fused"] = not any(each.is_complex() or id(each) in sparse for each in found)
    try:
        optimizer: Optimizer = kind(found, **arguments)
    except (ValueError, RuntimeError, TypeError) as error:
        raise TrainingError(f"{plan.name} cannot be made: {error}", node=plan.node) from error
    return optimizer


def parameters(compiled: Compiled, plan: OptimizerPlan) -> list[nn.Parameter]:
    """The weights of all nodes that lie before the optimizer's losses, or of those among them that it updates."""
    if len(plan.losses) == len(compiled.losses) and not plan.updates:
        found = [*compiled.model.parameters(), *compiled.objective.parameters()]
    else:
        chosen = goals.updated(compiled.plan, compiled.plan.nodes[plan.node])
        found = [parameter for node, held in weights(compiled).items() if node in chosen for parameter in held]
    return [parameter for parameter in dict.fromkeys(found) if parameter.requires_grad]


def weights(compiled: Compiled) -> Weights:
    """The weights of each node of the top level, also those of parameter nodes and of losses, by node id."""
    nodes = {naming.attribute(item.node.name): key for key, item in compiled.plan.nodes.items()}
    found: dict[str, list[nn.Parameter]] = {}
    for module in (compiled.model, compiled.objective):
        for name, parameter in module.named_parameters():
            found.setdefault(nodes[name.partition(".")[0]], []).append(parameter)
    return found


def _sparse(compiled: Compiled) -> set[int]:
    """The tables of embeddings whose gradients name only the rows that were read."""
    kinds = (nn.Embedding, nn.EmbeddingBag)
    return {id(each.weight) for each in compiled.model.modules() if isinstance(each, kinds) and each.sparse}
