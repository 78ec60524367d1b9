"""DCGAN after Radford, Metz and Chintala (2015), for images of 64×64 pixels."""

from torch import Tensor, nn


class Generator(nn.Sequential):
    def __init__(self, latent: int = 100, width: int = 64) -> None:
        layers: list[nn.Module] = []
        channels = latent
        for factor in (8, 4, 2, 1):
            first = channels == latent
            layers += [
                nn.ConvTranspose2d(
                    channels, factor * width, 4, 1 if first else 2, padding=0 if first else 1, bias=False
                ),
                nn.BatchNorm2d(factor * width),
                nn.ReLU(),
            ]
            channels = factor * width
        super().__init__(*layers, nn.ConvTranspose2d(width, 3, 4, 2, padding=1, bias=False), nn.Tanh())


class Discriminator(nn.Sequential):
    def __init__(self, width: int = 64) -> None:
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, padding=1, bias=False), nn.LeakyReLU(0.2)]
        for factor in (1, 2, 4):
            layers += [
                nn.Conv2d(factor * width, 2 * factor * width, 4, 2, padding=1, bias=False),
                nn.BatchNorm2d(2 * factor * width),
                nn.LeakyReLU(0.2),
            ]
        super().__init__(*layers, nn.Conv2d(8 * width, 1, 4, bias=False), nn.Flatten())


class DCGAN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.generator = Generator()
        self.discriminator = Discriminator()

    def forward(self, noise: Tensor, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fake = self.generator(noise)
        return fake, self.discriminator(image), self.discriminator(fake)
