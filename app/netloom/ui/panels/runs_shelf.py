"""All runs of the store in memory: found by words and filters, and kept in an order. Knows no Qt."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from netloom.runs import RunLine
from netloom.runs.record import LIVE
from netloom.ui.panels.run_cells import COLUMNS, SLOW, STARTED, ranks

Found = tuple[RunLine, str]
"""A run, and everything by which it is found."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which runs are wanted: words that all occur, a state, a graph by its fingerprint; each "" for any."""

    text: str = ""
    state: str = ""
    graph: str = ""
    pinned: bool = False
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether all runs but the hidden ones are wanted."""
        return self == Wish()


class Shelf:
    """Finding is one pass over the runs in their order; the order is made anew only when they or the column change."""

    def __init__(self, lines: Iterable[RunLine] = ()) -> None:
        self._lines: dict[str, Found] = {line.id: (line, _words(line)) for line in lines}
        self.column, self.falls = STARTED, COLUMNS[STARTED].falls
        self._keys: dict[int, dict[str, Any]] = {}
        self._order: tuple[list[Found], list[Found]] | None = None
        self._ordered()
        for column in SLOW:
            self._made_keys(column)

    def __len__(self) -> int:
        return len(self._lines)

    def get(self, key: str) -> RunLine | None:
        """The run with this id, if it is here."""
        found = self._lines.get(key)
        return found[0] if found else None

    @property
    def newest(self) -> int:
        """The number of the run that began last; 0 where there is none."""
        return max((line.number for line, _ in self._lines.values()), default=0)

    @property
    def live(self) -> Collection[int]:
        """The numbers of the runs that go on."""
        return [line.number for line, _ in self._lines.values() if line.state in LIVE]

    def put(self, lines: Iterable[RunLine]) -> None:
        """Add runs, or take over what has become of them."""
        for line in lines:
            old, new = self._lines.get(line.id), (line, _words(line))
            self._lines[line.id] = new
            before = self._keys.get(self.column, {}).get(line.id)
            for column, keys in self._keys.items():
                [keys[line.id]] = ranks(column, [line])
            stays = old is not None and _part(old[0]) == _part(line)
            if not stays or before is None or before != self._keys[self.column][line.id]:
                self._order = None
            elif self._order is not None and old is not None:
                part = self._order[line.is_hidden]
                part[next(place for place, found in enumerate(part) if found is old)] = new

    def drop(self, keys: Iterable[str]) -> None:
        """Let go of runs."""
        for key in keys:
            self._lines.pop(key, None)
            self._order = None

    def sort(self, column: int, *, falls: bool) -> None:
        """Order by a column from now on."""
        if (column, falls) != (self.column, self.falls):
            self.column, self.falls, self._order = column, falls, None

    def _ordered(self) -> tuple[list[Found], list[Found]]:
        """The runs in their order, live and pinned ones first: those that are shown, and those that are hidden."""
        if self._order is None:
            keys = self._keys.get(self.column) or self._made_keys(self.column)
            newest_first = list(reversed(self._lines))
            found = [self._lines[key] for key in sorted(newest_first, key=keys.__getitem__, reverse=self.falls)]
            if first := [each for each in found if each[0].is_pinned or each[0].state in LIVE]:
                first.sort(key=lambda each: each[0].state not in LIVE)
                names = {line.id for line, _ in first}
                found = first + [each for each in found if each[0].id not in names]
            self._order = (
                [each for each in found if not each[0].is_hidden],
                [each for each in found if each[0].is_hidden],
            )
        return self._order

    def _made_keys(self, column: int) -> dict[str, Any]:
        """What the runs are sorted by in a column; kept, for it takes longer than the sorting."""
        lines = [line for line, _ in self._lines.values()]
        self._keys[column] = dict(zip(self._lines, ranks(column, lines), strict=True))
        return self._keys[column]

    def found(self, wish: Wish) -> list[RunLine]:
        """The runs that are wanted, in their order."""
        found = self._ordered()[wish.hidden]
        if wish.pinned:
            found = [each for each in found if each[0].is_pinned]
        if wish.state:
            found = [each for each in found if each[0].state == wish.state]
        if wish.graph:
            found = [each for each in found if each[0].fingerprint == wish.graph]
        for word in wish.text.lower().split():
            found = [each for each in found if word in each[1]]
        return [line for line, _ in found]


def _part(line: RunLine) -> tuple[bool, bool, bool]:
    """What decides beside the column where a run stands."""
    return line.is_pinned, line.is_hidden, line.state in LIVE


def _words(line: RunLine) -> str:
    """Everything by which a run is found."""
    return f"{line.name} {line.id} {' '.join(line.tags)} {line.notes} {line.about} {line.device} {line.state}".lower()
