"""A document: a graph, how it is trained, and where things stand on the canvas."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

from netloom.errors import GraphError
from netloom.graph.model import Graph
from netloom.graph.patch import Change, Patch

Point: TypeAlias = tuple[float, float]
OWN = ("position", "training")
"""The tables that a document holds beside its graph."""


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

    def apply(self, patch: Patch) -> Patch:
        """Make a whole patch or nothing; GraphError says what does not fit.

        The patch as it was made: a node that is removed takes its position with it, whether the patch says so or not.
        """
        patch = self._completed(patch)
        own = [change for change in patch.changes if change.table in OWN]
        for change in own:
            if self._record(change) != change.old:
                raise GraphError(
                    f"The document has changed: {change.table} {change.key!r} is not what this edit expects."
                )
        edits = [change for change in patch.changes if change.table not in OWN]
        self.graph.apply(edits)
        lost = next((change.key for change in own if self._is_lost(change)), None)
        if lost is not None:
            self.graph.apply(change.inverse() for change in reversed(edits))
            raise GraphError(f"There is no node {lost!r} to give a position to.")
        for change in own:
            self._write(change)
        for observer in tuple(self.observers):
            observer(patch)
        return patch

    def _completed(self, patch: Patch) -> Patch:
        told = {change.key for change in patch.changes if change.table == "position"}
        gone = [change.key for change in patch.changes if change.table == "node" and change.new is None]
        left = [key for key in gone if key in self._positions and key not in told]
        if not left:
            return patch
        return Patch(
            patch.label, (*patch.changes, *(Change("position", key, self._positions[key], None) for key in left))
        )

    def _is_lost(self, change: Change) -> bool:
        return change.table == "position" and change.new is not None and change.key not in self.graph.nodes

    def _record(self, change: Change) -> Any:
        return self.training if change.table == "training" else self._positions.get(change.key)

    def _write(self, change: Change) -> None:
        if change.table == "training":
            self.training = change.new
        elif change.new is None:
            del self._positions[change.key]
        else:
            self._positions[change.key] = change.new
