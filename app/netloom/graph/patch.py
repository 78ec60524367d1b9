"""Patches: the only way in which a document changes. Each knows its inverse."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Table: TypeAlias = Literal[
    "node",
    "wire",
    "block",
    "training",
    "position",
    "collapsed",
    "comment",
    "bend",
    "remark",
    "bookmark",
    "direction",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One record of one table, before and after; None where it does not exist."""

    table: Table
    key: Any
    old: Any
    new: Any

    def inverse(self) -> "Change":
        """The change that takes this one back."""
        return Change(self.table, self.key, self.new, self.old)


@dataclass(frozen=True, slots=True)
class Patch:
    """What one gesture does, named for the undo menu."""

    label: str
    changes: tuple[Change, ...]

    def inverse(self) -> "Patch":
        """The patch that takes this one back."""
        return Patch(self.label, tuple(change.inverse() for change in reversed(self.changes)))

    def then(self, other: "Patch") -> "Patch":
        """Both as one step; records that end as they began fall out."""
        return Patch(self.label, tuple(_merged((*self.changes, *other.changes))))

    def __bool__(self) -> bool:
        return bool(self.changes)


def _merged(changes: Iterable[Change]) -> Iterable[Change]:
    merged: dict[tuple[str, Any], Change] = {}
    for change in changes:
        first = merged.pop((change.table, change.key), None)
        old = change.old if first is None else first.old
        merged[change.table, change.key] = Change(change.table, change.key, old, change.new)
    return (change for change in merged.values() if change.old != change.new)
