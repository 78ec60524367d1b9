"""Netloom in the engine's benchmark: `engine_netloom.py CASE plain|scored|tuned PRECISION THREADS`, in turns.

The networks are drawn with Netloom's own graphs, so the source that it writes is what trains. The data come from a
source in memory that this process adds to the built-in ones; from there on everything is the way of any run.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine_cases import CASES, CLASSES, RATE, Case
from engine_turns import Turns

from netloom.layers import datasets

DATASET = "benchmark"
EPOCHS = 10**6
TOLERANCE = 1e-4


def register(case: Case) -> None:
    """Make the case's data one of the built-in datasets. Must come before the catalogue of kinds is imported."""
    columns = (
        datasets.Column("sample", case.shape, "float32", "features"),
        datasets.Column("label", (), "int64", "label", tuple("0123456789")),
    )
    info = datasets.DatasetInfo(DATASET, "Benchmark", case.rows, columns, "Drawn by chance.", "None.")
    datasets.DATASETS = MappingProxyType({**datasets.DATASETS, DATASET: info})
    from netloom.data import sources

    samples, labels = case.data()
    raw = sources.Raw({"sample": samples, "label": labels}, {"label": columns[1].classes})
    sources._TABLES = {**sources._TABLES, DATASET: lambda: raw}  # a product has no need to add some


def document(name: str, **settings: Any) -> Any:
    """Return the drawn network with its data, loss and Adam."""
    from netloom import Document
    from netloom.graph import Training
    from netloom.layers.authoring import Graph
    from netloom.layers.drawing import Level

    graph = Graph()
    net = Level(graph)
    data = net.add("Dataset", "data", source=DATASET, validation=0.0, standardize=False)
    answer = net.add("Output", "logits", NETWORKS[name](net, net.add("Input", "sample", data)))
    loss = net.add("CrossEntropyLoss", "loss", answer, (data, "label"))
    net.add("Adam", "optimizer", loss, lr=RATE)
    return Document(graph, Training(epochs=EPOCHS, batch_size=CASES[name].batch, device="cpu", **settings))


def mlp(net: Any, x: str) -> str:
    x = net.add("ReLU", "relu", net.add("Linear", "fc1", x, out_features=256))
    return net.add("Linear", "fc2", x, out_features=CLASSES)


def lenet(net: Any, x: str) -> str:
    x = net.add("Conv2d", "conv1", x, out_channels=6, kernel_size=5, padding=2)
    x = net.add("MaxPool2d", "pool1", net.add("ReLU", "relu1", x), kernel_size=2)
    x = net.add("Conv2d", "conv2", x, out_channels=16, kernel_size=5)
    x = net.add("MaxPool2d", "pool2", net.add("ReLU", "relu2", x), kernel_size=2)
    x = net.add("Flatten", "flatten", x)
    for number, width in ((1, 120), (2, 84)):
        x = net.add("ReLU", f"relu_fc{number}", net.add("Linear", f"fc{number}", x, out_features=width))
    return net.add("Linear", "fc3", x, out_features=CLASSES)


def transformer(net: Any, x: str) -> str:
    from netloom.layers.library.attention import encoder_post

    x = net.block(encoder_post(net.graph), "encoder", x, repeat=2, heads=4, hidden=512, dropout=0.0)
    x = net.add("Mean", "mean", x, dim=[1])
    return net.add("Linear", "head", x, out_features=CLASSES)


def resnet(net: Any, x: str) -> str:
    from netloom.layers.library.residual import basic, basic_down, conv_norm

    plain, halving = basic(net.graph), basic_down(net.graph)
    x = net.add("ReLU", "relu", conv_norm(net, 1, x, 64, 7, stride=2))
    x = net.add("MaxPool2d", "maxpool", x, kernel_size=3, stride=2, padding=1)
    x = net.block(plain, "layer1", x, repeat=2, channels=64)
    for number, channels in ((2, 128), (3, 256), (4, 512)):
        x = net.block(halving, f"layer{number}_first", x, channels=channels)
        x = net.block(plain, f"layer{number}", x, channels=channels)
    x = net.add("Flatten", "flatten", net.add("AdaptiveAvgPool2d", "avgpool", x, output_size=1))
    return net.add("Linear", "fc", x, out_features=CLASSES)


NETWORKS: Mapping[str, Callable[[Any, str], str]] = {
    "mlp": mlp,
    "lenet": lenet,
    "transformer": transformer,
    "resnet": resnet,
}


def agreed(name: str, graph: Any) -> int:
    """Return the number of parameters; AssertionError where the network is another than the expert's."""
    import torch

    from netloom import build

    case = CASES[name]
    ours, theirs = build(graph), case.network()
    pairs = list(zip(weights(ours), weights(theirs), strict=True))
    with torch.no_grad():
        for mine, other in pairs:
            assert mine.shape == other.shape, f"{name}: {tuple(mine.shape)} and {tuple(other.shape)}"
            mine.copy_(other)
        samples, labels = (torch.from_numpy(column[: case.batch]) for column in case.data())
        losses = [float(torch.nn.functional.cross_entropy(model(samples), labels)) for model in (ours, theirs)]
    assert abs(losses[0] - losses[1]) < TOLERANCE, f"{name}: losses {losses}"
    return sum(mine.numel() for mine, _ in pairs)


def weights(model: Any) -> list[Any]:
    """Return all parameters by the kind of their layer: networks may list layers of different kinds in any order."""
    modules = sorted(model.modules(), key=lambda module: type(module).__name__)
    return [parameter for module in modules for parameter in module.parameters(recurse=False)]


def main(name: str, tune: str, precision: str, threads: str) -> None:
    """Train in turns. The scores after an epoch, which no peer computes, count only where `tune` is `scored`."""
    register(CASES[name])
    from netloom.training.events import EpochEnded, LossesRead, Stepped
    from netloom.training.loop import train

    drawn = document(name, autotune=tune == "tuned", precision=precision, threads=int(threads))
    turns = Turns(agreed(name, drawn.graph))
    with tempfile.TemporaryDirectory() as folder:
        for event in train(drawn, folder=Path(folder)):
            if type(event) is Stepped:
                turns.stepped()
            elif tune == "scored":
                continue
            elif type(event) is LossesRead:
                turns.pause()
            elif type(event) is EpochEnded:
                turns.resume()


if __name__ == "__main__":
    os.environ.setdefault("NETLOOM_HOME", tempfile.mkdtemp())
    main(*sys.argv[1:])
