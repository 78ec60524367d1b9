"""From source to running modules: the text is executed, so what a person reads is what trains."""

from __future__ import annotations

import hashlib
import linecache
import weakref
from collections import Counter
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
    clash,
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

    def says(self, files: Mapping[str, Source]) -> bool:
        """Whether it was made from these very texts."""
        return self._files.keys() == files.keys()

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
    text = _checked(plan, source(plan))
    return _made(text, _run(text), "Model")


def compile_plan(plan: Plan, before: Compiled | None = None) -> Compiled:
    """Model, objective, metrics and optimizers of a plan. BuildError names what is wrong with it.

    Where the text is the same as that of `before`, its modules are taken over with their weights.
    """
    text, objective, watching = _checked(plan, source(plan)), objective_source(plan), watch_source(plan)
    names = _run(text)
    files = {_file_name(each): each for each in (text, objective, watching)}
    kept = before if before is not None and before.says(files) else None
    model = kept.model if kept else _made(text, names, "Model")
    columns = column_places(plan)
    found = goals(plan, columns)
    return Compiled(
        plan=plan,
        source=text,
        model=model,
        objective=kept.objective if kept else _made(objective, _run(objective), "Objective"),
        inputs=_fed(plan),
        columns=columns,
        losses=tuple(plan.nodes[node].node.name for node, _ in loss_places(plan)),
        metrics=found.metrics,
        optimizers=found.optimizers,
        modules=_modules(plan, model),
        _files=files,
        _watch=_run(watching, names)["watch"],
    )


def _checked(plan: Plan, text: Source) -> Source:
    expect_buildable(plan)
    return text


def expect_buildable(plan: Plan) -> None:
    """BuildError names what is wrong with a plan."""
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    if errors:
        more = f" There are {len(errors)} errors in all." if len(errors) > 1 else ""
        raise BuildError(f"{errors[0].message}{more}", node=errors[0].node)
    if too_large := limits.unbuildable(plan):
        raise BuildError(too_large)
    if found := clash(plan):
        raise BuildError(found[0], node=found[1])
    if not model_interface(plan).results:
        raise BuildError("The graph has no model yet: add an Input, a layer and an Output.")


def _file_name(text: Source) -> str:
    return f"<netloom {hashlib.sha256(text.text.encode()).hexdigest()[:12]}>"


def _run(text: Source, beside: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The names that a text defines; where it runs `beside` another one, with the names of that."""
    name = _file_name(text)
    linecache.cache[name] = (len(text.text), None, text.text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {**(beside or {}), "__name__": "netloom_model"}
    exec(compile(text.text, name, "exec"), namespace)  # noqa: S102 - identifiers, literals, and code that is trusted
    return namespace


def _made(text: Source, names: Mapping[str, Any], kind: str) -> nn.Module:
    """A module of the text, whose lines are kept for tracebacks as long as such a module lives."""
    module: nn.Module = names[kind]()
    name = _file_name(text)
    _ALIVE[name] += 1
    weakref.finalize(module, _forget, name)
    return module


_ALIVE: Counter[str] = Counter()
"""How many modules of each generated text there are."""


def _forget(name: str) -> None:
    _ALIVE[name] -= 1
    if not _ALIVE[name]:
        del _ALIVE[name]
        linecache.cache.pop(name, None)


def _fed(plan: Plan) -> tuple[Place, ...]:
    """The dataset column that feeds each input; an input without a wire is left out."""
    return tuple((wire.source, wire.output) for item in plan.boundary("Input") for wire in item.wires)


def _modules(plan: Plan, model: nn.Module) -> dict[str, nn.Module]:
    """The module of each node of the model; nodes that share weights have the same."""
    named = dict(model.named_children())
    keys = model_interface(plan).members
    owners = {key: plan.nodes[plan.nodes[key].weights or key].node.name for key in keys}
    pairs = ((key, named.get(naming.attribute(owner))) for key, owner in owners.items())
    return {key: module for key, module in pairs if module is not None}
