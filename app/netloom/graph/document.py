"""A document: a graph, how it is trained, and where things stand on the canvas."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from netloom.errors import GraphError
from netloom.graph.model import Graph, Slot
from netloom.graph.patch import Change, Patch, Table
from netloom.graph.remarks import Bookmark, Direction, Point, Remark, out_of_bounds, too_many

OF_NODES: tuple[Table, ...] = ("position", "collapsed", "comment")
"""Tables of the view whose keys are nodes: their records go when the node goes."""
VIEW: tuple[Table, ...] = (*OF_NODES, "bend", "remark", "bookmark", "direction")
"""The tables of the view: they say how a document is seen, and change nothing of the network."""


class Training(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a document is trained; what belongs to one node (split, rate) is that node's parameter.

    What each setting means and may be is declared in `layers.training_settings`.
    """

    epochs: int = 20
    batch_size: int = 32
    seed: int = 0
    device: str = "auto"
    accumulate: int = 1
    ema_decay: float = 0.0
    patience: int = 0
    best_by: str = ""
    autotune: bool = True
    precision: str = "float32"
    threads: int = 0
    kernel: str = "auto"
    memory_format: str = "auto"
    compile: str = "auto"
    deterministic: bool = False


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a document is seen, at first.

    `positions` are top left corners in scene units, `bends` the places that a wire is led through, `collapsed` nodes of
    which only the header is shown, `directions` the levels that are drawn from top to bottom.
    """

    positions: Mapping[str, Point] = {}
    collapsed: Mapping[str, bool] = {}
    comments: Mapping[str, str] = {}
    bends: Mapping[Slot, tuple[Point, ...]] = {}
    remarks: Mapping[str, Remark] = {}
    bookmarks: Mapping[str, Bookmark] = {}
    directions: Mapping[str, Direction] = {}


class Document:
    """What a `.loom` file holds. It changes only through `apply`; observers hear of each patch after it is made."""

    def __init__(
        self,
        graph: Graph | None = None,
        training: Training | None = None,
        positions: Mapping[str, Point] | None = None,
        view: View | None = None,
    ) -> None:
        self.graph = graph or Graph()
        self.training = training or Training()
        seen = view or View()
        self._view: dict[Table, dict[Any, Any]] = {
            "position": dict(seen.positions if positions is None else positions),
            "collapsed": dict(seen.collapsed),
            "comment": dict(seen.comments),
            "bend": dict(seen.bends),
            "remark": dict(seen.remarks),
            "bookmark": dict(seen.bookmarks),
            "direction": dict(seen.directions),
        }
        self.observers: list[Callable[[Patch], None]] = []

    @property
    def positions(self) -> Mapping[str, Point]:
        """Top left corners of nodes in scene units; a node that was never placed is missing."""
        return MappingProxyType(self._view["position"])

    @property
    def collapsed(self) -> Mapping[str, bool]:
        """The nodes of which only the header is shown."""
        return MappingProxyType(self._view["collapsed"])

    @property
    def comments(self) -> Mapping[str, str]:
        """What a person wrote to nodes."""
        return MappingProxyType(self._view["comment"])

    @property
    def bends(self) -> Mapping[Slot, tuple[Point, ...]]:
        """The places that wires are led through, from the source on, by the slot that the wire fills."""
        return MappingProxyType(self._view["bend"])

    @property
    def remarks(self) -> Mapping[str, Remark]:
        """Frames and notes of all levels by id."""
        return MappingProxyType(self._view["remark"])

    @property
    def bookmarks(self) -> Mapping[str, Bookmark]:
        """Places to come back to, by the digit of their key."""
        return MappingProxyType(self._view["bookmark"])

    @property
    def directions(self) -> Mapping[str, Direction]:
        """The levels that are not drawn from left to right."""
        return MappingProxyType(self._view["direction"])

    def table(self, name: Table) -> MappingProxyType[Any, Any]:
        """All records of one table, as a patch names them."""
        if name == "training":
            return MappingProxyType({name: self.training})
        graph = self.graph
        of_graph: Mapping[str, Mapping[Any, Any]] = {"node": graph.nodes, "wire": graph.wires, "block": graph.blocks}
        return MappingProxyType(of_graph[name] if name in of_graph else self._view[name])

    def apply(self, patch: Patch) -> Patch:
        """Make a whole patch or nothing; GraphError says what does not fit.

        The patch as it was made: what is removed takes what hangs on it along, whether the patch says so or not.
        """
        patch = self._completed(patch)
        own = [change for change in patch.changes if change.table in VIEW or change.table == "training"]
        if len({(change.table, change.key) for change in own}) < len(own):
            raise GraphError("This edit names the same thing twice, so it could not be undone.")
        for change in own:
            if self._record(change) != change.old:
                raise GraphError(
                    f"The document has changed: {change.table} {change.key!r} is not what this edit expects."
                )
            excess = out_of_bounds(change.new)
            if excess:
                raise GraphError(f"That would be {excess}.")
        self._refuse_too_many(own)
        edits = [change for change in patch.changes if change.table not in VIEW and change.table != "training"]
        self.graph.apply(edits)
        lost = next((change for change in own if change.new is not None and self._is_lost(change)), None)
        if lost is not None:
            self.graph.apply(change.inverse() for change in reversed(edits))
            what = "node" if lost.table in OF_NODES else "wire into" if lost.table == "bend" else "block for"
            raise GraphError(f"There is no {what} {lost.key!r} to give a {lost.table} to.")
        for change in own:
            self._write(change)
        for observer in tuple(self.observers):
            observer(patch)
        return patch

    def _refuse_too_many(self, changes: Iterable[Change]) -> None:
        more = sum((c.new is not None) - (c.old is not None) for c in changes if c.table == "remark")
        excess = too_many(len(self.remarks) + more) if more > 0 else ""
        if excess:
            raise GraphError(f"That would be {excess}. Delete some, or write more into one.")

    def _completed(self, patch: Patch) -> Patch:
        gone = [change for change in patch.changes if change.table in ("node", "wire", "block") and _is_gone(change)]
        if not gone:
            return patch
        told = {(change.table, change.key) for change in patch.changes if change.table in VIEW}
        left = [change for lost in gone for change in self._hanging(lost) if (change.table, change.key) not in told]
        return Patch(patch.label, (*patch.changes, *left)) if left else patch

    def _hanging(self, gone: Change) -> Iterator[Change]:
        """The records of the view that go with a node, a wire or a definition."""
        if gone.table == "block":
            inner = [key for key, remark in self.remarks.items() if remark.parent == gone.key]
            yield from (Change("remark", key, self.remarks[key], None) for key in inner)
        tables: Mapping[str, tuple[Table, ...]] = {"node": OF_NODES, "wire": ("bend",), "block": ("direction",)}
        for table in tables[gone.table]:
            if gone.key in self._view[table]:
                yield Change(table, gone.key, self._view[table][gone.key], None)

    def _is_lost(self, change: Change) -> bool:
        """Whether what a record of the view hangs on is not there."""
        if change.table in OF_NODES:
            return change.key not in self.graph.nodes
        if change.table == "bend":
            return change.key not in self.graph.wires
        level = {"remark": getattr(change.new, "parent", ""), "direction": change.key}.get(change.table, "")
        return bool(level) and level not in self.graph.blocks

    def _record(self, change: Change) -> Any:
        return self.training if change.table == "training" else self._view[change.table].get(change.key)

    def _write(self, change: Change) -> None:
        if change.table == "training":
            self.training = change.new
        elif change.new is None:
            del self._view[change.table][change.key]
        else:
            self._view[change.table][change.key] = change.new


def _is_gone(change: Change) -> bool:
    """Whether a record goes; a wire also does where one from another node takes its slot."""
    if change.table == "wire" and change.old and change.new:
        return bool(change.old.source != change.new.source)
    return change.new is None
