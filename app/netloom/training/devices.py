"""Where a network is trained, said in words, and how many processor cores it may take."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from netloom.compiler import limits
from netloom.errors import TrainingError

SMALL_MACS = 50_000_000
"""Below so many multiply-adds a step, handing work to a second core costs more than it brings."""


def available() -> list[tuple[str, str]]:
    """The devices of this machine, best first: the name for the settings, and a title for people."""
    found = [("cpu", f"CPU, {cores()} cores")]
    if torch.backends.mps.is_available():
        found.insert(0, ("mps", "Apple GPU"))
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    names = ["cuda"] if count == 1 else [f"cuda:{index}" for index in range(count)]
    return [(name, torch.cuda.get_device_name(index)) for index, name in enumerate(names)] + found


def choose(name: str) -> tuple[torch.device, str]:
    """The device of that name and why it was taken; `auto` takes the best. TrainingError if there is none."""
    found = dict(available())
    if name == "auto":
        best, title = next(iter(found.items()))
        return torch.device(best), "cpu: no GPU was found" if best == "cpu" else f"{best}: {title}, the fastest here"
    if name == "cuda" and "cuda:0" in found:
        name = "cuda:0"
    if name not in found:
        raise TrainingError(f"This machine has no device {name!r}. It has {', '.join(found)}. Choose one, or auto.")
    return torch.device(name), f"{name}: chosen in the settings"


def thread_count(macs: int) -> int:
    """How many threads for a step of so many multiply-adds: what torch would take, but one core is left to the window.

    So `OMP_NUM_THREADS` and torch's preference for real cores over virtual ones are respected.
    """
    return 1 if macs < SMALL_MACS else max(1, min(torch.get_num_threads(), cores() - 1))


def cores() -> int:
    """The cores that this process may use: in a container or under a batch system often fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory(device: torch.device) -> int:
    """The bytes of memory that a device has in all."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    return limits.memory()


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Compute with so many threads inside, and with as many as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def deterministic(*, wanted: bool) -> Iterator[None]:
    """Inside, only what gives the same numbers each time, where that is wanted; a layer that cannot raises."""
    if not wanted:
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS asks for it, and reads it when it begins
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)


def is_out_of_memory(error: Exception) -> bool:
    """Whether torch found no memory; on the CPU it says so only in words."""
    words = ("can't allocate memory", "not enough memory", "out of memory")
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(word in str(error).lower() for word in words)
