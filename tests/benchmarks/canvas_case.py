"""The graph with which node editors are compared: a chain with skips on a grid."""

import random
from pathlib import Path
from typing import Any

SKIPS, FARTHEST = 0.2, 12
CELL = (260.0, 130.0)
WIDE, HIGH = 1600, 1000
VECTORS = [1024]
LAYERS: dict[str, dict[str, Any]] = {
    "Linear": {"out_features": VECTORS[-1]},
    "LayerNorm": {},
    "GELU": {},
    "Dropout": {"p": 0.1},
}


def chain(size: int) -> tuple[list[tuple[int, int]], list[tuple[float, float]]]:
    """Return wires and places: a chain, and a fifth as many skips that go forward by 2 to 12 nodes."""
    chance = random.Random(1)
    wires = dict.fromkeys((index, index + 1) for index in range(size - 1))
    while len(wires) < size - 1 + int(size * SKIPS):
        start = chance.randrange(0, size - 2)
        wires[start, min(size - 1, start + chance.randint(2, FARTHEST))] = None
    columns = max(1, round((size * WIDE / HIGH * CELL[1] / CELL[0]) ** 0.5))
    return list(wires), [(index % columns * CELL[0], index // columns * CELL[1]) for index in range(size)]


def write(size: int, path: Path) -> None:
    """Write the case as a document: sums where a skip ends, else layers that keep the shape."""
    from netloom.graph import Change, Document, Node, Wire, file

    wires, places = chain(size)
    sums = {target for source, target in wires if target != source + 1}
    nodes = [Node(f"n{index}", *_layer(index, is_sum=index in sums)) for index in range(size)]
    changes = [Change("node", node.id, None, node) for node in nodes]
    taken = [0] * size
    for source, target in wires:
        port = "inputs" if target in sums else "input"
        wire = Wire(f"n{source}", "out" if source == 0 else "output", f"n{target}", port, taken[target])
        taken[target] += 1
        changes.append(Change("wire", wire.key, None, wire))
    document = Document(positions={f"n{index}": place for index, place in enumerate(places)})
    document.graph.apply(changes)
    file.save(document, path)


def _layer(index: int, *, is_sum: bool) -> tuple[str, str, dict[str, Any]]:
    """Return the kind, name and parameters of a node."""
    if index == 0:
        return "Input", "tokens", {"shape": VECTORS}
    kind = "Add" if is_sum else list(LAYERS)[index % len(LAYERS)]
    return kind, f"{kind.lower()}{index}", LAYERS.get(kind, {})
