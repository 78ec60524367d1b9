"""How fast this machine trains: a few small passes, measured in well under a second."""

import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from netloom.compiler.forecast import Speed
from netloom.training.optimizers import FUSED_DEVICES

TURNS, WARM_UP = 5, 2
WIDTH, ROWS = 256, 256
CHANNELS, SIDE, IMAGES = 32, 16, 16
VALUES = 1 << 19
DEPTH, NARROW = 16, 4


def measure(device: torch.device | str = "cpu") -> Speed:
    """The speed of a device, by a matrix product, a convolution, an operation on each value, and many tiny ones."""
    place = torch.device(device)
    with torch.random.fork_rng(devices=[place] if place.type == "cuda" else []):
        call, step = _tiny(place)
        return Speed(
            macs_per_second=ROWS * WIDTH * WIDTH / _pass(nn.Linear(WIDTH, WIDTH), (ROWS, WIDTH), place, call),
            convolved_per_second=_convolved(place, call),
            bytes_per_second=4 * VALUES / _pass(nn.Sigmoid(), (VALUES,), place, call),
            seconds_per_call=call,
            seconds_per_step=step,
        )


def _convolved(device: torch.device, call: float) -> float:
    layer = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
    macs = IMAGES * SIDE * SIDE * CHANNELS * CHANNELS * 9
    return macs / _pass(layer, (IMAGES, CHANNELS, SIDE, SIDE), device, call)


def _pass(layer: nn.Module, shape: tuple[int, ...], device: torch.device, call: float) -> float:
    """Seconds of a forward and a backward pass, without the cost of calling it."""
    layer = layer.to(device)
    values = torch.randn(shape, device=device, requires_grad=True)
    slope = torch.randn(shape, device=device)

    def once() -> None:
        torch.autograd.backward(layer(values), slope)

    once()
    return max(_median(once, device) - call, 1e-9)


def _tiny(device: torch.device) -> tuple[float, float]:
    """Seconds of one operation on next to nothing, and of what a step does beside its operations."""
    layers = nn.Sequential(*(nn.Sequential(nn.Linear(NARROW, NARROW), nn.Tanh()) for _ in range(DEPTH))).to(device)
    optimizer = torch.optim.AdamW(layers[:2].parameters(), fused=device.type in FUSED_DEVICES)
    values = torch.randn(NARROW, NARROW, device=device)

    def walk(depth: int) -> Callable[[], None]:
        part = layers[:depth]

        def once() -> None:
            loss = part(values).sum()
            torch.autograd.backward(loss)

        return once

    short, long = _median(walk(DEPTH // 4), device), _median(walk(DEPTH), device)
    operations = 2 * (DEPTH - DEPTH // 4)
    call = max((long - short) / operations, 1e-9)
    rest = max(short - call * DEPTH // 2, 0.0)
    return call, rest + _median(optimizer.step, device)


def _median(once: Callable[[], object], device: torch.device) -> float:
    for _ in range(WARM_UP):
        once()
    return statistics.median(_timed(once, device) for _ in range(TURNS))


def _timed(once: Callable[[], object], device: torch.device) -> float:
    _wait(device)
    began = time.perf_counter()
    once()
    _wait(device)
    return time.perf_counter() - began


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
