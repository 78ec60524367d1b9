"""What stands where: boxes by key in cells of the plane, so that a look around stays short."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Generic, TypeVar

CELL = 512.0
MOST_CELLS = 400
"""A box over more cells stands in none, and is looked at every time: few are so large."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

Key = TypeVar("Key")


class Ground(Generic[Key]):
    """The places that are taken. Boxes that only share an edge do not touch."""

    def __init__(self) -> None:
        self._boxes: dict[Key, Box] = {}
        self._cells: dict[tuple[int, int], dict[Key, Box]] = {}
        self._large: dict[Key, Box] = {}
        self._extent: Box | None = None

    def __contains__(self, key: Key) -> bool:
        return key in self._boxes

    def put(self, key: Key, box: Box) -> None:
        """Take a place, or another one than before."""
        old = self._boxes.get(key)
        if old == box:
            return
        if old is not None:
            self.drop(key)
        self._boxes[key] = box
        if _count(box) > MOST_CELLS:
            self._large[key] = box
        else:
            for cell in _cells(box):
                self._cells.setdefault(cell, {})[key] = box
        if self._extent is not None:
            self._extent = united((self._extent, box))

    def drop(self, key: Key) -> None:
        """Give a place back."""
        box = self._boxes.pop(key, None)
        if box is None:
            return
        if self._large.pop(key, None) is None:
            for cell in _cells(box):
                del self._cells[cell][key]
        if self._extent is not None and any(one == other for one, other in zip(box, self._extent, strict=True)):
            self._extent = None

    def touching(self, area: Box) -> Iterator[Key]:
        """What touches an area, each once."""
        left, top, right, bottom = area
        seen: set[Key] = set()
        for boxes in self._around(area):
            for key, box in boxes.items():
                if box[0] < right and left < box[2] and box[1] < bottom and top < box[3] and key not in seen:
                    seen.add(key)
                    yield key

    def _around(self, area: Box) -> Iterator[dict[Key, Box]]:
        """What stands in the cells of an area; everything where that is less than the cells."""
        if _count(area) > len(self._boxes):
            yield self._boxes
            return
        yield self._large
        for cell in _cells(area):
            if cell in self._cells:
                yield self._cells[cell]

    def box(self, key: Key) -> Box:
        """Where something stands."""
        return self._boxes[key]

    def extent(self) -> Box | None:
        """The box around everything; None where there is nothing."""
        if self._extent is None:
            self._extent = united(self._boxes.values())
        return self._extent if self._boxes else None


def united(boxes: Iterable[Box]) -> Box | None:
    """The box around all of them; None where there are none."""
    edges = list(zip(*boxes, strict=True))
    return (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])) if edges else None


def _count(box: Box) -> float:
    """How many cells a box lies over."""
    return ((box[2] - box[0]) // CELL + 1) * ((box[3] - box[1]) // CELL + 1)


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    columns = range(int(box[0] // CELL), int(box[2] // CELL) + 1)
    return product(columns, range(int(box[1] // CELL), int(box[3] // CELL) + 1))
