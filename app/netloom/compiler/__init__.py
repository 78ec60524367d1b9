"""The compiler: from a graph to its plan, from the plan to readable source, from the source to the module that trains.

Importing it does not import torch; only `build` and `compile_plan` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.compiler.checks import untrainable
from netloom.compiler.connection import shape_problem
from netloom.compiler.flow import Flow
from netloom.compiler.goals import MetricPlan, OptimizerPlan, SchedulePlan
from netloom.compiler.module import Compiled, build_module, compile_plan
from netloom.compiler.plan import Fix, NodePlan, Plan, Problem
from netloom.compiler.planner import Planner
from netloom.compiler.source import Source, source
from netloom.graph.model import Graph

if TYPE_CHECKING:
    from torch import nn

__all__ = [
    "Compiled",
    "Fix",
    "Flow",
    "MetricPlan",
    "NodePlan",
    "OptimizerPlan",
    "Plan",
    "Planner",
    "Problem",
    "SchedulePlan",
    "Source",
    "build",
    "build_module",
    "compile_plan",
    "plan_graph",
    "shape_problem",
    "source",
    "untrainable",
]


def plan_graph(graph: Graph, batch_size: int | None = None) -> Plan:
    """The plan of a graph; with the batch size of its training it warns of what does not work with that."""
    return Planner().plan(graph, batch_size)


def build(graph: Graph) -> nn.Module:
    """The model that a graph draws, in train mode, with fresh weights. BuildError names what is wrong with it."""
    return build_module(plan_graph(graph))
