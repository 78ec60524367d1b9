"""The state of a run while it goes on: where it stands, what it measured, what it was told."""

import math
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from netloom.errors import TrainingError
from netloom.graph import Document
from netloom.graph.file import dumps
from netloom.layers.training_settings import BY_NAME, LIVE
from netloom.training import asked, engine, events, failure, randomness, surgery, trials, wording
from netloom.training.changes import Changes
from netloom.training.checkpoint import Place
from netloom.training.engine import Engine
from netloom.training.evaluate import Score
from netloom.training.events import (
    Apply,
    Changed,
    CheckpointSaved,
    Command,
    EpochEnded,
    Event,
    Events,
    Logged,
    LossesRead,
    Refused,
    Revert,
    RunEnded,
    RunStarted,
    RunState,
    Split,
    Stepped,
    Stop,
    Trying,
    Watch,
)
from netloom.training.failure import Diverged, Failure
from netloom.training.feed import batch_sizes
from netloom.training.keeper import Keeper, Said
from netloom.training.pace import Pace
from netloom.training.ranking import Ranking
from netloom.training.ready import Ready, ready
from netloom.training.tuning import Tuned

READ_SECONDS = 0.1
"""Losses are fetched from the device this often: each fetch waits for the device."""

LOOK_BACK_SECONDS = 5.0
"""So long a failed run may be repeated from its last state to find where the first wrong value arose."""

clock = time.perf_counter


