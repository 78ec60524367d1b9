"""A document: a graph, how it is trained, and where things stand on the canvas."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

from netloom.errors import GraphError
from netloom.graph.model import Graph
from netloom.graph.patch import Change, Patch

Point: TypeAlias = tuple[float, float]


class Training(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a document is trained; what belongs to one node (split, rate) is that node's parameter."""

    epochs: int = 20
    batch_size: int = 32
    seed: int = 0
    device: str = "auto"


class Document:
    """What a `.loom` file holds. It changes only through `apply`; observers hear of each patch after it is made."""

    def __init__(
        self, graph: Graph | None = None, training: Training | None = None, positions: Mapping[str, Point] | None = None
    ) -> None:
        self.graph = graph or Graph()
        self.training = training or Training()
        self._positions: dict[str, Point] = dict(positions or {})
        self.observers: list[Callable[[Patch], None]] = []

    @property
    def positions(self) -> Mapping[str, Point]:
        """Top left corners of nodes in scene units; a node that was never placed is missing."""
        return MappingProxyType(self._positions)

    def apply(self, patch: Patch) -> None:
        """Make a whole patch or nothing; GraphError says what does not fit."""
        own = [change for change in patch.changes if change.table in ("position", "training")]
        for change in own:
            if self._record(change) != change.old:
                raise GraphError(
                    f"The document has changed: {change.table} {change.key!r} is not what this edit expects."
                )
        self.graph.apply(change for change in patch.changes if change.table not in ("position", "training"))
        for change in own:
            self._write(change)
        for observer in tuple(self.observers):
            observer(patch)

    def _record(self, change: Change) -> Any:
        return self.training if change.table == "training" else self._positions.get(change.key)

    def _write(self, change: Change) -> None:
        if change.table == "training":
            self.training = change.new
        elif change.new is None:
            del self._positions[change.key]
        else:
            self._positions[change.key] = change.new
