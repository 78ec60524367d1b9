"""The peers of the engine's benchmark: `peer_engine.py expert|lightning|keras CASE THREADS`, in turns.

The same network, data on the device, batches by index, Adam at its defaults. Frameworks do as little
else as they allow.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch
from engine_cases import CASES, RATE, Case
from engine_turns import Turns
from torch import Tensor, nn


class Batches:
    """An epoch of batches each time it is walked through; before each but the first, the turns hear of a step."""

    def __init__(self, case: Case, turns: Turns) -> None:
        self.samples, self.labels = (torch.from_numpy(column) for column in case.data())
        self.size, self.turns, self.begun = case.batch, turns, False

    def __len__(self) -> int:
        return len(self.samples) // self.size

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for rows in torch.randperm(len(self.samples)).split(self.size):
            if self.begun:
                self.turns.stepped()
            self.begun = True
            yield self.samples.index_select(0, rows), self.labels.index_select(0, rows)


def expert(model: nn.Module, batches: Batches) -> None:
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    while True:
        for samples, labels in batches:
            optimizer.zero_grad()
            loss = criterion(model(samples), labels)
            loss.backward()
            optimizer.step()


def lightning(model: nn.Module, batches: Batches) -> None:
    import lightning as pl

    class Module(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model, self.criterion = model, nn.CrossEntropyLoss()

        def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
            return self.criterion(self.model(batch[0]), batch[1])

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.Adam(self.parameters(), lr=RATE)

    trainer = pl.Trainer(accelerator="cpu", devices=1, max_epochs=-1, barebones=True)
    trainer.fit(Module(), batches)


def keras(model: nn.Module, batches: Batches, name: str) -> None:
    import keras
    from peer_keras import twin

    found = twin(name, model, batches.samples[: batches.size])
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    found.compile(keras.optimizers.Adam(RATE), criterion)

    def forever() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            yield from batches

    found.fit(forever(), epochs=10**9, steps_per_epoch=len(batches), verbose=0)


def main(kind: str, name: str, threads: str) -> None:
    if int(threads):
        torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    case = CASES[name]
    model = case.network()
    batches = Batches(case, Turns(sum(each.numel() for each in model.parameters())))
    how: dict[str, Any] = {"expert": expert, "lightning": lightning}
    keras(model, batches, name) if kind == "keras" else how[kind](model, batches)


if __name__ == "__main__":
    main(*sys.argv[1:])
