"""Which epoch of a training script is the best, and when it ends early: as a run judges it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netloom.compiler import calls
from netloom.compiler.goals import Goals, MetricPlan
from netloom.compiler.source.lines import Line
from netloom.errors import ExportError
from netloom.exchange.script_steps import lines
from netloom.graph import Training


@dataclass(frozen=True, slots=True)
class Judged:
    """The expression by which epochs are compared, larger is better, and whether the script waits for a better one."""

    rank: str
    waits: bool


def judged(training: Training, goals: Goals, losses: Sequence[str]) -> Judged | None:
    """How epochs are compared; None where nothing follows from it."""
    if not training.patience and not training.best_by:
        return None
    total = "-sum(scores[name] for name in LOSSES)"
    return Judged(f"({_first(training.best_by, goals, losses)}, {total})", bool(training.patience))


def _first(by: str, goals: Goals, losses: Sequence[str]) -> str:
    score = f"scores[{calls.literal(by)}]"
    if not by:
        accuracies = [each.name for each in goals.metrics if "Accuracy" in each.target]
        return " + ".join(f"scores[{calls.literal(name)}]" for name in accuracies) or "0.0"
    metric = next((each for each in goals.metrics if each.name == by), None)
    if metric is not None:
        return score if _is_rising(metric) else f"-{score}"
    if by not in losses:
        known = ", ".join([*(each.name for each in goals.metrics), *losses])
        raise ExportError(f"best_by is {by!r}, expected a metric or loss of this document: {known}.")
    return f"-{score}"


def _is_rising(plan: MetricPlan) -> bool:
    import torch

    from netloom.training import metrics

    return metrics.build(plan, torch.device("cpu")).is_better_higher


def before(found: Judged | None) -> Iterator[str]:
    """The statements before the first epoch."""
    if found is not None:
        yield 'best = (float("-inf"), 0.0)'
        if found.waits:
            yield "waited = 0"


def after_epoch(found: Judged | None, saved: Sequence[str]) -> Iterator[Line]:
    """The statements after an epoch, which keep the weights where it is the best."""
    if found is None:
        return
    if found.waits:
        yield from lines(2, "waited += 1")
    yield from lines(2, f"rank = {found.rank}", "if rank > best:")
    yield from lines(3, "best, waited = rank, 0" if found.waits else "best = rank")
    yield from (Line(f"{' ' * 12}{line}", as_is=True) for line in saved)
    if found.waits:
        yield from lines(2, "if waited == PATIENCE:")
        yield from lines(3, "break")
