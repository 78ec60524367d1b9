"""A run as a generator of typed events. At each `yield` it can be paused, stepped, stopped or told something."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netloom.compiler import plan_graph, untrainable
from netloom.compiler.forecast import unaffordable
from netloom.errors import TrainingError
from netloom.graph import Document, Training
from netloom.graph.file import loads
from netloom.training import asked, checkpoint, devices, engine, memory, network, randomness, surgery
from netloom.training.checkpoint import Place
from netloom.training.choices import fixed, plain
from netloom.training.events import (
    Events,
)
from netloom.training.network import Network
from netloom.training.run import Run


def train(
    document: Document,
    *,
    folder: Path,
    run: str = "",
    resume: Path | None = None,
    memory_of_trials: Path | None = None,
    **settings: Any,
) -> Events:
    """Train a document; files go into `folder`. The events end with one RunEnded, whatever happens after RunStarted.

    `settings` are those of the document's training that are to be others, such as `epochs`. `resume` is the folder of a
    run to continue exactly where it was left, with the document that it had then. In `memory_of_trials` is kept what
    was found to be fastest. The document is read when the first event is asked for. What makes the run impossible is
    raised before RunStarted: BuildError, DataError, TrainingError.
    Random numbers come from torch's global generators, so one process should do one run at a time.
    """
    memory.keep_freed()
    saved = checkpoint.place(resume) if resume else Place()
    document = asked.changed(loads(saved.document.encode()) if saved.document else document, settings)
    chosen = document.training
    place, reason = devices.choose(chosen.device)
    plan = plan_graph(document.graph)
    missing = untrainable(plan) if plan.is_valid else None
    if place.type == "cpu" and plan.is_valid:
        missing = missing or unaffordable(plan, chosen.batch_size)
    if missing:
        raise TrainingError(missing)
    if saved.choices is None:
        choices = plain(chosen, plan.macs * chosen.batch_size)
    else:
        choices = fixed(saved.choices, chosen, settings.keys())
    with randomness.own(place), devices.threads(choices.threads), devices.deterministic(wanted=chosen.deterministic):
        net = network.build(plan, place, chosen.seed)
        made = engine.build(net, chosen, choices, _lengths(saved, net, chosen))
        try:
            yield from Run(made, document, folder, run, reason, resume, memory_of_trials).events()
        finally:
            memory.give_back()


def _lengths(saved: Place, net: Network, settings: Training) -> Mapping[str, int] | None:
    """How long schedules are: as they were, unless the run is to be another number of steps now."""
    if not saved.document:
        return None
    before = loads(saved.document.encode()).training
    if all(getattr(before, name) == getattr(settings, name) for name in surgery.PACE):
        return saved.lengths
    taken = {plan.node: count for plan, count in zip(net.compiled.optimizers, saved.taken, strict=False)}
    return engine.planned(net, settings, engine.batches_ahead(net, settings, saved), taken)
