"""How a run computes. Equal choices give equal numbers to the last bit."""

from typing import Literal, TypeAlias

import msgspec

from netloom.graph import Training
from netloom.training import devices

Kernel: TypeAlias = Literal["fused", "foreach", "single"]
MemoryFormat: TypeAlias = Literal["contiguous", "channels_last"]
Precision: TypeAlias = Literal["float32", "bfloat16", "float16"]


class Choices(msgspec.Struct, frozen=True):
    """Processor cores, how an optimizer works, how images lie in memory, how exact numbers are, and torch.compile."""

    threads: int = 1
    kernel: Kernel = "fused"
    memory_format: MemoryFormat = "contiguous"
    precision: Precision = "float32"
    compiled: bool = False


def plain(settings: Training, macs: int) -> Choices:
    """What the settings fix, and for the rest what is good without trying; `macs` are the multiply-adds of a step."""
    fixed = {
        name: value
        for name in ("kernel", "memory_format", "precision")
        if (value := getattr(settings, name)) not in ("auto", "float32")
    }
    return msgspec.convert(
        {"threads": settings.threads or devices.thread_count(macs), "compiled": settings.compile == "on", **fixed},
        Choices,
    )
