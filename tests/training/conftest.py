"""Small documents to train, and ways to look at what a run says."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file

from netloom.graph import Document, Training
from netloom.layers.authoring import Graph
from netloom.training.events import LossesRead, RunEnded, Stepped, Stop
from netloom.training.loop import train

Layer = tuple[str, dict[str, Any]]

MLP: tuple[Layer, ...] = (
    ("Linear", {"out_features": 16}),
    ("ReLU", {}),
    ("Dropout", {"p": 0.2}),
    ("Linear", {"out_features": 2}),
)


def classifier(
    source: str = "moons",
    layers: Sequence[Layer] = MLP,
    *,
    data: dict[str, Any] | None = None,
    optimizer: Layer = ("Adam", {"lr": 0.01}),
    **training: Any,
) -> Document:
    """Dataset, layers one after the other, cross entropy, accuracy and an optimizer called `optimizer`."""
    graph = Graph()
    dataset = graph.add("Dataset", "data", source=source, **{"samples": 100, **(data or {})})
    place = graph.add("Input", "x")
    graph.connect(dataset, place)
    for kind, params in layers:
        node = graph.add(kind, **params)
        graph.connect(place, node)
        place = node
    answer = graph.add("Output", "logits")
    graph.connect(place, answer)
    for kind, name in (("CrossEntropyLoss", "loss"), ("Accuracy", "accuracy")):
        node = graph.add(kind, name)
        graph.connect(answer, node)
        graph.connect(dataset, node)
    graph.connect(graph.named("loss").id, graph.add(optimizer[0], "optimizer", **optimizer[1]))
    return Document(graph, Training(**{"epochs": 3, "batch_size": 16, "device": "cpu", **training}))


def node_id(document: Document, name: str) -> str:
    """The id of the node of that name."""
    return document.graph.named(name).id


def of_type(kind: type, events: Iterable[Any]) -> list[Any]:
    """The events of one type."""
    return [event for event in events if isinstance(event, kind)]


def losses(events: Iterable[Any], name: str = "loss") -> Any:
    """One loss of all steps; how they were gathered into events depends on the clock."""
    return np.concatenate([event.losses[name] for event in of_type(LossesRead, events)])


def told(events: Any, tell: Callable[[Any], Any]) -> list[Any]:
    """All events of a run which is sent whatever `tell` answers to each of them."""
    seen, command = [], None
    while True:
        try:
            event = events.send(command)
        except StopIteration:
            return seen
        seen.append(event)
        command = tell(event)


def stopped_at(step: int) -> Callable[[Any], Any]:
    """Tells a run to stop after this step."""
    return lambda event: Stop() if isinstance(event, Stepped) and event.step == step else None


def weights(folder: Any, name: str = "last") -> dict[str, Any]:
    """The weights in a run's folder."""
    return load_file(folder / f"{name}.safetensors")


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether two sets of weights are equal to the last bit."""
    return first.keys() == second.keys() and all(first[name].equal(second[name]) for name in first)


@pytest.fixture
def finished(tmp_path):
    """Trains a document to the end: its events, and its folder."""

    def run(document, name="run", **options):
        events = list(train(document, folder=tmp_path / name, **options))
        assert isinstance(events[-1], RunEnded)
        return events, tmp_path / name

    return run


def first(count: int, events: Iterable[Any]) -> list[Any]:
    """The first few events of a run that is then left alone."""
    return list(islice(events, count))
