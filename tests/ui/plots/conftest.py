from collections.abc import Callable, Generator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from netloom.graph import Document
from netloom.training.events import (
    Boundary,
    Changed,
    EpochEnded,
    LossesRead,
    Preview,
    ProbesRead,
    RunEnded,
    RunStarted,
    Stepped,
)
from netloom.training.progress import Progress
from netloom.ui import theme

STEPS = 45


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Generator[None, None, None]:
    theme.apply(qapp, "dark")
    yield
    theme.apply(qapp, "dark")


@pytest.fixture
def preview() -> Callable[..., Preview]:
    def make(kind, data, *, shape=None) -> Preview:
        data = np.asarray(data, np.float32)
        counts = np.histogram(data, 32)[0].astype(np.float32)
        spread = float(data.min()), float(data.max()), float(data.mean()), float(data.std())
        return Preview(kind, data, *spread, shape or data.shape, counts)

    return make


class Stream:
    """Feeds a progress with the events of a digits-like run, epoch by epoch."""

    def __init__(self, *, metrics: tuple[str, ...] = ("accuracy",)) -> None:
        self.progress = Progress()
        self.metrics = metrics
        self.step = self.epoch = 0
        samples = {"train": 1437, "val": 360}
        self.progress.feed(RunStarted("run", "cpu", "no GPU", 40, STEPS, ("loss",), metrics, samples))

    def losses(self, values) -> None:
        self.progress.feed(
            LossesRead(self.step + 1, {"loss": np.asarray(values, np.float32)}, {"adam": 7.3e-4}, 3480.0, 11.0)
        )
        self.step += len(values)
        self.progress.feed(Stepped(self.step, self.epoch + 1))

    def epochs(self, count: int, *, confusion: bool = True) -> None:
        for _ in range(count):
            steps = np.arange(self.step + 1, self.step + STEPS + 1)
            self.losses(2.3 * np.exp(-steps / 60) + 0.05)
            self.epoch += 1
            val = 2.0 * np.exp(-self.epoch / 2) + 0.1
            matrix = np.diag(np.full(10, 35))
            matrix[8, 1] = 4
            self.progress.feed(
                EpochEnded(
                    self.epoch,
                    self.step,
                    {"train": {"loss": val * 0.8}, "val": {"loss": val}},
                    {split: dict.fromkeys(self.metrics, 1 - 0.5**self.epoch) for split in ("train", "val")},
                    matrix if confusion else None,
                    best=True,
                )
            )

    def probe(self, previews, norms=None, boundary: Boundary | None = None) -> None:
        self.progress.feed(ProbesRead(self.step, "activations", previews, boundary, norms or {}))

    def change(self, title: str) -> None:
        self.progress.feed(Changed(self.step, title, title, Document(), self.progress.started))

    def end(self) -> None:
        self.progress.feed(RunEnded("run", "finished", self.epoch, self.step, 1.0, {}, {}, ()))


@pytest.fixture
def stream() -> Stream:
    return Stream()


@pytest.fixture
def streams() -> type[Stream]:
    return Stream


@pytest.fixture
def boundary() -> Boundary:
    """Class 1 above, class 0 below; one point of each."""
    values = np.repeat([0, 1], 8)[:, None].repeat(16, axis=1)
    points = np.array([[0.0, -0.5], [0.0, 0.5]], np.float32)
    return Boundary(values, np.ones((16, 16), np.float32), (-1.0, 1.0, -1.0, 1.0), points, np.array([0, 1]))
