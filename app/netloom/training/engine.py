"""What a run trains: the network with its optimizers, schedules and averages, ready to take steps."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.amp import GradScaler

from netloom.graph import Training
from netloom.training import checkpoint, optimizers, schedules, steps
from netloom.training.average import Average
from netloom.training.choices import Choices, MemoryFormat, plain
from netloom.training.feed import batch_sizes
from netloom.training.network import Network
from netloom.training.optimizers import Stepper
from netloom.training.schedules import Length, Schedule
from netloom.training.weights import Weights

FORMATS: dict[MemoryFormat, torch.memory_format] = {
    "contiguous": torch.contiguous_format,
    "channels_last": torch.channels_last,
}


class Engine:
    """Takes steps. `taken` counts the batches that it was given since the run began."""

    def __init__(self, parts: steps.Parts, moving: Sequence[tuple[Stepper, Schedule]], taken: int = 0) -> None:
        self.parts = parts
        self.taken = taken
        self.moving = tuple(moving)
        self._by_batch = [(stepper, schedule) for stepper, schedule in moving if schedule.by_batch]
        self._step = steps.build(parts)

    @property
    def network(self) -> Network:
        """What is trained, and on what."""
        return self.parts.network

    @property
    def settings(self) -> Training:
        """How it is trained."""
        return self.parts.settings

    @property
    def schedules(self) -> list[Schedule]:
        """What changes rates, in the order of the optimizers that have one."""
        return [schedule for _, schedule in self.moving]

    @property
    def state(self) -> checkpoint.Parts:
        """All that changes as the run learns."""
        compiled, parts = self.network.compiled, self.parts
        return checkpoint.Parts(
            compiled.model,
            compiled.objective,
            [stepper.optimizer for stepper in parts.steppers],
            self.schedules,
            parts.average,
            parts.scaler,
            has_pending=self.taken % parts.settings.accumulate > 0,
        )

    def step(self, batch: steps.Batch) -> None:
        """Follow the losses of one batch, and append them to what is unread."""
        self.taken += 1
        if not self._by_batch:
            self._step(batch, self.taken)
            return
        before = [stepper.taken for stepper, _ in self._by_batch]
        self._step(batch, self.taken)
        for (stepper, schedule), steps_before in zip(self._by_batch, before, strict=True):
            if stepper.taken != steps_before:
                schedule.step(_no_loss)

    def undo(self, taken: int) -> None:
        """Let go of a step that did not come to its end, so that `taken` were taken; weights had not changed."""
        self.taken = taken
        if not self.state.has_pending:
            for stepper in self.parts.steppers:
                steps.give(stepper.parameters, [None] * len(stepper.parameters))
        if self.network.device.type == "cuda":
            torch.cuda.empty_cache()

    def restore(self, folder: Path) -> tuple[checkpoint.Place, dict[str, Tensor]]:
        """Take over a saved state; where the run stood, and the random states. TrainingError if it does not fit."""
        place, randomness = checkpoint.load(folder, self.state)
        self.taken = place.step
        for stepper, taken in zip(self.parts.steppers, place.taken, strict=True):
            stepper.taken = taken
        return place, randomness

    def read_losses(self) -> npt.NDArray[np.float32]:
        """The losses of all steps since the last reading in one copy from the device: a row for each loss."""
        unread, count = self.parts.unread, len(self.network.compiled.losses)
        if not unread:
            return np.empty((count, 0), np.float32)
        values: npt.NDArray[np.float32] = torch.stack([loss.float() for loss in unread]).cpu().numpy()
        unread.clear()
        return values.reshape(-1, count).T

    def rates(self) -> dict[str, float]:
        """The learning rate of each optimizer by its name."""
        return {stepper.plan.name: stepper.rate for stepper in self.parts.steppers}

    def end_epoch(self, loss: Callable[[], float]) -> None:
        """Move on the schedules that go by epochs; one that waits for a plateau asks for the loss."""
        for schedule in self.schedules:
            if not schedule.by_batch:
                schedule.step(loss)

    def averaged(self) -> AbstractContextManager[None]:
        """Inside, the network has the weights by which it is judged: their average, where one is made."""
        return nullcontext() if self.parts.average is None else self.parts.average.applied()


def build(network: Network, settings: Training, choices: Choices | None = None, taken: int = 0) -> Engine:
    """The step of a network with the optimizers that its document draws; TrainingError if one has nothing to train."""
    compiled = network.compiled
    choices = choices or plain(settings, compiled.plan.macs * settings.batch_size)
    for module in (compiled.model, compiled.objective):
        module.to(memory_format=FORMATS[choices.memory_format])  # type: ignore[call-overload]  # torch forgot this one
    steppers = [optimizers.build(network, plan, choices.kernel) for plan in compiled.optimizers]
    trained = list(dict.fromkeys(parameter for stepper in steppers for parameter in stepper.parameters))
    average = Average(trained, settings.ema_decay) if settings.ema_decay else None
    scaler = GradScaler(network.device.type) if choices.precision == "float16" else None
    parts = steps.Parts(network, settings, choices, steppers, [], average, scaler)
    made = Engine(parts, _schedules(network, settings, steppers), taken)
    _freeze(network.weights, steppers)
    return made


def _schedules(network: Network, settings: Training, steppers: Sequence[Stepper]) -> list[tuple[Stepper, Schedule]]:
    """What changes the rates over the whole run; the length of each is that of the run in steps of its optimizer."""
    batches = settings.epochs * len(batch_sizes(len(network.feed.splits["train"]), settings.batch_size))
    found = []
    for stepper in steppers:
        if (plan := stepper.plan.schedule) is not None:
            taken = max(1, batches // (settings.accumulate * stepper.plan.period))
            found.append((stepper, schedules.build(plan, stepper.optimizer, Length(settings.epochs, taken))))
    return found


def _freeze(weights: Weights, steppers: Sequence[Stepper]) -> None:
    """Weights that no optimizer updates need no gradients."""
    trained = {id(parameter) for stepper in steppers for parameter in stepper.parameters}
    for parameter in weights.parameters.values():
        if id(parameter) not in weights.fixed:
            parameter.requires_grad_(id(parameter) in trained)


def _no_loss() -> float:
    raise AssertionError("a schedule that looks at the loss goes by epochs")
