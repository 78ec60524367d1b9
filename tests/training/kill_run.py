"""The other side of `test_kill_run`: a process that is asked for runs, each in a fork that may be killed.

Reads lines from stdin, `<folder> <case>`, and answers each with the process id of a run in that folder, which goes on
where it was left; then with `ended` and how. It saves its state as often as it can.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from tests.training.conftest import classifier

from netloom import templates
from netloom.graph import Change, Document
from netloom.graph.edit import set_params
from netloom.training import checkpoint, keeper
from netloom.training.loop import train

Case = Callable[[], Document]
LAYERS = (
    ("Linear", {"out_features": 24}),
    ("BatchNorm1d", {}),
    ("ReLU", {}),
    ("Dropout", {"p": 0.3}),
    ("Linear", {"out_features": 2}),
)


def _classifier(kind: str, **options: object) -> Document:
    params = options.pop("params", {})
    settings = {"epochs": 6, "autotune": False, **options}
    return classifier("moons", LAYERS, data={"samples": 500}, optimizer=(kind, params), **settings)  # type: ignore[arg-type]


def _scheduled(kind: str, **params: object) -> Document:
    document = _classifier("SGD", params={"lr": 0.1, "momentum": 0.9, "warmup_steps": 20})
    graph = document.graph
    graph.connect(graph.add(kind, **params), "schedule", graph.named("optimizer").id, "schedule")  # type: ignore[attr-defined]
    return document


def _augmented() -> Document:
    """Noise is added to what comes in, anew for each batch."""
    document = _classifier("Adam", params={"lr": 0.01})
    graph = document.graph
    (wire,) = graph.into(graph.named("linear").id)
    noise, moved = graph.add("RandomNormal", "noise"), graph.add("Add", "moved")  # type: ignore[attr-defined]
    graph.apply([Change("wire", wire.key, wire, None)])
    for source, target in ((wire.source, noise), (wire.source, moved), (noise, moved), (moved, wire.target)):
        graph.connect(source, target)  # type: ignore[attr-defined]
    return document


def _gan() -> Document:
    document = templates.document("digits-gan")
    graph = document.graph
    graph.apply(set_params(graph, graph.named("forging").id, {"period": 2}).changes)
    document.training = type(document.training)(epochs=3, batch_size=48, device="cpu", autotune=False)
    return document


CASES: dict[str, Case] = {
    "sgd": lambda: _classifier("SGD", params={"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "adam": lambda: _classifier("Adam", params={"lr": 0.01, "amsgrad": True, "clip_norm": 1.0}),
    "averaged": lambda: _classifier("AdamW", params={"lr": 0.01}, accumulate=3, ema_decay=0.99),
    "half": lambda: _classifier("Adam", params={"lr": 0.01}, precision="float16", accumulate=2),
    "gan": _gan,
    "one-cycle": lambda: _scheduled("OneCycleLR", max_lr=0.5, step="batch"),
    "restarts": lambda: _scheduled("CosineAnnealingWarmRestarts", T_0=3),
    "plateau": lambda: _scheduled("ReduceLROnPlateau", patience=0),
    "augmented": _augmented,
}


def run(folder: Path, case: str) -> None:
    """Train, or go on."""
    keeper.SHORTEST_SECONDS, keeper.SHARE = 0.0, 1e9
    there = (folder / checkpoint.STATE).exists()
    resumed = {"resume": folder} if there else {}
    for _ in train(CASES[case](), folder=folder, **resumed):  # type: ignore[arg-type]
        pass


def main() -> None:
    """Fork a run for each line."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as folder:  # what a run loads, forks need not load
        run(Path(folder), "gan")
        run(Path(folder) / "other", "averaged")
    for line in sys.stdin:
        folder, case = line.split()
        child = os.fork()
        if child == 0:
            run(Path(folder), case)
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
