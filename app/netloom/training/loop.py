"""A run as a generator of typed events. At each `yield` it can be paused, stepped, stopped or told something."""

import math
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np
import torch
from torch import Tensor

from netloom.compiler import plan_graph, untrainable
from netloom.compiler.forecast import unaffordable
from netloom.errors import TrainingError
from netloom.graph import Document, Training
from netloom.layers.edit import training_problem
from netloom.training import checkpoint, devices, engine, failure, network
from netloom.training.checkpoint import Place
from netloom.training.evaluate import Evaluation, Score
from netloom.training.events import (
    Command,
    EpochEnded,
    Event,
    Logged,
    LossesRead,
    RunEnded,
    RunStarted,
    RunState,
    Split,
    Stepped,
    Stop,
)
from netloom.training.failure import Diverged, Failure
from netloom.training.feed import batch_sizes
from netloom.training.keeper import Keeper, Said
from netloom.training.network import own_randomness
from netloom.training.pace import Pace
from netloom.training.probes import Probes

Events: TypeAlias = Generator[Event, Command | None, None]

READ_SECONDS = 0.1
"""Losses are fetched from the device this often: each fetch waits for the device."""

LOOK_BACK_SECONDS = 5.0
"""So long a failed run may be repeated from its last state to find where the first wrong value arose."""

clock = time.perf_counter


def train(
    document: Document,
    *,
    folder: Path,
    run: str = "",
    device: str | None = None,
    epochs: int | None = None,
    seed: int | None = None,
    resume: Path | None = None,
) -> Events:
    """Train a document; files go into `folder`. The events end with one RunEnded, whatever happens after RunStarted.

    `resume` is the folder of a run to continue exactly where it was left. The document is read when the first event is
    asked for. Before RunStarted, what makes the run impossible is raised: BuildError, DataError, TrainingError.
    Random numbers come from torch's global generators, so one process should do one run at a time.
    """
    settings = _settings(document.training, device, epochs, seed)
    place, reason = devices.choose(settings.device)
    plan = plan_graph(document.graph)
    missing = untrainable(plan) if plan.is_valid else None
    if place.type == "cpu" and plan.is_valid:
        missing = missing or unaffordable(plan, settings.batch_size)
    if missing:
        raise TrainingError(missing)
    with own_randomness(place), devices.threads(devices.thread_count(plan.macs * settings.batch_size)):
        made = engine.build(network.build(plan, place, settings.seed), settings)
        yield from Run(made, settings, folder, run, reason, resume).events()


def _settings(training: Training, device: str | None, epochs: int | None, seed: int | None) -> Training:
    given = {"device": device, "epochs": epochs, "seed": seed}
    settings = msgspec.structs.replace(training, **{name: value for name, value in given.items() if value is not None})
    for name in ("epochs", "batch_size", "seed"):
        if problem := training_problem(settings, name):
            raise TrainingError(f"{name.replace('_', ' ')} {problem}")
    return settings


