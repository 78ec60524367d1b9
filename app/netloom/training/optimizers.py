"""From an optimizer node to the optimizer that steps."""

import importlib
import inspect
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from netloom.compiler.goals import OptimizerPlan
from netloom.compiler.module import Compiled
from netloom.compiler.source import loss_places
from netloom.errors import TrainingError

FUSED_DEVICES = ("cpu", "cuda", "mps")


def build(compiled: Compiled, plan: OptimizerPlan, device: torch.device) -> Optimizer:
    """An optimizer over the parameters that its losses depend on, fused where torch can: that changes rounding only."""
    found = parameters(compiled, plan)
    if not found:
        raise TrainingError(
            f"{plan.name} has nothing to train: no layer before its losses has weights.", node=plan.node
        )
    kind = dotted(plan.target)
    arguments = {name: value for name, value in plan.arguments.items() if value is not None}
    if "fused" in inspect.signature(kind).parameters and device.type in FUSED_DEVICES:
        arguments["fused"] = True
    try:
        optimizer: Optimizer = kind(found, **arguments)
    except (ValueError, RuntimeError, TypeError) as error:
        raise TrainingError(f"{plan.name} cannot be made: {error}", node=plan.node) from error
    return optimizer


def parameters(compiled: Compiled, plan: OptimizerPlan) -> list[nn.Parameter]:
    """The parameters of all layers that lie before the optimizer's losses."""
    if len(plan.losses) == len(compiled.losses):
        return list(compiled.model.parameters())
    places = loss_places(compiled.plan)
    before = _upstream(compiled, {places[index][0] for index in plan.losses})
    modules = [module for node, module in compiled.modules.items() if node in before]
    return list(dict.fromkeys(parameter for module in modules for parameter in module.parameters()))


def _upstream(compiled: Compiled, nodes: set[str]) -> set[str]:
    found = set(nodes)
    for key in reversed(compiled.plan.order):
        if key in found:
            found |= {wire.source for wire in compiled.plan.nodes[key].wires}
    return found


def dotted(target: str) -> Any:
    """The class or function of a dotted name, such as torch.optim.Adam."""
    module, _, name = target.rpartition(".")
    return getattr(importlib.import_module(module), name)
