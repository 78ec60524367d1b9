"""What would let a run go on that found no memory."""

from collections.abc import Iterator

from netloom.compiler.forecast import forecast
from netloom.graph import Training
from netloom.training import devices
from netloom.training.events import Remedy
from netloom.training.network import Network


def of_memory(network: Network, settings: Training) -> tuple[Remedy, ...]:
    """Settings that need less memory, the one that changes least first."""
    return tuple(_found(network, settings))


def _found(network: Network, settings: Training) -> Iterator[Remedy]:
    size = _fitting(network, settings.batch_size)
    if size < settings.batch_size:
        times = -(-settings.batch_size // size) * settings.accumulate
        if not any(plan.target.endswith(".LBFGS") for plan in network.compiled.optimizers):
            yield Remedy(f"Batch {size}, accumulated {times} times", {"batch_size": size, "accumulate": times})
        yield Remedy(f"Batch {size}", {"batch_size": size})
    if settings.precision == "float32":
        yield Remedy("Numbers of 16 bits", {"precision": "bfloat16"})


def _fitting(network: Network, batch_size: int) -> int:
    """Half of a batch, or as much less as the forecast says."""
    size = max(1, batch_size // 2)
    while size > 1 and forecast(network.compiled.plan, size).memory > devices.memory(network.device):
        size //= 2
    return size
