"""All runs of the store in memory: found by words and filters, and kept in an order. Knows no Qt."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from netloom.runs import RunLine
from netloom.runs.record import LIVE
from netloom.ui.panels.run_cells import COLUMNS, STARTED, ranks

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
        self._order: tuple[Sequence[Found], Sequence[Found]] | None = None
        self._ordered()

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
            self._lines[line.id] = (line, _words(line))
            self._order = None

    def drop(self, keys: Iterable[str]) -> None:
        """Let go of runs."""
        for key in keys:
            self._lines.pop(key, None)
            self._order = None

    def sort(self, column: int, *, falls: bool) -> None:
        """Order by a column from now on."""
        if (column, falls) != (self.column, self.falls):
            self.column, self.falls, self._order = column, falls, None

    def _ordered(self) -> tuple[Sequence[Found], Sequence[Found]]:
        """The runs in their order, pinned ones first: those that are shown, and those that are hidden."""
        if self._order is None:
            newest_first = sorted(self._lines.values(), key=lambda found: found[0].number, reverse=True)
            keys = ranks(self.column, [line for line, _ in newest_first])
            places = sorted(range(len(keys)), key=keys.__getitem__, reverse=self.falls)
            found = [newest_first[place] for place in places]
            found.sort(key=lambda each: not each[0].is_pinned)
            self._order = (
                [each for each in found if not each[0].is_hidden],
                [each for each in found if each[0].is_hidden],
            )
        return self._order

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


def _words(line: RunLine) -> str:
    """Everything by which a run is found."""
    return f"{line.name} {line.id} {' '.join(line.tags)} {line.notes} {line.about} {line.device} {line.state}".lower()