class Run:
    """The state of one run: where it stands, what it has measured, and what it was told."""

    def __init__(
        self,
        made: Engine,
        document: Document,
        folder: Path,
        name: str,
        reason: str,
        resume: Path | None = None,
        memory: Path | None = None,
    ) -> None:
        self._tunes, self._memory = resume is None and document.training.autotune, memory
        self._name, self._reason = name, reason
        self._keeper = Keeper(folder)
        self._changes = Changes(folder)
        self._watch = Watch(mode="off")
        self._step = self._position = self._epoch = self._epoch_began = 0
        self._order = torch.Generator().manual_seed(document.training.seed)
        self._order_before = self._order.get_state()
        self._rows: Tensor | None = None
        self._ranking = Ranking()
        self._is_trying = False
        self._later: list[Apply | Revert] = []
        self._take(ready(made, document, self._watch))
        place = self._restore(resume) if resume else Place()
        self._seconds_before = place.seconds
        self._first_step = self._read_up_to = self._step
        self._pace = Pace(self._step, self._total_steps())
        self._due = clock() + READ_SECONDS
        self._ending: RunState | None = None
        self._last = EpochEnded(place.epoch, place.step, place.losses, place.metrics) if place.losses else None
        self._latest: dict[str, float] = {}

    def _take(self, found: Ready) -> None:
        """Train with this engine from now on."""
        made = self._engine = found.engine
        self._network, self._settings = made.network, made.settings
        self._document, self._text = found.document, dumps(found.document).decode()
        self._evaluate, self._probes = found.evaluate, found.probes
        self._ranking.follow(self._evaluate, self._settings.best_by, self._settings.patience)
        made.begin()

    def events(self) -> Events:
        """All events from RunStarted to RunEnded."""
        wrong: Failure | None = None
        try:
            yield from self._say(self._started())
            yield from self._say(Logged(f"Training on {self._reason}."))
            yield from self._tune()
            yield from self._all_of(self._save_state())
            yield from self._epochs()
            yield from self._read()
            if self._last is None and self._ending is None:  # resumed where nothing was left to do
                self._last = self._epoch_of(self._scores(), best=False)
        except Exception as error:  # noqa: BLE001  (a network may raise anything; the person gets words and a node)
            wrong = self._explain(error)
        try:
            yield from self._save_after(wrong)
        except Exception as error:  # noqa: BLE001  (a broken device can fail once more)
            wrong = wrong or self._explain(error)
        self._changes.forget()
        if wrong:
            yield Logged(wrong.message, "error")
        yield self._ended(wrong)

    def _save_after(self, wrong: Failure | None) -> Events:
        """Of a run that failed only the best weights, unless it can go on."""
        if wrong and not wrong.remedies:
            yield from self._all_of(self._keeper.save_best())
            return
        if wrong:
            self._engine.undo()
        if not (wrong and self._engine.has_stages):  # one of several may have stepped: then the last state counts
            yield from self._save()

    def _started(self) -> RunStarted:
        compiled, samples = self._network.compiled, self._network.feed.splits
        return RunStarted(
            run=self._name,
            device=str(self._network.device),
            device_reason=self._reason,
            epochs=self._settings.epochs,
            steps_per_epoch=self._steps_per_epoch(),
            losses=compiled.losses,
            metrics=tuple(plan.name for plan in compiled.metrics),
            samples={split: len(rows) for split, rows in samples.items()},
            first_step=self._step,
            epoch_began=self._epoch_began,
        )

    def _tune(self) -> Events:
        """Find out what is fastest here, and take it. It can be stopped at each trial."""
        if not self._tunes:
            return
        made, self._is_trying = self._engine, True
        trying = trials.trials(self._network, self._settings, made.parts.choices, self._total_steps(), self._memory)
        try:
            while self._ending is None:
                yield from self._say(Trying(next(trying)))
        except StopIteration as end:
            tuned = end.value
        else:
            trying.close()
            tuned = Tuned(made.parts.choices)
        self._is_trying = False
        fastest = engine.build(self._network, self._settings, tuned.choices)
        self._take(ready(fastest, self._document, self._watch))
        yield from self._say(events.Tuned(tuned.named, tuned.gain, f"Computes with {tuned.words}."))
        while self._later:
            yield from self._change(self._later.pop(0))

    def _epochs(self) -> Events:
        while self._epoch < self._settings.epochs and self._ending is None:
            if self._ranking.is_hopeless:
                yield Logged(f"Ended early: {self._ranking.waited} epochs brought no better score.")
                return
            rows = self._rows = self._shuffled() if self._rows is None else self._rows
            yield from self._steps(rows[self._position :])
            if self._is_through(rows):
                yield from self._end_epoch()

    def _is_through(self, rows: Tensor) -> bool:
        """Whether an epoch came to its end, and was neither stopped nor begun anew."""
        return self._ending is None and rows is self._rows and self._position >= len(rows)

    def _shuffled(self) -> Tensor:
        """The rows of a new epoch in their order; one that was left in the middle comes in the same order again."""
        self._order_before = self._order.get_state()
        rows = self._network.feed.splits["train"]
        return rows[torch.randperm(len(rows), generator=self._order).to(rows.device)]

    def _steps(self, rows: Tensor) -> Events:
        """The steps of an epoch, until a change needs other ones. Every statement here is paid for at each step."""
        made, pace, epoch = self._engine, self._pace, self._epoch + 1
        do = made.step
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
            if self._ending is not None or self._engine is not made:
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
            if isinstance(command, Watch):
                self._watch = command
                command = yield self._probes.watch(command, self._step)
            else:
                yield from self._change(command)
                return

    def _change(self, command: Apply | Revert) -> Events:
        """Go on with another version of the document, or with the one before; what is in the way is said."""
        if self._is_trying:  # the weights of now are those of trials
            self._later.append(command)
            return
        read, said = self._losses_read(), list(self._keeper.save_best())
        try:
            told: Changed | Refused = (
                self._applied(command.document) if isinstance(command, Apply) else self._reverted()
            )
        except Exception as error:  # noqa: BLE001  (whatever a new network raises, the one that is there can go on)
            told = Refused(f"The change was not made: {failure.plain(error)}")
        yield from self._say(told)  # first, since a run that rests goes no further than to the next event
        yield from self._told_losses(read)
        yield from self._all_of(said)
        if isinstance(told, Changed):
            yield from self._all_of(self._save_state())

    def _applied(self, document: Document) -> Changed:
        fixed = {name: getattr(self._settings, name) for name in BY_NAME if name not in LIVE}
        wanted, place = asked.changed(document, fixed), self._place()
        made = ready(surgery.rebuilt(self._engine, wanted, place), wanted, self._watch)
        self._changes.keep(self._engine, self._document, place, self._keeper.best_file)
        title, text = wording.described(self._document, wanted)
        if made.engine.network.shapes != self._network.shapes:
            self._keeper.forget_best()
            self._ranking.begin_anew()
        return self._go_on(made, title, text)

    def _reverted(self) -> Changed:
        document = self._changes.last()
        if document is None:
            raise TrainingError("no change is left that could be undone.")
        made = ready(surgery.rebuilt(self._engine, document, self._place()), document, self._watch)
        is_other = made.engine.network.shapes != self._network.shapes
        number = self._engine.parts.cycle.number
        best, before = self._changes.undo(made.engine)
        made.engine.parts.cycle.number, made.engine.parts.cycle.waiting = number, 0
        for stepper in made.engine.parts.steppers:
            stepper.let_go()
        title, _ = wording.described(document, self._document)
        changed = self._go_on(made, "undone", f"Undone: {title}. The weights are those from before.")
        if is_other:
            self._keeper.take_best(best)
            self._ranking.restore(before.best, before.waited, before.best_by)
        self._changes.drop()
        return changed

    def _go_on(self, made: Ready, title: str, text: str) -> Changed:
        if made.engine.network.feed is not self._network.feed:
            self._rows, self._position, self._epoch_began = None, 0, self._step
            self._order_before = self._order.get_state()
        self._take(made)
        self._pace.expect(self._total_steps())
        return Changed(self._step, title, text, made.document, self._started())

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
        yield from self._told_losses(self._losses_read())

    def _losses_read(self) -> LossesRead | None:
        names = self._network.compiled.losses
        values = self._engine.read_losses()
        if not values.shape[1]:
            return None
        first, self._read_up_to = self._read_up_to + 1, self._step
        self._latest = {name: float(row[-1]) for name, row in zip(names, values, strict=True)}
        speed, left = self._pace.measure(self._step, self._settings.batch_size)
        return LossesRead(first, dict(zip(names, values, strict=True)), self._engine.rates(), speed, left)

    def _told_losses(self, read: LossesRead | None) -> Events:
        if read is None:
            return
        yield from self._say(read)
        names, values = list(read.losses), np.array(list(read.losses.values()))
        wrong = np.argwhere(~np.isfinite(values.T))
        if len(wrong):
            step, loss = wrong[0]
            raise Diverged(read.first_step + int(step), names[loss], float(values[loss, step]))

    def _end_epoch(self) -> Events:
        yield from self._read()
        scores = self._scores()
        self._epoch, self._position, self._rows, self._epoch_began = self._epoch + 1, 0, None, self._step
        self._order_before = self._order.get_state()
        self._change_rates(scores)
        best = self._ranking.offer(scores.get("val", scores["train"]))
        if best:
            self._keeper.offer_best(self._engine, self._step)
        self._last = self._epoch_of(scores, best=best)
        yield from self._say(self._last)

    def _scores(self) -> dict[Split, Score]:
        with self._engine.averaged():
            return self._evaluate()

    def _epoch_of(self, scores: dict[Split, Score], *, best: bool) -> EpochEnded:
        return EpochEnded(
            epoch=self._epoch,
            step=self._step,
            losses={split: score.losses for split, score in scores.items()},
            metrics={split: score.metrics for split, score in scores.items()},
            confusion=scores["val"].confusion if "val" in scores else None,
            best=best,
        )

    def _save(self) -> Events:
        yield from self._all_of(self._keeper.save(self._engine, self._randomness(), self._place()))

    def _save_state(self) -> Said:
        return self._keeper.save_state(self._engine, self._randomness(), self._place())

    def _all_of(self, said: Iterable[CheckpointSaved | Logged]) -> Events:
        for event in said:
            yield from self._say(event)

    def _place(self) -> Place:
        seconds = self._seconds_before + self._pace.busy()
        losses, metrics = (self._last.losses, self._last.metrics) if self._last else ({}, {})
        return Place(
            self._epoch,
            self._position,
            self._step,
            seconds,
            self._ranking.best,
            {split: dict(found) for split, found in losses.items()},
            {split: dict(found) for split, found in metrics.items()},
            self._ranking.waited,
            self._settings.best_by,
            tuple(stepper.taken for stepper in self._engine.parts.steppers),
            dict(self._engine.lengths),
            (self._engine.parts.cycle.number, self._engine.parts.cycle.waiting),
            self._engine.parts.choices,
            self._text,
        )

    def _randomness(self) -> dict[str, Tensor]:
        return {**randomness.state(self._network.device), "order": self._order_before}

    def _restore(self, folder: Path) -> Place:
        place, states = self._engine.restore(folder)
        self._epoch, self._position, self._step = place.epoch, place.position, place.step
        self._epoch_began = place.step - -(-place.position // self._settings.batch_size)
        self._ranking.restore(place.best, place.waited, place.best_by)
        self._rows = None
        self._order.set_state(states["order"])
        self._order_before = states["order"]
        randomness.restore(states, self._network.device)
        self._keeper.adopt_best(folder)
        return place

    def _steps_per_epoch(self) -> int:
        return len(batch_sizes(len(self._network.feed.splits["train"]), self._settings.batch_size))

    def _total_steps(self) -> int:
        """The steps done and those to come."""
        return self._step + engine.batches_ahead(self._network, self._settings, Place(self._epoch, self._position))

    def _explain(self, error: Exception) -> Failure:
        compiled = self._network.compiled
        if not isinstance(error, Diverged):
            return failure.of_exception(error, self._network, self._step + 1, self._settings)
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
                    return failure.not_finite(self._network, batch[:inputs])
                self._engine.step(batch)
                self._step += 1
        except Exception:  # noqa: BLE001  (this only looks for better words; the failure itself is known)
            return None
        return None

    def _again(self) -> Iterator[tuple[Tensor, ...]]:
        while True:
            yield from self._network.feed.batches(self._shuffled()[self._position :], self._settings.batch_size)
            self._position = 0
            self._change_rates(self._scores())

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
            remedies=wrong.remedies if wrong else (),
        )
