"""The compiled module beside the same network written by hand, and how long plans take.

Forward and backward of both run in turn in one process; CPU time is compared, figures are medians over turns.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import torch
from tests.templates.reference.gpt2_small import GPT2
from tests.templates.reference.lenet5 import LeNet5
from tests.templates.reference.mobilenet_v2 import MobileNetV2
from tests.templates.reference.resnet import resnet18
from torch import Tensor, nn

from netloom import templates
from netloom.compiler import Planner, build
from netloom.graph import edit, file
from netloom.layers.authoring import Graph

BYTECODE = Path(__file__).parents[2] / "build" / "bytecode"
"""Where these processes keep compiled files, as any user's machine does."""
TURNS, WARM_UP = 41, 3
MARK = 1.01
COLD, EDITED, RESHAPED, OPENED = 150.0, 5.0, 60.0, 250.0

Row: TypeAlias = dict[str, Any]

NETWORKS: tuple[tuple[str, Callable[[], nn.Module], Callable[[], Tensor]], ...] = (
    ("lenet5", LeNet5, lambda: torch.rand(32, 1, 32, 32)),
    ("resnet18", resnet18, lambda: torch.rand(2, 3, 96, 96)),
    ("mobilenet-v2", MobileNetV2, lambda: torch.rand(2, 3, 96, 96)),
    ("gpt2-small", GPT2, lambda: torch.randint(0, 50_257, (1, 32))),
)

OPENING = """
import sys, time
start = time.process_time()
import netloom
from netloom import compiler
document = netloom.load(sys.argv[1])
plan = compiler.plan_graph(document.graph)
assert plan.is_valid and "torch" not in sys.modules
print((time.process_time() - start) * 1000)
"""

clock = time.process_time


def rows() -> list[Row]:
    torch.set_num_threads(1)
    return [*(_compared(*network) for network in NETWORKS), *_planned(), _opened("resnet50")]


def _compared(name: str, by_hand: Callable[[], nn.Module], sample: Callable[[], Tensor]) -> Row:
    torch.manual_seed(0)
    ours, theirs = build(templates.document(name).graph), by_hand().train()
    given = sample()
    turns = [_turn(ours, theirs, given, ours_first=index % 2 == 0) for index in range(WARM_UP + TURNS)][WARM_UP:]
    ratio = statistics.median(one / other for one, other in turns)
    one, other = (statistics.median(column) * 1e3 for column in zip(*turns, strict=True))
    return _row(f"{name}: forward and backward", one, "ms", MARK, "by hand", other, ratio)


def _turn(ours: nn.Module, theirs: nn.Module, given: Tensor, *, ours_first: bool) -> tuple[float, float]:
    """A step of each; who goes first changes, since the second finds the caches warm."""
    if ours_first:
        return _step(ours, given), _step(theirs, given)
    other = _step(theirs, given)
    return _step(ours, given), other


def _step(model: nn.Module, given: Tensor) -> float:
    for weight in model.parameters():
        weight.grad = None
    start = clock()
    model(given).sum().backward()
    return clock() - start


def _row(
    name: str,
    value: float,
    unit: str,
    mark: float,
    peer: str | None = None,
    theirs: float | None = None,
    ratio: float | None = None,
) -> Row:
    holds = (value if ratio is None else ratio) <= mark
    row = {"name": name, "value": value, "unit": unit, "mark": mark, "holds": holds, "peer": peer, "peer_value": theirs}
    return row if ratio is None else row | {"ratio": ratio}


def chain(size: int) -> tuple[Graph, list[str]]:
    """Convolutions and activations in a row, with a name for each node in order."""
    graph = Graph()
    keys = [graph.add("Input", name="x", shape=[16, 32, 32])]
    for _ in range(size // 2 - 1):
        for kind, params in (("Conv2d", {"kernel_size": 3, "padding": "same"}), ("ReLU", {})):
            keys.append(graph.add(kind, **params))
            graph.connect(keys[-2], keys[-1])
    graph.connect(keys[-1], graph.add("Output"))
    return graph, keys


def _planned() -> Iterator[Row]:
    graph, keys = chain(1_000)
    yield _row("plan of 1,000 nodes, cold", _median(lambda: _timed(Planner(), graph)), "ms", COLD)
    planner = Planner()
    planner.plan(graph)
    yield _row("plan after an edit at the end", _edits(planner, graph, keys[-2], "dilation"), "ms", EDITED)
    pooled = graph.add("AvgPool2d", kernel_size=2, stride=1)
    graph.connect(keys[0], pooled)
    graph.connect(pooled, keys[1])
    planner.plan(graph)
    yield _row(
        "plan after an edit at the start, all shapes change", _edits(planner, graph, pooled, "stride"), "ms", RESHAPED
    )


def _edits(planner: Planner, graph: Graph, node: str, name: str) -> float:
    def edited() -> float:
        value = 3 - int(graph.nodes[node].params.get(name, 1))  # type: ignore[arg-type]  # 1 or 2
        graph.apply(edit.set_params(graph, node, {name: value}).changes)
        return _timed(planner, graph)

    return _median(edited)


def _timed(planner: Planner, graph: Graph) -> float:
    start = clock()
    assert planner.plan(graph).is_valid
    return (clock() - start) * 1e3


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(TURNS))


def _opened(name: str) -> Row:
    """A document from its file to its plan in a fresh process, the import of netloom included; torch is not needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.loom"
        file.save(templates.document(name), path)
        command = [sys.executable, "-c", OPENING, str(path)]
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BYTECODE)}
        found = [
            float(subprocess.run(command, env=env, capture_output=True, check=True, text=True).stdout) for _ in range(7)
        ]
    return _row(f"{name} from file to plan", statistics.median(found), "ms", OPENED)
