"""Before the first step of a run: what is fastest here is tried on real batches, and leaves no trace in the network."""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import TypeAlias

import torch

from netloom.graph import Training
from netloom.training import devices, engine, randomness, tuning
from netloom.training.choices import Choices, fixed
from netloom.training.network import Network
from netloom.training.tuning import Tuned, Way

BATCHES = 8
"""So many batches are used in turn."""
Trials: TypeAlias = Generator[float, None, Tuned]


def trials(network: Network, settings: Training, first: Choices, steps: int, folder: Path | None) -> Trials:
    """Yield the share that is done; the answer at the end, from `folder` where it was found out before.

    `first` is what is good without trying, `steps` are those of the planned run.
    """
    name = _key(network, settings)
    known = tuning.recall(folder, name) if folder else None
    if known is not None:
        return Tuned(fixed(known.choices, settings), known.gain)
    with _untouched(network):
        prepare = _prepared(network, settings)
        found = yield from tuning.tune(prepare, first, _ways(network, settings, prepare, first, steps), steps)
    if folder is not None and found.tried:
        tuning.remember(folder, name, found)
    return found


def _key(network: Network, settings: Training) -> str:
    compiled = network.compiled
    told = [compiled.source.text, *(plan.target for plan in compiled.optimizers), str(most_threads())]
    return tuning.key("\n".join(told), settings, network.device)


def _ways(network: Network, settings: Training, prepare: tuning.Prepare, first: Choices, steps: int) -> list[Way]:
    searches = any(plan.target.endswith(".LBFGS") for plan in network.compiled.optimizers)
    before = randomness.state(network.device)
    seconds = steps * tuning.first_look(prepare, first)
    after = randomness.state(network.device)
    draws = any(not torch.equal(before[name], after[name]) for name in before)  # in another format others are drawn
    has_images = not (searches or draws) and any(each.dim() == 4 for each in network.weights.parameters.values())
    return tuning.ways(settings, network.device, most_threads(), has_images=has_images, seconds=seconds)


def most_threads() -> int:
    """The cores that a run may take: all of them, or beside a window, whose thread is the main one, all but one."""
    is_alone = threading.current_thread() is threading.main_thread()
    return devices.cores() if is_alone else max(1, devices.cores() - 1)


def _prepared(network: Network, settings: Training) -> tuning.Prepare:
    feed = network.feed
    batches = list(islice(feed.batches(feed.splits["train"], settings.batch_size), BATCHES))

    def prepare(choices: Choices) -> Callable[[], None]:
        made = engine.build(network, settings, choices)
        made.begin()
        turns = cycle(batches)

        def step() -> None:
            made.step(next(turns))
            made.parts.unread.clear()
            if network.device.type == "cuda":
                torch.cuda.synchronize(network.device)

        return step

    return prepare


@contextmanager
def _untouched(network: Network) -> Iterator[None]:
    """Weights, running averages and random numbers are afterwards as they were before."""
    tensors = [*network.weights.parameters.values(), *network.weights.buffers.values()]
    kept = [value.detach().clone() for value in tensors]
    try:
        with randomness.own(network.device):
            yield
    finally:
        with torch.no_grad():
            for value, before in zip(tensors, kept, strict=True):
                value.copy_(before)
        for parameter in network.weights.parameters.values():
            parameter.grad = None
