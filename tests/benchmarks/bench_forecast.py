"""The forecast beside what training really takes: the time of a step, and what autograd keeps for the backward pass.

The ratio is forecast to measurement, or its inverse where that is larger, so 1 is exact and the mark bounds both sides.
"""

import statistics
import time
from typing import Any

import torch
from torch.autograd.graph import saved_tensors_hooks

from netloom import templates
from netloom.compiler import plan_graph
from netloom.compiler.forecast import Forecast, forecast
from netloom.training import engine, network
from netloom.training.calibrate import measure
from netloom.training.evaluate import several

STEPS, WARM_UP = 60, 10
TIME_MARK, MEMORY_MARK = 3.0, 1.35
NAMES = ("digits-cnn", "digits-mlp", "moons-mlp", "iris-mlp", "diabetes-regression", "vae")


def rows() -> list[dict[str, Any]]:
    torch.set_num_threads(1)
    measure()
    speed = measure()
    return [row for name in NAMES if name in templates.TEMPLATES for row in measured(name, speed)]


def measured(name: str, speed: Any) -> list[dict[str, Any]]:
    document = templates.document(name)
    plan, size = plan_graph(document.graph), document.training.batch_size
    expected = forecast(plan, size, speed)
    made = network.build(plan, torch.device("cpu"), 0)
    stepping = engine.build(made, document.training)
    batch = made.feed.columns_of(made.feed.splits["train"][:size])
    return [
        row(
            f"{name}: forecast of a step", expected.step_seconds * 1e6, seconds(stepping, batch) * 1e6, "µs", TIME_MARK
        ),
        kept_row(name, expected, made, batch),
    ]


def kept_row(name: str, expected: Forecast, made: network.Network, batch: tuple[torch.Tensor, ...]) -> dict[str, Any]:
    return row(
        f"{name}: forecast of activations", expected.activations / 1000, kept(made, batch) / 1000, "kB", MEMORY_MARK
    )


def row(name: str, ours: float, real: float, unit: str, mark: float) -> dict[str, Any]:
    ratio = max(ours / real, real / ours)
    return {
        "name": name,
        "value": ours,
        "unit": unit,
        "peer": "measured",
        "peer_value": real,
        "ratio": ratio,
        "mark": mark,
        "holds": ratio <= mark,
    }


def seconds(stepping: engine.Engine, batch: tuple[torch.Tensor, ...]) -> float:
    found = []
    for _ in range(WARM_UP + STEPS):
        began = time.perf_counter()
        stepping.step(batch)
        found.append(time.perf_counter() - began)
    return statistics.median(found[WARM_UP:])


def kept(made: network.Network, batch: tuple[torch.Tensor, ...]) -> int:
    compiled, inputs = made.compiled, made.feed.inputs
    held = (*compiled.model.parameters(), *compiled.model.buffers())
    own = {tensor.untyped_storage().data_ptr() for tensor in held}
    found: dict[int, tuple[int, torch.Tensor]] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        compiled.objective(*several(compiled.model(*batch[:inputs])), *batch[inputs:])
    return sum(size for size, _ in found.values())
