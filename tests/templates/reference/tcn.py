"""A temporal convolutional network after Bai, Kolter and Koltun (2018), without weight normalisation."""

from torch import Tensor, nn
from torch.nn import functional


class TemporalBlock(nn.Module):
    def __init__(self, channels: int, width: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.past = (kernel - 1) * dilation
        self.conv1 = nn.Conv1d(channels, width, kernel, dilation=dilation)
        self.conv2 = nn.Conv1d(width, width, kernel, dilation=dilation)
        self.dropout = nn.Dropout(0.05)
        self.shortcut = nn.Identity() if channels == width else nn.Conv1d(channels, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.dropout(self.conv1(functional.pad(x, (self.past, 0))).relu())
        y = self.dropout(self.conv2(functional.pad(y, (self.past, 0))).relu())
        return (y + self.shortcut(x)).relu()


class TCN(nn.Module):
    def __init__(self, classes: int = 10, width: int = 25, depth: int = 8, kernel: int = 3) -> None:
        super().__init__()
        self.levels = nn.Sequential(
            *(TemporalBlock(width if level else 1, width, kernel, 2**level) for level in range(depth))
        )
        self.head = nn.Linear(width, classes)

    def forward(self, series: Tensor) -> Tensor:
        return self.head(self.levels(series)[:, :, -1])
