"""The four networks of the engine's benchmark as an expert writes them, and their data. Needs torch only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

CLASSES = 10
RATE = 1e-3


@dataclass(frozen=True, slots=True)
class Case:
    """What is trained: samples of `shape`, so many a batch; `rows` are a whole number of batches."""

    title: str
    shape: tuple[int, ...]
    batch: int
    rows: int
    network: Callable[[], nn.Module]

    def data(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return samples and labels, the same in every process."""
        rng = np.random.default_rng(0)
        samples = rng.standard_normal((self.rows, *self.shape), dtype=np.float32)
        return samples, rng.integers(0, CLASSES, self.rows)


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, CLASSES))


class LeNet(nn.Module):
    """LeNet-5 for images of 28×28: the first convolution pads by 2, as LeCun's images were padded to 32×32."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.fc1(x.flatten(1)))
        return self.fc3(torch.relu(self.fc2(x)))


class Transformer(nn.Module):
    """Two encoder layers, the mean over the places, a score for each class."""

    def __init__(self, width: int = 128, heads: int = 4, hidden: int = 512) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, hidden, dropout=0.0, batch_first=True) for _ in range(2)
        )
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return self.head(x.mean(1))


class Residual(nn.Module):
    """Two convolutions, and what came in added to them."""

    def __init__(self, given: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(given, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.down = nn.Sequential()
        if stride > 1:
            self.down = nn.Sequential(nn.Conv2d(given, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.down(x))


class ResNet18(nn.Module):
    """The layout of ResNet-18, stem and all."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        sizes = ((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2))
        pairs = ((Residual(given, size, stride), Residual(size, size)) for given, size, stride in sizes)
        self.layers = nn.Sequential(*(block for pair in pairs for block in pair))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        return self.fc(self.avgpool(self.layers(x)).flatten(1))


CASES: Mapping[str, Case] = {
    "mlp": Case("MLP 784-256-10", (784,), 128, 8192, mlp),
    "lenet": Case("LeNet 28×28", (1, 28, 28), 128, 4096, LeNet),
    "transformer": Case("transformer d 128 ×2, 64 places", (64, 128), 32, 2048, Transformer),
    "resnet": Case("ResNet-18 on 32×32", (3, 32, 32), 32, 512, ResNet18),
}
