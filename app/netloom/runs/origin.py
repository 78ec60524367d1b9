"""Where the numbers of a run come from: the versions of what computes them, and the data."""

import hashlib
import platform
from collections.abc import Mapping
from importlib import metadata

from netloom.errors import NetloomError
from netloom.graph import Document, Value

WHOLE_BYTES = 64 << 20
"""Of a larger column evenly spaced rows are read, so that this takes a moment whatever its size."""


def versions() -> Mapping[str, str]:
    """Versions of Netloom, PyTorch, Python and the system."""
    packages = {name: metadata.version(name) for name in ("netloom", "torch", "numpy")}
    return {**packages, "python": platform.python_version(), "platform": platform.platform()}


def data_print(document: Document) -> str:
    """A text that is equal for documents that train on the same rows and columns; "" where they cannot be read."""
    digest = hashlib.sha256()
    try:
        for node in document.graph.nodes.values():
            if node.kind == "Dataset":
                _add(digest, node.params)
    except NetloomError:
        return ""
    return digest.hexdigest()[:32]


def _add(digest: "hashlib._Hash", arguments: Mapping[str, Value]) -> None:
    from netloom import data

    found = data.load(arguments)
    digest.update(repr(sorted(arguments.items())).encode())
    parts = {**found.columns, **{f"rows of {name}": rows for name, rows in found.splits.items()}}
    for name, values in sorted(parts.items()):
        digest.update(f"{name} {tuple(values.shape)} {values.dtype}".encode())
        every = max(1, -(-values.nbytes // WHOLE_BYTES))
        digest.update(values[::every].contiguous().numpy().tobytes())
