"""Tensors that a network makes itself, and Fourier transforms."""

import torch
from tests.compiler.battery.case import BATCH, IMAGE, ROW, SEQUENCE, SERIES, Case, Given, truth, whole
from torch import Tensor

CHANCES = Given(SEQUENCE, low=0.0, high=1.0)
COMPLEX = Given(SEQUENCE, "complex64")
SIGNAL = Given([120])


def learned(*shape: int) -> Tensor:
    """Random numbers as they are drawn while the model is made."""
    torch.manual_seed(0)
    return torch.randn(shape)


def even(*shape: int) -> Tensor:
    torch.manual_seed(0)
    return torch.empty(shape).uniform_(-0.1, 0.1)


def spectrogram(x: Tensor) -> Tensor:
    return torch.stft(x, 16, window=torch.hann_window(16), return_complex=True)


def narrow_spectrogram(x: Tensor) -> Tensor:
    window = torch.hamming_window(12)
    return torch.stft(x, 16, 5, 12, window, center=False, normalized=True, return_complex=True)


CASES = [
    Case("Parameter", [], {"shape": [1, 5, 8]}, lambda: learned(1, 5, 8) * 0.02),
    Case("Parameter", [], {"shape": [4], "initial": "uniform", "std": 0.1}, lambda: even(4)),
    Case("Parameter", [], {"shape": [3, 2], "initial": "constant", "value": 0.25}, lambda: torch.full((3, 2), 0.25)),
    Case("Parameter", [], {"shape": [3], "initial": "constant", "value": 2}, lambda: torch.full((3,), 2.0)),
    Case("Parameter", [], {"shape": [2], "initial": "constant", "value": 1.0}, lambda: torch.ones(2)),
    Case("Parameter", [], {"shape": [2, 7], "std": 1.0}, lambda: learned(2, 7)),
    Case("RandomNormal", [IMAGE], {}, torch.randn_like, gradient=False),
    Case(
        "RandomNormal",
        [whole([2], 9)],
        {"shape": [4, 5], "mean": 1.0, "std": 0.5},
        lambda x: torch.randn(BATCH, 4, 5) * 0.5 + 1.0,
        gradient=False,
    ),
    Case("RandomUniform", [IMAGE], {}, torch.rand_like, gradient=False),
    Case(
        "RandomUniform",
        [ROW],
        {"shape": [5], "low": -1.0, "high": 2.0},
        lambda x: torch.empty(BATCH, 5).uniform_(-1.0, 2.0),
        gradient=False,
    ),
    Case("RandomUniform", [ROW], {"high": 3.0}, lambda x: torch.empty_like(x).uniform_(0.0, 3.0), gradient=False),
    Case("Bernoulli", [CHANCES], {}, torch.bernoulli, gradient=False),
    Case("Bernoulli", [whole(ROW, 9)], {"p": 0.3}, lambda x: torch.bernoulli(x, 0.3), gradient=False),
    Case("Zeros", [IMAGE], {}, torch.zeros_like, gradient=False),
    Case("Zeros", [IMAGE], {"shape": [4], "dtype": "int64"}, lambda x: torch.zeros(BATCH, 4).long(), gradient=False),
    Case("Ones", [IMAGE], {"dtype": "bool"}, lambda x: torch.ones_like(x).bool(), gradient=False),
    Case("Ones", [truth([4])], {"shape": [2, 1]}, lambda x: torch.ones(BATCH, 2, 1), gradient=False),
    Case("Arange", [SEQUENCE], {}, lambda x: torch.arange(7), gradient=False),
    Case("Arange", [SEQUENCE], {"dim": -1}, lambda x: torch.arange(8), gradient=False),
    Case("FFT", [SEQUENCE], {}, torch.fft.fft),
    Case("FFT", [COMPLEX], {"n": 5, "dim": 1, "norm": "ortho"}, lambda x: torch.fft.fft(x, 5, 1, "ortho")),
    Case("InverseFFT", [COMPLEX], {}, torch.fft.ifft),
    Case("InverseFFT", [whole(ROW, 9)], {"n": 20}, lambda x: torch.fft.ifft(x, 20), gradient=False),
    Case("RFFT", [SERIES], {}, torch.fft.rfft),
    Case("RFFT", [SERIES], {"n": 9, "dim": 1, "norm": "forward"}, lambda x: torch.fft.rfft(x, 9, 1, "forward")),
    Case("InverseRFFT", [COMPLEX], {}, torch.fft.irfft),
    Case("InverseRFFT", [COMPLEX], {"n": 11, "dim": 1}, lambda x: torch.fft.irfft(x, 11, 1)),
    Case("STFT", [SIGNAL], {"n_fft": 16}, spectrogram),
    Case(
        "STFT",
        [SIGNAL],
        {"n_fft": 16, "hop_length": 5, "win_length": 12, "window": "hamming", "center": False, "normalized": True},
        narrow_spectrogram,
        gradient=False,
    ),
    Case("Real", [COMPLEX], {}, torch.real),
    Case("Real", [IMAGE], {}, torch.real),
    Case("Imaginary", [COMPLEX], {}, torch.imag),
    Case("Imaginary", [Given([3], "complex64")], {}, torch.imag),
]
