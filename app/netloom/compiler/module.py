"""From source to running modules: the text is executed, so what a person reads is what trains."""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from netloom.compiler import limits, naming
from netloom.compiler.goals import MetricPlan, OptimizerPlan, goals
from netloom.compiler.plan import Plan
from netloom.compiler.source import (
    Place,
    Source,
    column_places,
    loss_places,
    model_interface,
    objective_source,
    source,
    watch_source,
)
from netloom.errors import BuildError

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything that a run needs, made from one plan.

    `model(*inputs)` gives a tensor, or a tuple in the order of `plan.outputs`; `objective(*outputs, *columns)` gives a
    tuple with one number for each of `losses`.
    """

    plan: Plan
    source: Source
    model: nn.Module
    objective: nn.Module
    inputs: tuple[Place, ...]
    columns: tuple[Place, ...]
    losses: tuple[str, ...]
    metrics: tuple[MetricPlan, ...]
    optimizers: tuple[OptimizerPlan, ...]
    modules: Mapping[str, nn.Module]
    _files: Mapping[str, Source]
    _watch: Callable[..., Any]

    def watch(self, inputs: tuple[Tensor, ...], see: Callable[[str, Tensor], None]) -> Any:
        """The model's `forward`, which shows `see` what each node puts out, by node id."""
        return self._watch(self.model, see, *inputs)

    def node_at(self, traceback: TracebackType | None) -> str | None:
        """The node whose generated line raised, the innermost where several are on the way."""
        found = None
        while traceback is not None:
            lines = self._files.get(traceback.tb_frame.f_code.co_filename)
            if lines is not None:
                found = lines.lines.get(traceback.tb_lineno, found)
            traceback = traceback.tb_next
        return found


def build_module(plan: Plan) -> nn.Module:
    """The model of a plan, in train mode, with fresh weights. BuildError names what is wrong with the plan."""
    model: nn.Module = _run(_valid(plan, source(plan)))["Model"]()
    return model


def compile_plan(plan: Plan) -> Compiled:
    """Model, objective, metrics and optimizers of a plan. BuildError names what is wrong with it."""
    text, objective, watching = _valid(plan, source(plan)), objective_source(plan), watch_source(plan)
    model = _run(text)["Model"]()
    columns = column_places(plan)
    found = goals(plan, columns)
    return Compiled(
        plan=plan,
        source=text,
        model=model,
        objective=_run(objective)["Objective"](),
        inputs=_fed(plan),
        columns=columns,
        losses=tuple(plan.nodes[node].node.name for node, _ in loss_places(plan)),
        metrics=found.metrics,
        optimizers=found.optimizers,
        modules=_modules(plan, model),
        _files={_file_name(each): each for each in (text, objective, watching)},
        _watch=_run(watching)["watch"],
    )


def _valid(plan: Plan, text: Source) -> Source:
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    if errors:
        more = f" There are {len(errors)} errors in all." if len(errors) > 1 else ""
        raise BuildError(f"{errors[0].message}{more}", node=errors[0].node)
    if too_large := limits.unbuildable(plan):
        raise BuildError(too_large)
    if not model_interface(plan).results:
        raise BuildError("The graph has no model yet: add an Input, a layer and an Output.")
    return text


def _file_name(text: Source) -> str:
    return f"<netloom {hashlib.sha256(text.text.encode()).hexdigest()[:12]}>"


def _run(text: Source) -> dict[str, Any]:
    name = _file_name(text)
    linecache.cache[name] = (len(text.text), None, text.text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": "netloom_model"}
    exec(compile(text.text, name, "exec"), namespace)  # noqa: S102 - our own text: identifiers and literals only
    return namespace


def _fed(plan: Plan) -> tuple[Place, ...]:
    """The dataset column that feeds each input; an input without a wire is left out."""
    places = (key for key in plan.order if plan.nodes[key].node.kind == "Input")
    return tuple((wire.source, wire.output) for key in places for wire in plan.nodes[key].wires)


def _modules(plan: Plan, model: nn.Module) -> dict[str, nn.Module]:
    named = dict(model.named_children())
    pairs = ((key, named.get(naming.attribute(plan.nodes[key].node.name))) for key in model_interface(plan).members)
    return {key: module for key, module in pairs if module is not None}
