"""What a training step costs through Netloom, beside the plain loop that an expert would write for the same network.

Both train the same module with the same fused optimizer on data in memory, in turn, some epochs each, in one process.
CPU time is compared, so that neighbours on the machine disturb little; figures are medians over turns.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import torch
from torch import nn

from netloom import templates
from netloom.compiler import build
from netloom.data import load
from netloom.training.events import EpochEnded, LossesRead, ProbesRead, RunStarted, Stepped, Watch
from netloom.training.loop import train

TURNS, WARM_UP = 15, 2
TURN_SECONDS = 0.3
MARK = 1.03
MARK_WATCHED = 1.06  # the step's 3 %, and 3 % for looking inside

Times: TypeAlias = Iterator[tuple[float, float]]

clock = time.process_time


def rows() -> list[dict[str, Any]]:
    torch.set_num_threads(1)
    return [row for name in ("digits-mlp", "digits-cnn") for row in measured(name)]


def measured(name: str) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        loops = [expert(name), netloom(name, Path(folder) / "plain"), netloom(name, Path(folder) / "seen", watch=True)]
        turns = [[turn(loop) for loop in loops] for _ in range(WARM_UP + TURNS)][WARM_UP:]
        for loop in loops:
            loop.close()
    theirs, ours, watched = ([which[index] for which in turns] for index in range(3))
    yield row(f"{name}: step", steps(ours), steps(theirs), MARK)
    yield row(f"{name}: step, all nodes watched", steps(watched), steps(theirs), MARK_WATCHED)
    yield row(f"{name}: step with its share of the scores after an epoch", epochs(ours), epochs(theirs), MARK)


def turn(loop: Times) -> tuple[float, float]:
    """Seconds a step over as many epochs as fit into a turn: without the scores after each, and with them."""
    end = clock() + TURN_SECONDS
    found = [next(loop)]
    while clock() < end:
        found.append(next(loop))
    return statistics.mean(step for step, _ in found), statistics.mean(whole for _, whole in found)


def steps(turns: list[tuple[float, float]]) -> list[float]:
    return [step for step, _ in turns]


def epochs(turns: list[tuple[float, float]]) -> list[float]:
    return [whole for _, whole in turns]


def row(name: str, ours: list[float], theirs: list[float], mark: float) -> dict[str, Any]:
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    return {
        "name": name,
        "value": statistics.median(ours) * 1e6,
        "unit": "µs",
        "peer": "expert loop",
        "peer_value": statistics.median(theirs) * 1e6,
        "ratio": ratio,
        "mark": mark,
        "holds": ratio <= mark,
    }


def netloom(name: str, folder: Path, *, watch: bool = False) -> Times:
    """Seconds a step of each epoch: without the scores that end it, and with them."""
    document = templates.document(name)
    events = train(document, folder=folder, device="cpu", epochs=10**6)
    wish = Watch(tuple(document.graph.nodes))
    began = last = clock()
    count, command = 0, None
    while True:
        event = events.send(command)
        command = wish if watch and isinstance(event, RunStarted) else None
        if type(event) is Stepped:
            count += 1
        elif type(event) is LossesRead or type(event) is ProbesRead:
            last = clock()  # the losses are read once more right after the last step of an epoch
        elif type(event) is EpochEnded:
            yield (last - began) / count, (clock() - began) / count
            began, count = clock(), 0


def expert(name: str) -> Times:
    """The same for a loop without Netloom; its module is the one that the exported Python file holds."""
    document = templates.document(name)
    torch.manual_seed(0)
    data, model = load({"source": "digits"}), build(document.graph)
    images, labels = data.columns["image"], data.columns["label"]
    nodes = {node.kind: node for node in document.graph.nodes.values()}
    criterion = nn.CrossEntropyLoss(label_smoothing=nodes["CrossEntropyLoss"].params.get("label_smoothing", 0.0))
    optimizer = torch.optim.AdamW(model.parameters(), **nodes["AdamW"].params, fused=True)
    size, rows = document.training.batch_size, data.splits["train"]
    while True:
        began = clock()
        order = rows[torch.randperm(len(rows))]
        for batch in order.split(size):
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(images.index_select(0, batch)), labels.index_select(0, batch))
            loss.backward()
            optimizer.step()
        stepped = clock()
        for split in data.splits.values():
            scores(model, criterion, images, labels, split[: len(data.splits["val"])])
        count = -(-len(rows) // size)
        yield (stepped - began) / count, (clock() - began) / count


def scores(
    model: nn.Module, criterion: nn.Module, images: torch.Tensor, labels: torch.Tensor, rows: torch.Tensor
) -> tuple[float, float]:
    """Loss and accuracy, as one would write it."""
    model.eval()
    loss, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
    with torch.no_grad():
        for batch in rows.split(256):
            answers, truth = model(images[batch]), labels[batch]
            loss += criterion(answers, truth) * len(batch)
            right += (answers.argmax(1) == truth).sum()
    model.train()
    return loss.item() / len(rows), right.item() / len(rows)