class Run:
    """The state of one run: where it stands, what it has measured, and what it was told."""

    def __init__(
        self, made: engine.Engine, settings: Training, folder: Path, name: str, reason: str, resume: Path | None
    ) -> None:
        self._engine, self._network, self._settings, self._name, self._reason = (
            made,
            made.network,
            settings,
            name,
            reason,
        )
        self._keeper = Keeper(folder)
        self._evaluate = Evaluation(made.network, settings.batch_size)
        self._probes = Probes(made.network)
        self._order = torch.Generator().manual_seed(settings.seed)
        self._order_before = self._order.get_state()
        self._step = self._position = self._epoch = 0
        self._best: tuple[float, float] | None = None
        place = self._restore(resume) if resume else Place()
        self._seconds_before = place.seconds
        self._first_step = self._read_up_to = self._step
        self._pace = Pace(self._step, self._total_steps())
        self._due = clock() + READ_SECONDS
        self._ending: RunState | None = None
        self._last = EpochEnded(place.epoch, place.step, place.losses, place.metrics) if place.losses else None
        self._latest: dict[str, float] = {}

    def events(self) -> Events:
        """All events from RunStarted to RunEnded."""
        wrong: Failure | None = None
        try:
            yield from self._say(self._started())
            yield from self._say(Logged(f"Training on {self._reason}."))
            yield from self._all_of(self._keeper.save_state(self._engine, self._randomness(), self._place()))
            yield from self._epochs()
            yield from self._read()
            if self._last is None and self._ending is None:  # resumed where nothing was left to do
                self._last = self._epoch_of(self._evaluate(), best=False)
        except Exception as error:  # noqa: BLE001  (a network may raise anything; the person gets words and a node)
            wrong = self._explain(error)
        try:
            yield from self._keeper.save_best() if wrong else self._save()
        except Exception as error:  # noqa: BLE001  (a broken device can fail once more)
            wrong = wrong or self._explain(error)
        if wrong:
            yield Logged(wrong.message, "error")
        yield self._ended(wrong)

    def _started(self) -> RunStarted:
        compiled, samples = self._network.compiled, self._network.feed.splits
        return RunStarted(
            run=self._name,
            device=str(self._network.device),
            device_reason=self._reason,
            epochs=self._settings.epochs,
            steps_per_epoch=len(batch_sizes(len(samples["train"]), self._settings.batch_size)),
            losses=compiled.losses,
            metrics=tuple(plan.name for plan in compiled.metrics),
            samples={split: len(rows) for split, rows in samples.items()},
            first_step=self._first_step,
        )

    def _epochs(self) -> Events:
        while self._epoch < self._settings.epochs and self._ending is None:
            self._order_before = self._order.get_state()
            yield from self._steps(self._shuffled()[self._position :])
            if self._ending is None:
                yield from self._end_epoch()

    def _shuffled(self) -> Tensor:
        rows = self._network.feed.splits["train"]
        return rows[torch.randperm(len(rows), generator=self._order).to(rows.device)]

    def _steps(self, rows: Tensor) -> Events:
        """The steps of an epoch. Every statement here is paid for at each step."""
        do, pace, epoch = self._engine.step, self._pace, self._epoch + 1
        for batch in self._network.feed.batches(rows, self._settings.batch_size):
            do(batch)
            self._step = step = self._step + 1
            self._position += len(batch[0])
            if clock() >= self._due:
                yield from self._report()
            asked = clock()
            command = yield Stepped(step, epoch)
            if command is not None:
                yield from self._obey(command)
            pace.idle += clock() - asked
            if self._ending is not None:
                return

    def _say(self, event: Event) -> Events:
        """Yield an event and obey what comes back."""
        command = yield event
        yield from self._obey(command)

    def _obey(self, command: Command | None) -> Events:
        while command is not None:
            if isinstance(command, Stop):
                self._ending = command.state
                return
            command = yield self._probes.watch(command, self._step)

    def _report(self) -> Events:
        """What is due ten times a second."""
        yield from self._read()
        if self._probes.is_due():
            yield from self._say(self._probes.read(self._step))
        if self._keeper.is_due():
            yield from self._save()
        self._due = clock() + READ_SECONDS

    def _read(self) -> Events:
        """Fetch the losses of all steps since the last time; Diverged where one is not finite."""
        names = self._network.compiled.losses
        values = self._engine.read_losses()
        if not values.shape[1]:
            return
        first, self._read_up_to = self._read_up_to + 1, self._step
        self._latest = {name: float(row[-1]) for name, row in zip(names, values, strict=True)}
        speed, left = self._pace.measure(self._step, self._settings.batch_size)
        rows = dict(zip(names, values, strict=True))
        yield from self._say(LossesRead(first, rows, self._engine.rates(), speed, left))
        wrong = np.argwhere(~np.isfinite(values.T))
        if len(wrong):
            step, loss = wrong[0]
            raise Diverged(first + int(step), names[loss], float(values[loss, step]))

    def _end_epoch(self) -> Events:
        yield from self._read()
        self._epoch, self._position = self._epoch + 1, 0
        self._order_before = self._order.get_state()
        scores = self._evaluate()
        self._change_rates(scores)
        best = self._is_best(scores.get("val", scores["train"]))
        if best:
            self._keeper.offer_best(self._network.compiled.model, self._step)
        self._last = self._epoch_of(scores, best=best)
        yield from self._say(self._last)

    def _epoch_of(self, scores: dict[Split, Score], *, best: bool) -> EpochEnded:
        return EpochEnded(
            epoch=self._epoch,
            step=self._step,
            losses={split: score.losses for split, score in scores.items()},
            metrics={split: score.metrics for split, score in scores.items()},
            confusion=scores["val"].confusion if "val" in scores else None,
            best=best,
        )

    def _is_best(self, score: Score) -> bool:
        """Highest accuracy where one is measured, then lowest loss."""
        targets = {plan.name: plan.target for plan in self._network.compiled.metrics}
        accuracies = [value for name, value in score.metrics.items() if "Accuracy" in targets[name]]
        found = (sum(accuracies), -sum(score.losses.values()))
        if not math.isfinite(found[1]) or (self._best is not None and found <= self._best):
            return False
        self._best = found
        return True

    def _save(self) -> Events:
        yield from self._all_of(self._keeper.save(self._engine, self._randomness(), self._place()))

    def _all_of(self, said: Said) -> Events:
        for event in said:
            yield from self._say(event)

    def _place(self) -> Place:
        seconds = self._seconds_before + self._pace.busy()
        losses, metrics = (self._last.losses, self._last.metrics) if self._last else ({}, {})
        scores = ({split: dict(found) for split, found in table.items()} for table in (losses, metrics))
        return Place(self._epoch, self._position, self._step, seconds, self._best, *scores)

    def _randomness(self) -> dict[str, Tensor]:
        return {**checkpoint.random_state(self._network.device), "order": self._order_before}

    def _restore(self, folder: Path) -> Place:
        place, states = checkpoint.load(folder, self._engine.parts)
        self._epoch, self._position, self._step, self._best = place.epoch, place.position, place.step, place.best
        self._order.set_state(states["order"])
        self._order_before = states["order"]
        checkpoint.set_random_state(states, self._network.device)
        self._keeper.adopt_best(folder)
        return place

    def _total_steps(self) -> int:
        rows = len(self._network.feed.splits["train"])
        return self._settings.epochs * len(batch_sizes(rows, self._settings.batch_size))

    def _explain(self, error: Exception) -> Failure:
        compiled = self._network.compiled
        if not isinstance(error, Diverged):
            return failure.of_exception(error, compiled, self._step + 1, self._settings.batch_size)
        reached = (self._epoch, self._step)
        node = self._origin(error.step)
        self._epoch, self._step = reached
        return failure.of_divergence(error, compiled, node, has_best=self._keeper.has_best)

    def _origin(self, step: int) -> str | None:
        """The node where the first wrong value of a step arose: the run is repeated from its last state up to there."""
        inputs, limit = self._network.feed.inputs, clock() + LOOK_BACK_SECONDS
        try:
            self._restore(self._keeper.folder)
            for batch in self._again():
                if self._step + 1 >= step or clock() > limit:
                    return failure.not_finite(self._network.compiled, batch[:inputs])
                self._engine.step(batch)
                self._step += 1
        except Exception:  # noqa: BLE001  (this only looks for better words; the failure itself is known)
            return None
        return None

    def _again(self) -> Iterator[tuple[Tensor, ...]]:
        while True:
            yield from self._network.feed.batches(self._shuffled()[self._position :], self._settings.batch_size)
            self._position = 0
            self._change_rates(self._evaluate())

    def _change_rates(self, scores: dict[Split, Score]) -> None:
        """What schedules do after an epoch; they look at what is held out, or where nothing is at the training rows."""
        found = scores.get("val", scores["train"]).losses
        self._engine.end_epoch(lambda: sum(found.values()))

    def _ended(self, wrong: Failure | None) -> RunEnded:
        last = self._last
        held = last.losses.get("val", last.losses["train"]) if last else self._latest
        return RunEnded(
            run=self._name,
            state="failed" if wrong else self._ending or "finished",
            epochs=self._epoch,
            steps=self._step,
            seconds=self._seconds_before + self._pace.busy(),
            losses={name: value for name, value in held.items() if math.isfinite(value)},
            metrics=last.metrics if last else {},
            files=self._keeper.files,
            message=wrong.message if wrong else "",
            node=wrong.node if wrong else None,
        )
