"""What a run trains: the network with its optimizers, schedules and averages, ready to take steps."""

from collections.abc import Callable, Mapping, Sequence
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
from netloom.training.checkpoint import Place
from netloom.training.choices import Choices, MemoryFormat, plain
from netloom.training.feed import batch_sizes
from netloom.training.network import Network
from netloom.training.optimizers import Stepper
from netloom.training.schedules import Length, Schedule

FORMATS: dict[MemoryFormat, torch.memory_format] = {
    "contiguous": torch.contiguous_format,
    "channels_last": torch.channels_last,
}


class Engine:
    """Takes steps, once it has begun. `lengths` are the steps of the whole run, by the id of the optimizer."""

    def __init__(
        self, parts: steps.Parts, moving: Sequence[tuple[Stepper, Schedule]], lengths: Mapping[str, int]
    ) -> None:
        self.parts = parts
        self.lengths = lengths
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
            [stepper.gradients for stepper in parts.steppers],
        )

    def begin(self) -> None:
        """Make ready for steps: weights that no optimizer updates need no gradients."""
        torch.set_num_threads(self.parts.choices.threads)
        trained = {id(parameter) for stepper in self.parts.steppers for parameter in stepper.parameters}
        weights = self.network.weights
        for parameter in weights.parameters.values():
            parameter.grad = None
            if id(parameter) not in weights.fixed:
                parameter.requires_grad_(id(parameter) in trained)

    def step(self, batch: steps.Batch) -> None:
        """Follow the losses of one batch, and append them to what is unread."""
        if not self._by_batch:
            self._step(batch)
            return
        before = [stepper.taken for stepper, _ in self._by_batch]
        self._step(batch)
        for (stepper, schedule), steps_before in zip(self._by_batch, before, strict=True):
            if stepper.taken != steps_before:
                schedule.step(_no_loss)

    def undo(self) -> None:
        """Let go of a step that did not come to its end, and of the batches that wait for others.

        Weights are as before, if optimizers do not step one after the other; running averages have seen the batch.
        """
        self.parts.cycle.waiting = 0
        for stepper in self.parts.steppers:
            stepper.let_go()
            for parameter in stepper.parameters:
                parameter.grad = None
        if self.network.device.type == "cuda":
            torch.cuda.empty_cache()

    @property
    def has_stages(self) -> bool:
        """Whether optimizers step one after the other, so that a step may end between them."""
        return len({stepper.plan.order for stepper in self.parts.steppers}) > 1

    def restore(self, folder: Path) -> tuple[checkpoint.Place, dict[str, Tensor]]:
        """Take over a saved state; where the run stood, and the random states. TrainingError if it does not fit."""
        place, randomness = checkpoint.load(folder, self.state)
        for stepper, taken in zip(self.parts.steppers, place.taken, strict=False):
            stepper.taken = taken
        self.parts.cycle.number, self.parts.cycle.waiting = place.cycle
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


def build(
    network: Network,
    settings: Training,
    choices: Choices | None = None,
    lengths: Mapping[str, int] | None = None,
) -> Engine:
    """The step of a network with the optimizers that its document draws; TrainingError if one has nothing to train.

    Without `lengths` its schedules are as long as a run from the beginning.
    """
    compiled = network.compiled
    choices = choices or plain(settings, compiled.plan.macs * settings.batch_size)
    for module in (compiled.model, compiled.objective):
        module.to(memory_format=FORMATS[choices.memory_format])  # type: ignore[call-overload]  # torch forgot this one
    steppers = [optimizers.build(network, plan, choices.kernel) for plan in compiled.optimizers]
    trained = list(dict.fromkeys(parameter for stepper in steppers for parameter in stepper.parameters))
    average = Average(trained, settings.ema_decay) if settings.ema_decay else None
    scaler = GradScaler(network.device.type) if choices.precision == "float16" else None
    parts = steps.Parts(network, settings, choices, steppers, [], average, scaler, steps.Cycle())
    lengths = lengths or planned(network, settings, batches_ahead(network, settings, Place()), {})
    return Engine(parts, _schedules(settings, steppers, lengths), lengths)


def batches_ahead(network: Network, settings: Training, place: Place) -> int:
    """The batches that a run has before it at that place."""
    rows, size = len(network.feed.splits["train"]), settings.batch_size
    whole = settings.epochs - place.epoch - 1
    return whole * len(batch_sizes(rows, size)) + len(batch_sizes(rows - place.position, size)) if whole >= 0 else 0


def planned(network: Network, settings: Training, ahead: int, taken: Mapping[str, int]) -> dict[str, int]:
    """The steps of each optimizer over the whole run: those that were taken, and those of the batches ahead."""
    return {
        plan.node: max(1, taken.get(plan.node, 0) + ahead // (settings.accumulate * plan.period))
        for plan in network.compiled.optimizers
    }


def _schedules(
    settings: Training, steppers: Sequence[Stepper], lengths: Mapping[str, int]
) -> list[tuple[Stepper, Schedule]]:
    """What changes the rates over the whole run."""
    return [
        (stepper, schedules.build(plan, stepper.optimizer, Length(settings.epochs, lengths[stepper.plan.node])))
        for stepper in steppers
        if (plan := stepper.plan.schedule) is not None
    ]


def _no_loss() -> float:
    raise AssertionError("a schedule that looks at the loss goes by epochs")
