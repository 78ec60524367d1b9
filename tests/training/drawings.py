"""Models that are more than a chain of layers, each ready to train on the two moons."""

from netloom.graph import Document, Training
from netloom.layers.authoring import Graph


def _begun() -> tuple[Graph, str, str]:
    graph = Graph()
    data = graph.add("Dataset", "data", source="moons", samples=60)
    place = graph.add("Input", "x")
    graph.connect(data, place)
    return graph, data, place


def layer(
    graph: Graph, source: str, kind: str, name: str | None = None, parent: str = "", share: str = "", **params
) -> str:
    """A node that reads another one."""
    node = graph.add(kind, name, parent=parent, share=share, **params)
    graph.connect(source, node)
    return node


def lowered(graph: Graph, loss: str, output: str = "loss", kind: str = "Adam", **params) -> str:
    """An optimizer for a loss."""
    optimizer = graph.add(kind, **params)
    graph.connect(loss, output, optimizer, "losses")
    return optimizer


def _classified(graph: Graph, data: str, place: str, kind: str = "Adam", **params) -> Document:
    answer = layer(graph, place, "Output", "logits")
    loss = graph.add("CrossEntropyLoss", "loss")
    graph.connect(answer, loss)
    graph.connect(data, loss)
    lowered(graph, loss, kind=kind, **params)
    return _document(graph)


def _document(graph: Graph) -> Document:
    return Document(graph, Training(epochs=2, batch_size=16, device="cpu"))


def shared() -> Document:
    """One layer that is used twice in a row."""
    graph, data, place = _begun()
    first = layer(graph, place, "Linear", "wide", out_features=8)
    owner = layer(graph, first, "Linear", "own", out_features=8)
    bent = layer(graph, owner, "Tanh")
    again = layer(graph, bent, "Linear", "again", share=owner)
    return _classified(graph, data, layer(graph, again, "Linear", "head", out_features=2))


def repeated() -> Document:
    """A block of which three copies stand in a chain."""
    graph, data, place = _begun()
    block = graph.define("Cell")
    inner = graph.add("Input", "x", parent=block)
    leave = layer(graph, layer(graph, inner, "Linear", "fc", parent=block, out_features=6), "GELU", "act", parent=block)
    layer(graph, leave, "Output", "y", parent=block)
    wide = layer(graph, place, "Linear", "wide", out_features=6)
    return _classified(
        graph,
        data,
        layer(graph, layer(graph, wide, "Block", "cells", block=block, repeat=3), "Linear", "head", out_features=2),
    )


def several() -> Document:
    """Two inputs, two outputs, two losses and an optimizer for each of them."""
    graph, data, place = _begun()
    other = graph.add("Input", "z")
    graph.connect(data, other)
    for name, source in (("left", place), ("right", other)):
        answer = layer(graph, layer(graph, source, "Linear", f"{name}_head", out_features=2), "Output", name)
        loss = graph.add("CrossEntropyLoss", f"{name}_loss")
        graph.connect(answer, loss)
        graph.connect(data, loss)
        lowered(graph, loss)
    return _document(graph)


def parameter() -> Document:
    """A tensor of its own that is learned."""
    graph, data, place = _begun()
    shift = graph.add("Parameter", "shift", shape=[1, 2])
    moved = graph.add("Add", "moved")
    for source in (place, shift):
        graph.connect(source, moved)
    return _classified(graph, data, layer(graph, moved, "Linear", "head", out_features=2))


def waves() -> Document:
    """Complex numbers, yes and no, and whole numbers on the way."""
    graph, data, place = _begun()
    spectrum = layer(graph, layer(graph, place, "Linear", "wide", out_features=8), "FFT", "spectrum")
    real = layer(graph, spectrum, "Real", "real")
    gate = layer(graph, layer(graph, real, "Greater", "gate", value=0.0), "Cast", "number", dtype="float32")
    places = layer(graph, real, "ArgMax", "most")
    again = layer(graph, layer(graph, places, "OneHot", "hot", num_classes=8), "Cast", "warm", dtype="float32")
    mixed = graph.add("Add", "mixed")
    for source in (real, gate, again):
        graph.connect(source, mixed)
    return _classified(graph, data, layer(graph, mixed, "Linear", "head", out_features=2))


def vae() -> Document:
    """A variational autoencoder whose second loss is drawn with operations: mean of exp(v) + m² − v."""
    graph, data, place = _begun()
    mean, spread = (layer(graph, place, "Linear", name, out_features=3) for name in ("mean", "spread"))
    noise = graph.add("RandomNormal", "noise")
    graph.connect(mean, "output", noise, "like")
    scaled = graph.add("Multiply", "scaled")
    for source in (layer(graph, spread, "Exp", "width"), noise):
        graph.connect(source, scaled)
    code = graph.add("Add", "code")
    for source in (mean, scaled):
        graph.connect(source, code)
    answer = layer(graph, layer(graph, code, "Linear", "decode", out_features=2), "Output", "answer")
    rebuilt = graph.add("MSELoss", "rebuilt")
    graph.connect(answer, "out", rebuilt, "input")
    graph.connect(data, "point", rebuilt, "target")
    means, spreads = layer(graph, mean, "Output", "means"), layer(graph, spread, "Output", "spreads")
    total = graph.add("Add", "total")
    for source in (
        layer(graph, spreads, "Exp", "variance"),
        layer(graph, means, "Square", "squares"),
        layer(graph, spreads, "Negative", "minus"),
    ):
        graph.connect(source, total)
    penalty = layer(graph, total, "MeanLoss", "penalty", weight=0.01)
    graph.connect(penalty, "loss", lowered(graph, rebuilt), "losses")
    return _document(graph)


def adaptive() -> Document:
    """A loss with weights, which stands in the model; the right classes come in by an Input."""
    graph, data, place = _begun()
    right = graph.add("Input", "right")
    graph.connect(data, "label", right, "data")
    features = layer(graph, place, "Linear", "wide", out_features=8)
    inner = graph.add("AdaptiveLogSoftmaxWithLoss", "rare", n_classes=3, cutoffs=[1])
    graph.connect(features, "output", inner, "input")
    graph.connect(right, "out", inner, "target")
    answer = graph.add("Output", "cost")
    graph.connect(inner, "loss", answer, "input")
    lowered(graph, layer(graph, answer, "MeanLoss", "loss"), lr=0.01)
    return _document(graph)


def behind() -> Document:
    """A layer behind the output: it belongs to the training alone, and learns with the model."""
    graph, data, place = _begun()
    answer = layer(graph, layer(graph, place, "Linear", "wide", out_features=8), "Output", "features")
    head = layer(graph, answer, "Linear", "head", out_features=2)
    loss = graph.add("CrossEntropyLoss", "loss")
    graph.connect(head, loss)
    graph.connect(data, loss)
    lowered(graph, loss)
    return _document(graph)


def words(optimizer: str = "SparseAdam", *, sparse: bool = True) -> Document:
    """A table that is read by row."""
    graph, data, place = _begun()
    rows = layer(
        graph,
        layer(graph, layer(graph, place, "Clamp", "kept", min=0.0, max=3.0), "Cast", "rows", dtype="int64"),
        "Embedding",
        "table",
        num_embeddings=4,
        embedding_dim=2,
        sparse=sparse,
    )
    return _classified(graph, data, layer(graph, rows, "Mean", "mean", dim=[1]), optimizer)


DRAWINGS = {made.__name__: made for made in (shared, repeated, several, parameter, waves, vae, adaptive, behind, words)}
