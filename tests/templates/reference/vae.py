"""A variational autoencoder after Kingma and Welling (2013) for digits of 8×8 pixels."""

import torch
from torch import Tensor, nn


class VAE(nn.Module):
    def __init__(self, hidden: int = 128, latent: int = 8) -> None:
        super().__init__()
        self.hidden = nn.Linear(64, hidden)
        self.mean = nn.Linear(hidden, latent)
        self.log_variance = nn.Linear(hidden, latent)
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, 64))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h = self.hidden(image.flatten(1)).relu()
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.decoder(z).unflatten(1, (1, 8, 8)), mean, log_variance
