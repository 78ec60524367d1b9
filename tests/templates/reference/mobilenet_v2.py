"""MobileNetV2 after Sandler, Howard, Zhu, Zhmoginov and Chen (2018)."""

from torch import Tensor, nn
from torch.nn import functional

STAGES = ((24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1))
"""Channels, blocks and stride of each stage."""


def conv(channels: int, width: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel, stride, padding=kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU6(),
    )


class InvertedResidual(nn.Module):
    def __init__(self, channels: int, width: int, stride: int, expansion: int = 6) -> None:
        super().__init__()
        hidden = expansion * channels
        self.is_residual = stride == 1 and channels == width
        self.expand = conv(channels, hidden, 1) if expansion > 1 else nn.Identity()
        self.depthwise = conv(hidden, hidden, 3, stride, groups=hidden)
        self.project = nn.Sequential(nn.Conv2d(hidden, width, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.is_residual else y


class MobileNetV2(nn.Module):
    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.stem = conv(3, 32, 3, 2)
        self.first = InvertedResidual(32, 16, 1, expansion=1)
        self.stages = nn.ModuleList()
        channels = 16
        for width, count, stride in STAGES:
            stage = nn.Sequential(InvertedResidual(channels, width, stride))
            for _ in range(count - 1):
                stage.append(InvertedResidual(width, width, 1))
            self.stages.append(stage)
            channels = width
        self.last = conv(320, 1280, 1)
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(1280, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.first(self.stem(image))
        for stage in self.stages:
            x = stage(x)
        x = functional.adaptive_avg_pool2d(self.last(x), 1)
        return self.classifier(self.dropout(x.flatten(1)))
