"""Which code of documents may run here: what the user has said yes to, by digest."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from netloom.graph import atomic
from netloom.graph.model import Graph, Value
from netloom.layers import custom
from netloom.layers.families.custom import DEFAULTS

Trusts: TypeAlias = Callable[[str], bool]
"""Whether a text may run."""


def text_of(kind: str, params: Mapping[str, Value]) -> str:
    """What a node would run: its code, or the dotted name that it would import."""
    known = {**DEFAULTS, **params}
    return str(known["code"]) if kind == "Python" else f"import {known['target']}"


def untrusted(graph: Graph) -> list[str]:
    """What a graph would run and may not yet."""
    return [text for text in texts(graph) if not current(text)]


def texts(graph: Graph) -> list[str]:
    """All that a graph would run, each once; a bypassed node runs nothing."""
    nodes = (node for node in graph.nodes.values() if node.kind in custom.KINDS and not node.bypassed)
    return list(dict.fromkeys(text_of(node.kind, node.params) for node in nodes))


class Trust:
    """What the user trusts, as digests: kept in a file, or without one as long as the process lives.

    A file that cannot be read trusts nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._digests = _read(path) if path else set()
        self._ours = {_digest(text_of(kind, DEFAULTS)) for kind in custom.KINDS}

    def __call__(self, text: str) -> bool:
        """Whether the user has said yes to this text."""
        return _digest(text) in self._digests | self._ours

    def add(self, found: Iterable[str]) -> None:
        """Trust these texts from now on; OSError where that cannot be written down."""
        new = {_digest(text) for text in found} - self._digests
        self._digests |= new
        if new and self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(self._path, json.dumps(sorted(self._digests), indent=0).encode())


def _read(path: Path) -> set[str]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return set()
    return {each for each in found if isinstance(each, str)} if isinstance(found, list) else set()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_store = Trust()


def use(store: Trust) -> None:
    """Let every plan of this process ask this store, unless it is given another."""
    global _store  # noqa: PLW0603 - the one place where a process keeps whom its user trusts
    _store = store


def current(text: str) -> bool:
    """Whether this process may run a text."""
    return _store(text)


def extend(found: Iterable[str]) -> None:
    """Trust these texts as well; OSError where that cannot be written down."""
    _store.add(found)
