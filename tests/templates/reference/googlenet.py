"""GoogLeNet after Szegedy and others (2014) with batch normalisation, as it is usually trained today."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class BasicConv(nn.Sequential):
    def __init__(self, channels: int, width: int, kernel: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(channels, width, kernel, stride, padding=kernel // 2, bias=False),
            nn.BatchNorm2d(width, eps=0.001),
            nn.ReLU(),
        )


class Inception(nn.Module):
    def __init__(self, channels: int, one: int, squeeze3: int, three: int, squeeze5: int, five: int, pool: int) -> None:
        super().__init__()
        self.branch1 = BasicConv(channels, one, 1)
        self.branch2 = nn.Sequential(BasicConv(channels, squeeze3, 1), BasicConv(squeeze3, three, 3))
        # The paper has 5×5 here; what was published as code, and counted, has 3×3.
        self.branch3 = nn.Sequential(BasicConv(channels, squeeze5, 1), BasicConv(squeeze5, five, 3))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, padding=1, ceil_mode=True), BasicConv(channels, pool, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class GoogLeNet(nn.Module):
    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            *(BasicConv(3, 64, 7, 2), nn.MaxPool2d(3, 2, ceil_mode=True)),
            *(BasicConv(64, 64, 1), BasicConv(64, 192, 3), nn.MaxPool2d(3, 2, ceil_mode=True)),
        )
        self.stage3 = nn.Sequential(
            Inception(192, 64, 96, 128, 16, 32, 32),
            Inception(256, 128, 128, 192, 32, 96, 64),
            nn.MaxPool2d(3, 2, ceil_mode=True),
        )
        self.stage4 = nn.Sequential(
            Inception(480, 192, 96, 208, 16, 48, 64),
            Inception(512, 160, 112, 224, 24, 64, 64),
            Inception(512, 128, 128, 256, 24, 64, 64),
            Inception(512, 112, 144, 288, 32, 64, 64),
            Inception(528, 256, 160, 320, 32, 128, 128),
            nn.MaxPool2d(2, 2, ceil_mode=True),
        )
        self.stage5 = nn.Sequential(
            Inception(832, 256, 160, 320, 32, 128, 128), Inception(832, 384, 192, 384, 48, 128, 128)
        )
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(1024, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.stage5(self.stage4(self.stage3(self.stem(image))))
        return self.fc(self.dropout(functional.adaptive_avg_pool2d(x, 1).flatten(1)))
