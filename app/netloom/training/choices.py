"""How a run computes. Equal choices give equal numbers to the last bit."""

from collections.abc import Collection
from typing import Any, Literal, TypeAlias

import msgspec

from netloom.graph import Training
from netloom.training import devices

Kernel: TypeAlias = Literal["fused", "foreach", "single"]
MemoryFormat: TypeAlias = Literal["contiguous", "channels_last"]
Precision: TypeAlias = Literal["float32", "bfloat16", "float16"]


NAMES = ("threads", "kernel", "memory_format", "precision", "compile")
"""The settings of a training that fix a choice, where they are not left open."""


class Choices(msgspec.Struct, frozen=True):
    """Processor cores, how an optimizer works, how images lie in memory, how exact numbers are, and torch.compile."""

    threads: int = 1
    kernel: Kernel = "fused"
    memory_format: MemoryFormat = "contiguous"
    precision: Precision = "float32"
    compiled: bool = False


def plain(settings: Training, macs: int) -> Choices:
    """What the settings fix, and for the rest what is good without trying; `macs` are the multiply-adds of a step."""
    return fixed(Choices(threads=devices.thread_count(macs)), settings)


def fixed(choices: Choices, settings: Training, names: Collection[str] = NAMES) -> Choices:
    """The choices with what the settings of these names do not leave open."""
    found: dict[str, Any] = {
        name: value
        for name in ("kernel", "memory_format", "precision")
        if name in names and (value := getattr(settings, name)) != "auto"
    }
    if "threads" in names and settings.threads:
        found["threads"] = settings.threads
    if "compile" in names and settings.compile != "auto":
        found["compiled"] = settings.compile == "on"
    return msgspec.structs.replace(choices, **found)
